"""What of a thread a fold marks by place: the items of summaries, and the thread's own lines."""

from zlib import crc32

import pytest

from domain.history.rows import LinePlace
from tests.domain.history_lines import AGENT, THOUGHT, search, start, user
from tests.domain.memory_turns import FoldedLog, Handing
from tests.home import event, meta


@pytest.mark.parametrize("handing", Handing)
@pytest.mark.parametrize(
    ("lines", "positions"),
    [
        ((), (None, None)),
        ((search(), THOUGHT), (None, None)),
        ((user(), user()), (0, None)),
        ((AGENT, AGENT), (None, 1)),
        ((AGENT, user(), AGENT, user()), (1, 2)),
        ((AGENT, event("agent_message", message="", phase="final_answer")), (None, 0)),
        ((user(), AGENT, search("item-1")), (None, 1)),
        ((user(), user(), AGENT, search("item-1")), (1, 2)),
        ((user(), AGENT, AGENT, search("item-3")), (0, 1)),
        ((AGENT, AGENT, search("item-2")), (None, 0)),
        ((user(), AGENT, search("item-2")), (0, None)),
        ((user(), AGENT, AGENT, search("item-2")), (0, 2)),
        ((user(), AGENT, search("item-2"), AGENT), (0, 2)),
        ((user(), search("item-1"), AGENT, user()), (2, 1)),
        ((THOUGHT, AGENT, search("item-1")), (None, 1)),
    ],
)
def test_a_summary_is_the_first_user_message_and_the_last_agent_message(
    handing: Handing, lines: tuple[bytes, ...], positions: tuple[int | None, int | None]
) -> None:
    log = FoldedLog(handing)
    log.add(start(), *lines)
    row = log.rows()[0]
    assert (row.summary_first, row.summary_second) == positions


# -- the thread's own lines -------------------------------------------------------------------

OTHER = "0196f0aa-0000-7000-8000-00000000000f"


@pytest.mark.parametrize("handing", Handing)
def test_the_first_meta_names_the_thread_and_the_last_of_its_id_restates_it(handing: Handing) -> None:
    log = FoldedLog(handing)
    first, git, other, last = (meta(), meta(git={"branch": "b"}), meta(id=OTHER, git={}), meta(cwd="/"))
    places = [
        LinePlace(at, len(raw), crc32(raw))
        for at, raw in zip(log.add(first, git, other, last), (first, git, other, last), strict=True)
    ]
    head = log.head
    assert head.thread_id == "0196f0aa-0000-7000-8000-000000000001"
    assert (head.first_meta, head.git_meta, head.meta) == (places[0], places[1], places[3])


def test_a_thread_is_named_by_its_plain_id() -> None:
    log = FoldedLog()
    log.add(b"damage\n", meta(id=f"{{{OTHER.upper()}}}"), meta(id=OTHER.replace("-", ""), cwd="/"))
    assert log.head.thread_id == OTHER
    assert log.head.meta != log.head.first_meta


def test_a_log_without_a_readable_meta_names_no_thread() -> None:
    log = FoldedLog()
    log.add(meta(id="nonsense"), meta(source=None), meta()[:50] + b"\n", user())
    assert (log.head.thread_id, log.head.meta) == (None, None)
