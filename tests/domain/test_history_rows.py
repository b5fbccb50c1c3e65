"""The numbers that rows hold: an index written yesterday is read with them today."""

from domain.history.rows import Dialect, HistoryHead, ItemKind, TurnStatus


def test_the_numbers_of_statuses_do_not_change() -> None:
    assert {status.name: int(status) for status in TurnStatus} == {
        "IN_PROGRESS": 0,
        "COMPLETED": 1,
        "INTERRUPTED": 2,
        "FAILED": 3,
    }


def test_the_numbers_of_kinds_do_not_change() -> None:
    assert [kind.name for kind in sorted(ItemKind)] == [
        "USER_MESSAGE",
        "HOOK_PROMPT",
        "AGENT_MESSAGE",
        "PLAN",
        "REASONING",
        "FILE_CHANGE",
        "MCP_TOOL_CALL",
        "WEB_SEARCH",
        "IMAGE_GENERATION",
        "ENTERED_REVIEW_MODE",
        "EXITED_REVIEW_MODE",
        "CONTEXT_COMPACTION",
        "SAID_BY_USER",
        "FINAL_ANSWER",
        "COMMENTARY",
        "SAID_WITHOUT_PHASE",
        "OTHER",
    ]
    assert sorted(map(int, ItemKind)) == [*range(1, 13), *range(32, 37)]


def test_the_numbers_of_dialects_do_not_change() -> None:
    assert {dialect.name: int(dialect) for dialect in Dialect} == {
        "LEGACY": 0,
        "PAGINATED": 1,
        "UNKNOWN": 2,
    }


def test_a_new_history_begins_with_turn_0_and_item_1() -> None:
    head = HistoryHead()
    assert (head.next_seq, head.next_number, head.item_count, head.is_open) == (0, 1, 0, False)
    assert (head.kept, head.kept_to, head.damaged_count) == (0, 0, 0)
    assert (head.dialect, head.last_ordinal, head.unborn) == (Dialect.LEGACY, -1, 0)
    assert (head.thread_id, head.first_meta, head.meta, head.git_meta) == (None,) * 4
