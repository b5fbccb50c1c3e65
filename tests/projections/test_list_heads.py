"""What the list shows of a thread comes from the beginning of its log, an unfinished last line included."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rollout import scan
from tests.home import THREAD, event, item, meta
from tests.projections.listing import ListedHome, goal, says
from tests.projections.sample import SAMPLE, thread

MARK = "## My request for Codex:"


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Iterator[ListedHome]:
    home = ListedHome(tmp_path)
    yield home
    home.close()


# -- previews ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([says("first"), says("second")], "first"),
        ([says(" \u3000first\n")], "first"),
        ([says("x" * 4_000)], "x" * 4_000),
        ([says(""), says("  \n"), says("third")], "third"),
        ([says(f"context\n{MARK} do it {MARK} twice")], f"do it {MARK} twice"),
        ([says(f"context {MARK}  "), says("then")], "then"),
        ([says("## my request for codex: x")], "## my request for codex: x"),
        ([says("", images=["data:"])], "[Image]"),
        ([says(" ", local_images=["/a.png"]), says("text")], "[Image]"),
        ([says("text", images=["data:"])], "text"),
        ([says("", images=[], local_images=[]), says("text")], "text"),
        ([goal("  the goal\n"), says("text")], "the goal"),
        ([goal("  "), says("text")], "text"),
        ([says("text"), goal("the goal")], "text"),
        ([goal("one"), goal("two")], "one"),
        ([event("agent_message", message="agent"), says("user")], "user"),
        ([item("message", role="user", content=[{"type": "input_text", "text": "no"}]), says("yes")], "yes"),
        ([b"{torn\n", b"\xff\n", b"\n", says("after damage")], "after damage"),
        ([says("\x1f kept \x1f")], "\x1f kept \x1f"),
    ],
)
def test_the_preview_is_the_first_that_the_user_said_or_wants(
    home: ListedHome, lines: list[bytes], expected: str
) -> None:
    home.write([meta(), *lines])
    assert home.preview() == expected
    home.write([*lines, meta()])
    assert home.preview() == expected


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [b"\n", b"garbage\n"],
        [meta()],
        [says("no meta")],
        [meta(), says("")],
        [meta(), goal(" ")],
        [meta(), event("agent_message", message="agent")],
        [meta(id="not a uuid"), says("text")],
        [meta(source=3), says("text")],
        [meta(), event("user_message", text="no message")],
        [meta(), goal("x", status="unknown")],
    ],
)
def test_without_a_meta_or_a_preview_a_thread_is_not_listed(home: ListedHome, lines: list[bytes]) -> None:
    home.write(lines)
    assert home.preview() is None
    assert home.reconcile() == 0


def test_a_meta_and_a_preview_are_found_however_late(home: ListedHome) -> None:
    filler = [event("agent_message", message="x" * 300)] * 1000
    home.write([*filler, meta(), *filler, says("late")])
    assert home.preview() == "late"


def test_the_first_meta_counts(home: ListedHome) -> None:
    home.write([meta(cwd="/first"), meta(thread(5), cwd="/second"), says("text"), meta(cwd="/third")])
    (row,) = home.rows()
    assert (row.thread_id, row.facts["cwd"]) == (str(THREAD), "/first")


def test_the_id_of_a_row_is_the_metas_and_its_order_the_names(home: ListedHome) -> None:
    home.write([meta(thread(5)), says("text")])
    (row,) = home.rows()
    assert (row.thread_id, row.name_id) == (str(thread(5)), THREAD)


def test_a_line_over_the_limit_costs_that_line(home: ListedHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "LINE_SIZE_MAX", 100_000)
    home.write([meta(), says("x" * 200_000), says("text")])
    assert home.preview() == "text"


# -- growth -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        SAMPLE[:4],
        (meta(), goal("goal"), says("", images=["x"]), says("text"), says("more")),
        (b"\n", says("", images=["x"]), b"junk\n", meta(), says("text")),
    ],
)
def test_a_file_read_byte_by_byte_has_the_row_of_one_that_is_new(
    home: ListedHome, lines: tuple[bytes, ...]
) -> None:
    data = b"".join(lines)
    home.write(b"")
    for cut in range(len(data) + 1):
        other = str(thread(1000 + cut)).encode()
        fresh = home.write(data[:cut].replace(str(THREAD).encode(), other), thread(1000 + cut))
        grown, new = home.preview(), home.preview(thread(1000 + cut))
        assert grown == new, data[:cut]
        fresh.unlink()
        home.append(data[cut : cut + 1])
    assert home.preview() is not None


def test_rows_of_grown_and_of_new_files_hold_the_same(home: ListedHome) -> None:
    lines = [meta(), says("", images=["x"]), goal("goal"), says("text"), *SAMPLE]
    for count in range(1, len(lines)):
        home.write(lines[:count], thread(count))
    home.reconcile()
    for count in range(1, len(lines)):
        home.append(b"".join(lines[count:]), thread(count))
    home.reconcile()
    columns = "preview, preview_is_text, first_text, meta, thread_id, is_listable, is_provisional"
    with home.store.writing() as cursor:
        found = cursor.execute(f"SELECT DISTINCT {columns} FROM thread").fetchall()
    assert [tuple(row)[:3] for row in found] == [("[Image]", 0, "text")]


# -- the last line ----------------------------------------------------------------------------


def test_a_last_line_without_line_feed_counts(home: ListedHome) -> None:
    home.write(meta() + says("text")[:-1])
    assert home.preview() == "text"
    assert home.reconcile() == 0
    home.append(b"\n")
    assert home.preview() == "text"
    home.append(says("more"))
    home.reconcile()
    assert home.counted.sliced == 0


def test_a_meta_without_line_feed_counts(home: ListedHome) -> None:
    home.write(says("text") + meta(cwd="/torn")[:-1])
    assert home.rows()[0].facts["cwd"] == "/torn"


def test_a_last_line_that_turns_into_garbage_counts_no_more(home: ListedHome) -> None:
    home.write(meta() + says("text")[:-1])
    assert home.preview() == "text"
    home.append(says("glued"))
    assert home.preview() is None
    home.append(says("whole"))
    assert home.preview() == "whole"


def test_a_last_line_that_is_cut_off_again_counts_no_more(home: ListedHome) -> None:
    home.write(meta() + says("text")[:-1])
    assert home.preview() == "text"
    home.write(meta() + says("text")[:-3])
    assert home.preview() is None


def test_a_tail_that_says_nothing_is_read_again_only_when_it_grew(home: ListedHome) -> None:
    home.write(meta() + b"\0" * 1000)
    assert home.preview() is None
    assert home.reconcile() == 0
    home.append(b"\n" + says("text"))
    assert home.preview() == "text"
