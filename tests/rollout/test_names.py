"""The last line of a thread names it; what was read once is not read again."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rollout import scan
from rollout.log import SEAM_WHOLE_SIZE
from rollout.names import NamesFile

THREAD = "0196f0aa-0000-7000-8000-000000000001"
OTHER = "0196f0aa-0000-7000-8000-000000000002"
TIME = "2026-05-01T10:00:00.123456789Z"

Reads = list[int]
Rewrite = Callable[[Path], object]


def entry(name: object, thread_id: object = THREAD, **more: object) -> bytes:
    """A line of the names file, without its line feed."""
    value = {"id": thread_id, "thread_name": name, "updated_at": TIME} | more
    return json.dumps(value, separators=(",", ":")).encode()


class Names:
    """A names file and somebody who reads it again and again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = NamesFile(path)

    def write(self, *lines: bytes) -> None:
        """Make these all the lines."""
        self.path.write_bytes(b"".join(raw + b"\n" for raw in lines))

    def append(self, data: bytes) -> None:
        """Add bytes."""
        with self.path.open("ab") as file:
            file.write(data)

    def name(self, thread_id: str = THREAD) -> str | None:
        """The name as of now."""
        self.file.refresh()
        return self.file.name_of(thread_id)

    def listed(self, preview: str = "", thread_id: str = THREAD) -> str | None:
        """The name that lists show as of now."""
        self.file.refresh()
        return self.file.listed_name_of(thread_id, preview)

    def both(self) -> tuple[str | None, str | None]:
        """The names of two threads as of now."""
        return self.name(THREAD), self.name(OTHER)


@pytest.fixture
def names(tmp_path: Path) -> Names:
    return Names(tmp_path / "session_index.jsonl")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """The sizes of what is read."""
    found: Reads = []
    pread = os.pread

    def note(descriptor: int, size: int, at: int) -> bytes:
        data = pread(descriptor, size, at)
        found.append(len(data))
        return data

    monkeypatch.setattr(os, "pread", note)
    return found


# -- which line counts ------------------------------------------------------------------------


def test_the_last_line_of_a_thread_names_it_whatever_its_time(names: Names) -> None:
    names.write(
        entry("older", updated_at="2026-05-02T10:00:00Z"),
        entry("of another", OTHER),
        entry("newer", updated_at="2026-05-01T10:00:00Z"),
    )
    assert names.both() == ("newer", "of another")
    assert names.name("0196f0aa-0000-7000-8000-000000000003") is None


def test_a_name_is_read_as_it_is_written(names: Names) -> None:
    names.write(entry("  pädded \u2028 \x1b[31m\n "))
    assert names.name() == "  pädded \u2028 \x1b[31m\n "


def test_an_empty_last_name_is_no_name(names: Names) -> None:
    names.write(entry("named"), entry(""))
    assert names.name() is None


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u3000"])
def test_lists_show_the_last_name_that_is_not_blank(names: Names, blank: str) -> None:
    names.write(entry("kept"), entry(blank), entry(blank, OTHER))
    assert names.listed() == "kept"
    assert names.listed(thread_id=OTHER) is None


def test_lists_show_names_trimmed(names: Names) -> None:
    names.write(entry(" \u3000 padded \x1f "))
    assert names.listed() == "padded \x1f"


@pytest.mark.parametrize(("name", "preview"), [("same", "same"), (" same ", "same"), ("same", " same\n")])
def test_lists_hide_a_name_that_is_the_preview(names: Names, name: str, preview: str) -> None:
    names.write(entry("before"), entry(name))
    assert names.listed(preview) is None
    assert names.listed(preview + " more") == "same"
    assert names.name() == name


@pytest.mark.parametrize(
    "written", [THREAD.upper(), THREAD.replace("-", ""), f"{{{THREAD}}}", f"urn:uuid:{THREAD}"]
)
def test_an_id_may_be_written_in_any_of_its_forms(names: Names, written: str) -> None:
    names.write(entry("named", written))
    assert names.name() == "named"


def test_fields_that_are_not_known_and_odd_times_do_no_harm(names: Names) -> None:
    names.write(entry("named", updated_at="whenever", more={"deep": [1]}))
    assert names.name() == "named"


# -- damage -----------------------------------------------------------------------------------

DAMAGED = (
    b"",
    b"  \t",
    b"garbage",
    b"{torn",
    b"null",
    b"[]",
    b"{}",
    b"\0" * 40,
    b"\xff" + entry("bad"),
    entry("bad").replace(b"bad", b"b\xffd"),
    entry("bad") + entry("bad"),
    b"x" + entry("bad"),
    entry("bad").replace(b"bad", b"\\ud83d"),
    entry("bad", "not-a-uuid"),
    entry("bad", None),
    entry("bad", 5),
    entry(None),
    entry(5),
    entry(["bad"]),
    entry("bad", updated_at=None),
    entry("bad", updated_at=1777629600),
    json.dumps({"id": THREAD, "thread_name": "bad"}).encode(),
    json.dumps({"id": THREAD, "updated_at": TIME}).encode(),
    json.dumps({"thread_name": "bad", "updated_at": TIME}).encode(),
)


@pytest.mark.parametrize("damaged", DAMAGED)
def test_a_damaged_line_costs_that_line(names: Names, damaged: bytes) -> None:
    names.write(entry("named"), damaged, entry("other", OTHER))
    assert names.both() == ("named", "other")
    assert names.listed() == "named"


@pytest.mark.parametrize("damaged", DAMAGED)
def test_damage_behind_the_last_line_feed_costs_nothing(names: Names, damaged: bytes) -> None:
    names.write(entry("named"), entry("other", OTHER))
    names.append(damaged)
    assert names.both() == ("named", "other")


def test_lines_may_end_in_carriage_returns(names: Names) -> None:
    names.write(entry("named") + b"\r", b"\r", entry("other", OTHER) + b"\r")
    assert names.both() == ("named", "other")


def test_a_line_over_the_limit_costs_that_line(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "LINE_SIZE_MAX", 1000)
    monkeypatch.setattr(scan, "BLOCK_SIZE", 100)
    names.write(entry("named"), entry("x" * 300_000), entry("other", OTHER))
    assert names.both() == ("named", "other")


# -- growth -----------------------------------------------------------------------------------


def test_a_file_that_grows_byte_by_byte_is_read_as_a_whole_one_is(names: Names, tmp_path: Path) -> None:
    data = b"\n".join([entry("one"), entry("é", OTHER), b"junk", entry(""), entry(" "), entry("two"), b""])
    names.write()
    for cut in range(len(data) + 1):
        fresh = NamesFile(names.path)
        fresh.refresh()
        assert names.both() == (fresh.name_of(THREAD), fresh.name_of(OTHER))
        assert names.listed() == fresh.listed_name_of(THREAD, "")
        names.append(data[cut : cut + 1])
    assert names.both() == ("two", "é")


def test_a_last_line_without_line_feed_counts(names: Names) -> None:
    names.write(entry("first"))
    names.append(entry("last"))
    assert (names.name(), names.listed()) == ("last", "last")
    names.append(b"\n")
    assert (names.name(), names.listed()) == ("last", "last")


def test_a_last_line_that_turns_into_garbage_counts_no_more(names: Names) -> None:
    names.write(entry("first"))
    names.append(entry("last"))
    assert names.name() == "last"
    names.append(entry("glued", OTHER) + b"\n")
    assert names.both() == ("first", None)


def test_a_blank_last_line_without_line_feed_hides_no_name_from_lists(names: Names) -> None:
    names.write(entry("first"))
    names.append(entry("  "))
    assert names.listed() == "first"


def test_only_what_is_new_is_read(names: Names, reads: Reads) -> None:
    names.write(*(entry(f"name {number}") for number in range(5000)))
    assert names.name() == "name 4999"
    assert sum(reads) > 100_000
    reads.clear()
    names.append(entry("new") + b"\n")
    assert names.name() == "new"
    assert sum(reads) <= len(entry("new")) + 1 + 2 * SEAM_WHOLE_SIZE


def test_a_file_that_did_not_change_is_not_read(names: Names, reads: Reads) -> None:
    names.write(entry("named"))
    assert names.name() == "named"
    reads.clear()
    assert names.name() == "named"
    assert reads == []


# -- files that are others --------------------------------------------------------------------


def replace(path: Path, data: bytes) -> None:
    """Another file in its place."""
    (path.parent / "new").write_bytes(data)
    (path.parent / "new").replace(path)


LONG = b"".join(entry("a long one", OTHER) + b"\n" for _ in range(9))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        entry("now") + b"\n",
        entry("now") + b"\n" + entry("short", OTHER) + b"\n",
        entry("now!!") + b"\n" + LONG,
        entry("now") + b"\n" + LONG + LONG,
    ],
    ids=["empty", "shorter", "a bit shorter", "of the same length", "longer"],
)
@pytest.mark.parametrize("rewrite", [Path.write_bytes, replace])
def test_a_file_that_was_replaced_or_rewritten_is_read_anew(
    names: Names, rewrite: Callable[[Path, bytes], object], data: bytes
) -> None:
    names.path.write_bytes(entry("first") + b"\n" + LONG)
    assert names.both() == ("first", "a long one")
    rewrite(names.path, data)
    os.utime(names.path, (1, 1))  # whatever the clock of the file system counts in
    fresh = NamesFile(names.path)
    fresh.refresh()
    assert names.both() == (fresh.name_of(THREAD), fresh.name_of(OTHER))


def test_a_file_that_was_cut_is_read_anew(names: Names) -> None:
    names.write(entry("first"), entry("last"))
    assert names.name() == "last"
    os.truncate(names.path, len(entry("first")) + 1)
    assert names.name() == "first"


MISSING: dict[str, Rewrite] = {
    "gone": lambda path: None,
    "a folder": Path.mkdir,
    "a FIFO": os.mkfifo,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
}


@pytest.mark.parametrize("make", MISSING.values(), ids=MISSING.keys())
def test_without_a_file_there_are_no_names_until_there_is_one(names: Names, make: Rewrite) -> None:
    names.write(entry("named"))
    names.append(entry("other", OTHER))
    assert names.both() == ("named", "other")
    names.path.rename(names.path.with_name("aside"))
    make(names.path)
    assert names.both() == (None, None)
    assert names.listed() is None
    if names.path.is_dir():
        names.path.rmdir()
    names.path.with_name("aside").replace(names.path)
    assert names.both() == ("named", "other")


@pytest.mark.parametrize("call", ["open", "pread"])
def test_a_file_that_cannot_be_read_names_nothing(
    names: Names, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    names.write(entry("named"))

    def fail(*arguments: object) -> object:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(os, call, fail)
        assert names.both() == (None, None)
    assert names.name() == "named"
