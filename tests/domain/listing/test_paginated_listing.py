"""What a list shows of a paginated thread, from the beginning of its log and of those it goes on from."""

import pytest

from domain.history.rows import Dialect
from domain.lines import PASSED_OVER
from domain.listing.listing import ListFacts, ListFold
from domain.log import LogSlice
from tests.domain.history_lines import user as legacy_user
from tests.domain.paginated_log import (
    Json,
    Numbered,
    agent,
    in_order,
    item,
    numbered,
    paginated_meta,
    start,
    tokens,
    user,
)
from tests.home import meta


def folded(*lines: bytes, passed_over: tuple[bytes, ...] = PASSED_OVER) -> ListFacts:
    """The facts of a log."""
    data = b"".join(lines)
    fold = ListFold(ListFacts(), passed_over)
    fold.feed(LogSlice(0, len(data), 1, data))
    return fold.facts


def facts_of(*lines: Numbered | bytes) -> ListFacts:
    """The facts of a paginated log, which are the same whether lines are parsed or passed over."""
    raws = (paginated_meta(), *in_order(lines))
    facts = folded(*raws)
    assert folded(*raws, passed_over=()) == facts
    return facts


def said(*parts: Json) -> Numbered:
    """A user message of these parts."""
    return item("UserMessage", "u", "t", content=list(parts))


def text(told: str) -> Json:
    """A text."""
    return {"type": "text", "text": told}


IMAGE = {"type": "image", "image_url": "u"}
STORED_IMAGE = {"type": "image", "file_id": "f"}
LOCAL_IMAGE = {"type": "local_image", "path": "/p"}
SOUND = {"type": "audio", "audio_url": "a"}
GOAL = numbered("thread_goal_updated", goal={"objective": " the goal "})

PREVIEWS: dict[str, tuple[list[Numbered | bytes], str | None]] = {
    "nothing": ([tokens, start()], None),
    "a message": ([start(), user(text="hello")], "hello"),
    "the first of two": ([user(text="one"), user("v", text="two")], "one"),
    "of no turn": ([user("u", "nowhere", "early")], "early"),
    "texts joined": ([said(text("one"), IMAGE, text("two"))], "onetwo"),
    "trimmed": ([user(text=" \n x\t")], "x"),
    "behind the editor's context": ([user(text="## Tabs\n\n## My request for Codex:\n do it")], "do it"),
    "not blank": ([user(text=" \n"), user("v", text="real")], "real"),
    "images alone": ([said(IMAGE)], "[Image]"),
    "images of the disk alone": ([said(LOCAL_IMAGE)], "[Image]"),
    "images with a blank text": ([said(text(" "), STORED_IMAGE)], "[Image]"),
    "sounds alone": ([said(SOUND)], None),
    "an answer is none": ([agent(text="x")], None),
    "a goal": ([GOAL], "the goal"),
    "a goal before the message": ([GOAL, user(text="x")], "the goal"),
    "a message before the goal": ([user(text="x"), GOAL], "x"),
    "a legacy message": ([numbered("user_message", message="old")], "old"),
    "a legacy message of the wrong shape": ([numbered("user_message", message=5)], None),
    "a message that does not count": ([user(text="a")(0), user("v", text="b")(5)], "b"),
    "a message without an ordinal": ([legacy_user("a"), user(text="b")(7)], "b"),
    "hidden by what is passed over": ([tokens(9), user(text="a")(8), user("v", text="b")(10)], "b"),
    "of the wrong shape": ([item("UserMessage", "u", "t", content="x")], None),
}


@pytest.mark.parametrize(("lines", "preview"), PREVIEWS.values(), ids=PREVIEWS)
def test_the_preview_is_the_first_message_or_the_goal(
    lines: list[Numbered | bytes], preview: str | None
) -> None:
    facts = facts_of(*lines)
    assert facts.preview == preview
    assert facts.is_listed is (preview is not None)
    assert facts.dialect is Dialect.PAGINATED


def test_a_message_far_down_is_found() -> None:
    assert facts_of(*[tokens] * 500, user(text="deep")).preview == "deep"


def test_reading_ends_when_nothing_can_change() -> None:
    lines = (paginated_meta(), *in_order([start(), user(text="x"), user("v", text="y")]))
    facts = folded(*lines)
    assert (facts.is_complete, facts.end, facts.title) == (True, len(b"".join(lines[:3])), None)


def test_a_thread_that_begins_with_an_image_is_called_by_its_first_text() -> None:
    facts = facts_of(said(IMAGE), user("v", text="words"))
    assert (facts.preview, facts.title) == ("[Image]", "words")


def test_what_stands_before_the_head_shows_nothing() -> None:
    facts = folded(legacy_user("old"), paginated_meta(), user(text="new")(1))
    assert (facts.preview, facts.first_text, facts.begins_with_picture) == ("new", "new", False)


@pytest.mark.parametrize("fields", [{}, {"history_mode": "legacy"}])
def test_a_message_of_the_newer_kind_is_the_preview_of_a_legacy_thread_too(fields: Json) -> None:
    facts = folded(meta(**fields), agent(text="a")(1), user(text="newer")(1), legacy_user("older"))
    assert (facts.dialect, facts.preview) == (Dialect.LEGACY, "newer")


@pytest.mark.parametrize("mode", ["of the future", None, 5])
def test_a_thread_of_an_unknown_mode_is_not_listed(mode: object) -> None:
    facts = folded(legacy_user("old"), meta(history_mode=mode), user(text="new")(1))
    assert (facts.dialect, facts.is_listed, facts.is_complete) == (Dialect.UNKNOWN, False, True)


NEWER_FIELDS: list[Json] = [
    {"dynamic_tools": [{"type": "namespace", "name": "n", "description": "", "tools": []}]},
    {"dynamic_tools": "of the future"},
    {"thread_source": "automation"},
    {"thread_source": {"of": "the future"}},
    {"base_instructions": {"text": "t", "provenance": {"type": "model"}}},
    {"base_instructions": 5},
    {"memory_mode": {"of": "the future"}},
    {"context_window": {"window_id": "w"}, "account_scoped": True, "session_id": 5},
]


@pytest.mark.parametrize("mode", ["legacy", "paginated"])
@pytest.mark.parametrize("fields", NEWER_FIELDS)
def test_what_nobody_uses_of_a_newer_head_is_not_looked_at(fields: Json, mode: str) -> None:
    facts = folded(meta(history_mode=mode, **fields))
    assert facts.meta is not None
    assert "thread_source" not in facts.meta


def test_a_head_without_a_mode_may_have_newer_tools() -> None:
    assert folded(meta(**NEWER_FIELDS[0])).meta is not None
    assert folded(meta(**NEWER_FIELDS[1])).meta is None


@pytest.mark.parametrize("fields", [{"cwd": 5}, {"id": "x"}, {"git": 5}, {"history_base": {}}, {"source": 5}])
def test_what_is_used_of_a_newer_head_has_to_be_right(fields: Json) -> None:
    assert folded(meta(history_mode="paginated", **fields)).meta is None


# -- bases ------------------------------------------------------------------------------------


def with_base(base: list[bytes], own: list[bytes], floor: int = 10) -> ListFacts:
    """The facts of a log that goes on from a base."""
    fold = ListFold(ListFacts())
    before, after = b"".join(base), b"".join(own)
    fold.begin_log(-1, is_base=True)
    fold.feed(LogSlice(-len(before), 0, 1, before))
    fold.facts.end = 0
    fold.begin_log(floor, is_base=False)
    fold.feed(LogSlice(0, len(after), 1, after))
    return fold.facts


def test_the_preview_is_that_of_the_base_and_the_meta_that_of_the_log_itself() -> None:
    base = [paginated_meta(0, cwd="/base"), user(text="from the base")(1)]
    facts = with_base(base, [paginated_meta(10, cwd="/own"), user(text="own")(11)])
    assert facts.meta is not None
    assert (facts.meta["cwd"], facts.preview, facts.is_listed) == ("/own", "from the base", True)


def test_without_a_message_in_the_base_the_first_of_the_log_counts_from_its_floor_on() -> None:
    own = [paginated_meta(10), user(text="below")(9), user(text="at")(10), user(text="above")(11)]
    assert with_base([paginated_meta(0), tokens(1)], own).preview == "above"


def test_before_its_own_head_a_log_with_a_base_says_nothing() -> None:
    own = [user(text="lost")(11), paginated_meta(12), user(text="found")(13)]
    assert with_base([paginated_meta(0)], own).preview == "found"
