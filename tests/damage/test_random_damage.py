"""Files damaged at random: what is whole is served and kept, what is not does no harm.

THREADSTORE_LONG multiplies the files; each that fails names its number, so that
THREADSTORE_SEED and the number draw it again.
"""

import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random

from domain.damage.finding import DamageClass
from domain.errors import UnknownHistoryMode
from domain.lines import parse_at
from rollout.log import RolloutLog
from tests.crash.test_kills import seed
from tests.damage.random_damage import damaged, drawn_log, naive_strict_lines
from tests.damage.repairing import is_subsequence, repaired, states
from tests.damage.talk import thread_id, write
from tests.home import IndexedHome
from tests.properties.scale import times_longer

FILES = 100 * times_longer()
FILE = f"sessions/2026/05/01/rollout-2026-05-01T10-00-00-{thread_id()}.jsonl"
SLOWEST_S = 1.0
"""What no step may take of this thread's own time."""


def served_lines(path: Path) -> list[bytes]:
    """The lines that readers of the log are given and that count, without line feeds."""
    found, end = [], 0
    with RolloutLog().open(str(path)) as source:
        for piece in source.slices(0, 1):
            at = piece.start
            for raw in piece:
                found.append((at, raw.removesuffix(b"\n")))
                at += len(raw)
            end = piece.end
        found.append((end, source.tail(end)))
    lines = [(at, raw) for at, raw in found if parse_at(at, raw) is not None]
    return [raw.removeprefix(b"\xef\xbb\xbf") if at == 0 else raw for at, raw in lines]


def check_served(home: Path, data: bytes) -> None:
    """Every strict line is handed out, nothing else is; and the index answers about the file."""
    path = home / FILE
    assert served_lines(path) == naive_strict_lines(data)
    indexed = IndexedHome(home)
    try:
        with suppress(UnknownHistoryMode):
            indexed.turns(thread_id=thread_id())
    finally:
        indexed.close()


def check_repaired(home: Path, data: bytes) -> None:
    """A repair keeps every strict line, leaves nothing else, and has nothing to do a second time.

    A file without any record that could be had, or without any word, is left as it is.
    """
    outcome = repaired(home)
    (log,) = (name for name in states(home) if name.endswith(".jsonl"))
    after = (home / log).read_bytes()
    met = {each.damage for each in outcome.findings}
    assert DamageClass.REPAIR_FAILED not in met
    if DamageClass.NO_RECORDS in met or not data.strip():
        assert (after, naive_strict_lines(data)) == (data, [])
    else:
        lines = after.split(b"\n")
        assert lines.pop() == b""
        assert naive_strict_lines(after) == lines
        assert is_subsequence(naive_strict_lines(data), lines)
    settled = states(home)
    assert not repaired(home).is_changed
    assert states(home) == settled


def check(home: Path, data: bytes) -> None:
    """All that holds for a file, and that none of it takes long."""
    write(home, FILE, data)
    for step in (check_served, check_repaired):
        begun = time.thread_time()
        step(home, data)
        assert time.thread_time() - begun < SLOWEST_S, step.__name__


def test_whatever_happens_to_a_file_its_whole_lines_are_served_and_kept(tmp_path: Path) -> None:
    base, made = seed(), Counter[str]()
    for number in range(FILES):
        random = Random(f"{base} {number}")
        data, changes = damaged(random, drawn_log(random))
        home = tmp_path / str(number)
        home.mkdir()
        try:
            check(home, data)
        except Exception as failure:
            raise AssertionError(f"file {number} of seed {base}: {changes}") from failure
        made.update(changes)
    assert len(made) == 8
    if times_longer() > 1:
        sys.stderr.write(f"{FILES} files of seed {base}: {dict(made)}\n")
