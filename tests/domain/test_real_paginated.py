"""Real logs of the newer release, and recorded cases of one plain log, read by the fold alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from domain.history.rows import Dialect
from domain.lines import PASSED_OVER
from domain.views import ItemsView
from tests.domain.memory_turns import Handing
from tests.domain.paginated_log import PaginatedLog, all_rows
from tests.domain.paginated_model import counted, turns_of

Json = dict[str, Any]

DATA = Path(__file__).parents[1] / "data"
REAL = sorted((DATA / "real-0.169").glob("*.jsonl"))
CASES = sorted((DATA / "conformance" / "dialects").glob("*.json"))


def folded(raw: bytes, handing: Handing, passed_over: tuple[bytes, ...] = PASSED_OVER) -> PaginatedLog:
    """The log of these bytes; a last line without line feed is tried as one."""
    lines = raw.splitlines(keepends=True)
    tail = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
    log = PaginatedLog(handing, passed_over)
    log.add(*lines)
    at = len(log.data)
    log.data += tail
    if tail:
        log.fold.line(at, tail)
    return log


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem[-12:])
def test_a_real_log_gives_the_same_turns_in_every_handing_and_by_a_second_reader(path: Path) -> None:
    raw = path.read_bytes()
    lines = raw.splitlines(keepends=True)
    whole = folded(raw, Handing.WHOLE)
    rows = all_rows(whole)
    for handing in Handing:
        for passed_over in (PASSED_OVER, ()):
            assert all_rows(folded(raw, handing, passed_over))[:2] == rows[:2]
    assert whole.head.damaged_count == 0
    if whole.head.dialect is Dialect.PAGINATED:
        turns = whole.turns()
        assert turns
        assert [whole.turns(view) for view in ItemsView] == [
            turns_of(counted(lines), view) for view in ItemsView
        ]


def test_real_logs_are_of_both_dialects() -> None:
    dialects = {folded(path.read_bytes(), Handing.WHOLE).head.dialect for path in REAL}
    assert dialects == {Dialect.LEGACY, Dialect.PAGINATED}


def one_log_steps(path: Path) -> list[tuple[str, bytes, ItemsView, list[Json]]]:
    """The steps of a case that ask for all turns of a thread with one plain log that stays as it is."""
    case = json.loads(path.read_text())
    logs = {name: bytes_of(content) for name, content in case["home"].items()}
    if any("append" in step for step in case["steps"]):
        return []
    found = []
    for step in case["steps"]:
        params, told = step.get("params", {}), step.get("expect", {}).get("result", {})
        mine = [raw for name, raw in logs.items() if raw and params.get("threadId", "none") in name]
        turns = told.get("data") or told.get("thread", {}).get("turns")
        if len(mine) != 1 or b'"history_base"' in mine[0] or not turns or told.get("nextCursor"):
            continue
        if params.get("cursor") or not params.get("includeTurns", step["method"] == "thread/turns/list"):
            continue
        is_list = step["method"] == "thread/turns/list"
        view = ItemsView(params.get("itemsView") or "summary") if is_list else ItemsView.FULL
        ascending = turns[::-1] if is_list and params.get("sortDirection") != "asc" else turns
        found.append((params["threadId"], mine[0], view, ascending))
    return found


def bytes_of(content: Any) -> bytes:
    """A file of a case, if it is a plain log."""
    if isinstance(content, str):
        return content.encode()
    if not isinstance(content, list):
        return b""
    return b"".join(
        (value["raw"] if value.keys() == {"raw"} else json.dumps(value, separators=(",", ":"))).encode()
        + b"\n"
        for value in content
    )


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_recorded_turns_come_out_of_the_fold(path: Path) -> None:
    for thread_id, raw, view, turns in one_log_steps(path):
        for handing in (Handing.WHOLE, Handing.RELOADED):
            assert folded(raw, handing).turns(view) == turns, thread_id


def test_most_cases_concern_one_plain_log() -> None:
    assert sum(bool(one_log_steps(path)) for path in CASES) > 20
