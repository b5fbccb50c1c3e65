"""The index held against the log: what differs is told, and nothing else is."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from api.checking.index_check import Depth, IndexCheck
from projections.seal import break_seal
from rollout.finding.home import Home
from tests.api.lasting import path_of
from tests.damaged_index.answers import THREADS, fill, index_of, keep_index, make_home, put_back_index, turn
from tests.damaged_index.kinds import KINDS, damage


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home, one of its logs indexed in two parts, and beside it a copy of its index."""
    root = tmp_path_factory.mktemp("filled") / "home"
    make_home(root)
    asyncio.run(fill(root))
    with path_of(root, 1).open("ab") as file:
        file.write(turn("later") + b'{"half')
    asyncio.run(fill(root))
    keep_index(root)
    return root


@pytest.fixture
def home(filled: Path) -> Path:
    """This home, its index as the server left it; the logs are the same files for all tests."""
    put_back_index(filled)
    return filled


def found(home: Path, depth: Depth = Depth.FULL) -> tuple[list[tuple[str, str, str]], int]:
    """Class, file and note of each finding, and how many files were compared."""
    check = IndexCheck(Home.at(home), depth, lambda _: True)
    findings = [(each.damage.value, each.file.rpartition("/")[2], each.note) for each in check.findings()]
    return findings, check.compared


def edit(home: Path, statement: str) -> None:
    """Change rows of the index, as if they had been made so."""
    with closing(sqlite3.connect(index_of(home), isolation_level=None)) as connection:
        connection.create_function("searchable", 1, str)
        connection.execute(statement)
    break_seal(index_of(home))


@pytest.mark.parametrize("column", ["thread_id", "path"])
def test_what_no_index_holds_is_told_and_ends_nothing(home: Path, column: str) -> None:
    edit(home, f"UPDATE rollout_file SET {column} = x'ff00' WHERE file_id = 2")
    assert [damage_class for damage_class, _, _ in found(home)[0]] == ["index-damaged"]


@pytest.mark.parametrize("depth", [Depth.SAMPLE, Depth.FULL])
def test_an_index_that_a_server_left_is_clean(home: Path, depth: Depth) -> None:
    assert found(home, depth) == ([], THREADS)


def test_a_log_that_changed_since_is_passed_over(tmp_path: Path) -> None:
    home = tmp_path
    make_home(home)
    asyncio.run(fill(home))
    with path_of(home, 3).open("ab") as file:
        file.write(turn("new"))
    path_of(home, 4).unlink()
    assert found(home) == ([], THREADS - 2)


def test_there_is_nothing_to_say_of_no_index(home: Path) -> None:
    index_of(home).unlink()
    assert found(home) == ([], 0)


ROWS = {
    "turn": "UPDATE turn SET turn_id = 'other' WHERE file_id = 2 AND seq = 1",
    "item_line": "UPDATE item_line SET crc = crc + 1 WHERE file_id = 2 AND seq = 1 AND position = 0",
    "thread": "UPDATE thread SET preview = 'other' WHERE file_id = 2",
    "history": "UPDATE history SET seam = seam + 1 WHERE file_id = 2",
}


@pytest.mark.parametrize("table", ROWS)
def test_a_row_that_differs_from_the_log_is_told(home: Path, table: str) -> None:
    edit(home, ROWS[table])
    [(damage_class, file, note)], compared = found(home)
    assert damage_class == "index-differs"
    assert file.startswith("rollout-")
    assert note.endswith(f"(rows that differ: 2 of {table})")
    assert compared == THREADS


RULES = {
    "positions of lines have gaps": "UPDATE segment SET first_line = 2 WHERE first_position = 1",
    "lines without positions": "DELETE FROM segment WHERE first_position = 1",
    "positions were given twice": "UPDATE segment SET first_position = first_position - 1 "
    "WHERE first_position = (SELECT max(first_position) FROM segment)",
    "more is accounted for than there is": "UPDATE position SET next = 2",
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_is_broken_is_told(home: Path, rule: str) -> None:
    edit(home, RULES[rule])
    findings, _ = found(home)
    assert [note for _, file, note in findings if file == "index.sqlite" and f"({rule}: 1)" in note]


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"nothing", "missing", "read-only", "link to itself"}))
def test_a_damaged_index_is_told_and_left_as_it_is(home: Path, kind: str) -> None:
    damage(index_of(home), kind)
    before = index_of(home).read_bytes() if index_of(home).is_file() else b""
    findings, _ = found(home)
    harmless = {
        "garbage beside it",
        "garbage for shared memory",
        "garbage as its seal",
        "the seal of nothing",
    }
    told = {damage_class for damage_class, _, _ in findings}
    assert bool(told) == (kind not in harmless), findings
    assert (index_of(home).read_bytes() if index_of(home).is_file() else b"") == before
