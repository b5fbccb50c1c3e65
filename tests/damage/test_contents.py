"""Every kind of damage to a file's contents: what is found, what is had back, what is kept."""

from hashlib import sha256
from pathlib import Path

import pytest

from domain.damage.finding import Action, DamageClass
from domain.lines import parse
from rollout.damage.inspect import inspect_file
from rollout.finding.home import Home
from tests.damage.kinds import ASKED, CONTENTS, META, WHOLE, A, Kind, meta_with
from tests.damage.repairing import assert_faithful, findings_of, repaired, runs_of, states, sums
from tests.damage.talk import Talk, joined, thread_id, write


@pytest.mark.parametrize("kind", CONTENTS.values(), ids=CONTENTS)
def test_damage_is_found_by_its_kind_and_reading_changes_nothing(tmp_path: Path, kind: Kind) -> None:
    write(tmp_path, Talk().file, kind.data)
    before = states(tmp_path)
    findings = findings_of(tmp_path)
    assert {each.damage for each in findings} == kind.damages
    assert all(each.file == Talk().file and each.thread_id == Talk().id for each in findings)
    assert all(each.is_lossless for each in findings) == kind.is_lossless
    assert (kind.after is None) == all(each.action in {Action.NONE, Action.KEPT} for each in findings)
    assert states(tmp_path) == before
    assert not runs_of(tmp_path)


@pytest.mark.parametrize("kind", CONTENTS.values(), ids=CONTENTS)
def test_a_repair_brings_back_what_can_be_and_keeps_the_original(tmp_path: Path, kind: Kind) -> None:
    path = write(tmp_path, Talk().file, kind.data)
    outcome = repaired(tmp_path)
    after = path.read_bytes()
    if kind.after is None:
        assert after == kind.data
        assert not runs_of(tmp_path)
    else:
        lines = after.split(b"\n")[:-1]
        assert [parse(line) for line in lines] == [parse(line) for line in kind.after]
        assert_faithful(kind.data, after)
        assert sha256(kind.data).hexdigest() in sums(tmp_path / "repair")
        assert [each.size for each in outcome.originals] == [len(kind.data)]
    assert path.stat().st_mtime_ns == 1_747_900_000_123_456_789


@pytest.mark.parametrize("kind", CONTENTS.values(), ids=CONTENTS)
def test_a_second_repair_finds_nothing_to_do(tmp_path: Path, kind: Kind) -> None:
    write(tmp_path, Talk().file, kind.data)
    repaired(tmp_path)
    before, runs = states(tmp_path), runs_of(tmp_path)
    outcome = repaired(tmp_path)
    assert not outcome.is_changed
    assert states(tmp_path) == before
    assert runs_of(tmp_path) == runs


HEADLESS = {
    "missing": (joined(WHOLE[1:]), DamageClass.META_MISSING),
    "torn": (META[:100] + b"\n" + joined(WHOLE[1:]), DamageClass.META_MISSING),
    "zeros": (bytes(len(META)) + b"\n" + joined(WHOLE[1:]), DamageClass.META_MISSING),
    "no UUID": (joined([meta_with(id="none"), *WHOLE[1:]]), DamageClass.META_UNUSABLE),
    "no cwd": (joined([meta_with(cwd=None), *WHOLE[1:]]), DamageClass.META_UNUSABLE),
    "not first": (joined([*WHOLE[1:6], META, *WHOLE[6:]]), DamageClass.META_NOT_FIRST),
    "last": (joined([*WHOLE[1:], META]), DamageClass.META_NOT_FIRST),
    "of another thread": (
        joined([ASKED, meta_with(id=str(thread_id(9))), *WHOLE[2:]]),
        DamageClass.META_MISSING,
    ),
}


@pytest.mark.parametrize(("data", "damage"), HEADLESS.values(), ids=HEADLESS)
def test_a_head_is_put_before_everything_else(tmp_path: Path, data: bytes, damage: DamageClass) -> None:
    path = write(tmp_path, Talk().file, data)
    assert damage in {each.damage for each in findings_of(tmp_path)}
    repaired(tmp_path)
    after = path.read_bytes()
    assert_faithful(data, after)
    head = parse(after.split(b"\n")[0])
    assert head is not None
    assert (head["type"], head["payload"]["id"]) == ("session_meta", str(Talk().id))
    is_moved = damage is DamageClass.META_NOT_FIRST
    assert ("recovered_by" in head["payload"]) != is_moved
    assert not repaired(tmp_path).is_changed


def test_a_head_that_is_made_up_tells_what_the_file_still_tells(tmp_path: Path) -> None:
    torn = META[: META.index(b'"cli_version"') + 5]
    path = write(tmp_path, Talk().file, torn + b"\n" + joined(WHOLE[1:]))
    repaired(tmp_path)
    head = parse(path.read_bytes().split(b"\n")[0])
    assert head is not None
    assert head["payload"] == {
        "id": str(Talk().id),
        "timestamp": "2025-05-21T08:00:01.000Z",
        "cwd": "/srv/demo",
        "originator": "tests",
        "cli_version": "unknown",
        "recovered_by": "threadstore",
    }


def test_a_moved_head_of_a_paginated_log_has_no_ordinal_to_hide_others(tmp_path: Path) -> None:
    def numbered(line: bytes, ordinal: int) -> bytes:
        return line.replace(b'","type":', b'","ordinal":%d,"type":' % ordinal, 1)

    head = meta_with(history_mode="paginated")
    lines = [numbered(line, number) for number, line in enumerate([*WHOLE[1:], head])]
    path = write(tmp_path, Talk().file, joined(lines))
    repaired(tmp_path)
    first, *others = path.read_bytes().split(b"\n")[:-1]
    assert parse(first) == parse(head)
    assert others == lines
    assert {each.damage for each in findings_of(tmp_path)} <= {
        DamageClass.ORDINAL_TOO_LARGE,
        DamageClass.UNKNOWN_TYPE,
    }


EMPTY = {
    "no bytes": (b"", DamageClass.EMPTY_FILE),
    "white space": (b" \n\t\n\n", DamageClass.EMPTY_FILE),
    "zeros": (bytes(4096), DamageClass.NO_RECORDS),
    "a torn head": (META[:50], DamageClass.NO_RECORDS),
    "text": (b"hello\nworld\n", DamageClass.NO_RECORDS),
}


@pytest.mark.parametrize(("data", "damage"), EMPTY.values(), ids=EMPTY)
def test_a_file_without_a_record_is_told_of_and_left(
    tmp_path: Path, data: bytes, damage: DamageClass
) -> None:
    path = write(tmp_path, Talk().file, data)
    assert [each.damage for each in findings_of(tmp_path)] == [damage]
    assert not repaired(tmp_path).is_changed
    assert path.read_bytes() == data


def test_a_healthy_file_has_no_findings(tmp_path: Path) -> None:
    write(tmp_path, Talk().file, Talk().data())
    assert findings_of(tmp_path) == []


def test_no_finding_holds_text_of_a_file(tmp_path: Path) -> None:
    for number, kind in enumerate(CONTENTS.values(), 1):
        write(tmp_path, Talk(number).file, kind.data)
    notes = " ".join(each.note for each in findings_of(tmp_path))
    assert not any(word in notes for word in ("answer", "ask ", "HEAD", "data:", "brand_new", "/srv"))


def test_one_file_is_looked_at_by_its_path(tmp_path: Path) -> None:
    path = write(tmp_path, Talk().file, CONTENTS["torn"].data)
    home = Home.at(tmp_path)
    by_whole, by_part = list(inspect_file(home, str(path))), list(inspect_file(home, Talk().file))
    assert by_whole == by_part
    assert {each.damage for each in by_part} == CONTENTS["torn"].damages


def test_fragments_are_kept_one_by_one_and_no_stored_name_holds_an_id(tmp_path: Path) -> None:
    kind = CONTENTS["a record inside another"]
    write(tmp_path, Talk().file, kind.data)
    repaired(tmp_path)
    (run,) = runs_of(tmp_path)
    pieces = sorted(
        (tmp_path / "repair" / run / "quarantine").iterdir(), key=lambda path: path.stat().st_size
    )
    assert sorted(piece.read_bytes() for piece in pieces) == sorted([WHOLE[A - 1][:100], WHOLE[A - 1][100:]])
    names = [str(path.relative_to(tmp_path)) for path in (tmp_path / "repair").rglob("*")]
    assert not any(str(Talk().id) in name for name in names)


NAMES_ENTRY = b'{"id":"%b","thread_name":"%b","updated_at":"2025-05-21T08:00:00Z"}'


def test_the_file_of_names_is_repaired_too(tmp_path: Path) -> None:
    one, two, three = (
        NAMES_ENTRY % (str(thread_id(number)).encode(), b"name %d" % number) for number in (1, 2, 3)
    )
    data = (
        b"\xef\xbb\xbf"
        + one
        + b"\ngarbage\n"
        + two
        + three
        + b"\n"
        + one.replace(b'"name 1"', b'"\xff"')
        + b"\n"
        + two[:30]
    )
    path = write(tmp_path, "session_index.jsonl", data)
    repaired(tmp_path)
    assert path.read_bytes() == joined([one, two, three, one.replace(b"name 1", "\ufffd".encode())])
    assert not repaired(tmp_path).is_changed
