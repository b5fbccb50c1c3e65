"""Which items a turn gets: numbers, upserts, reasoning, routing (thread-history.md, section 3)."""

import pytest

from tests.domain.history_lines import (
    AGENT,
    ANSWER,
    COMPACTED,
    RAW_THOUGHT,
    THOUGHT,
    TOKENS,
    abort,
    end,
    hook,
    image,
    mcp,
    patch,
    plan,
    rollback,
    search,
    start,
    user,
)
from tests.domain.memory_turns import FoldedLog, Handing, told_in_every_handing
from tests.home import Json, event, item

REVIEW = event("entered_review_mode", target={"type": "uncommittedChanges"})
NUMBERED = {
    "user_message": user(),
    "agent_message": AGENT,
    "reasoning": THOUGHT,
    "context_compaction": event("context_compacted"),
    "entered_review_mode": REVIEW,
    "exited_review_mode": event("exited_review_mode"),
}
CALLS = {
    "plan": plan("c"),
    "file_change": patch("c"),
    "mcp_tool_call": mcp("c"),
    "web_search": search("c"),
    "image_generation": image("c"),
}
TRAILING = b'{"timestamp":"2026-05-01T10:00:00.000Z","type":"event_msg","payload":{"type":"agent_mess'


def told_in_turn(*lines: bytes) -> str:
    """The items of one explicit turn with these lines."""
    (told,) = told_in_every_handing(start("t"), *lines)
    return told.removeprefix("t in_progress: ")


@pytest.mark.parametrize(("kind", "line"), NUMBERED.items(), ids=NUMBERED)
def test_an_item_without_an_id_of_its_own_takes_the_next_number(kind: str, line: bytes) -> None:
    assert told_in_turn(AGENT, line, AGENT) == f"item-1 agent_message, item-2 {kind}, item-3 agent_message"


@pytest.mark.parametrize(("kind", "line"), CALLS.items(), ids=CALLS)
def test_an_item_with_an_id_of_its_own_takes_no_number(kind: str, line: bytes) -> None:
    assert told_in_turn(AGENT, line, AGENT) == f"item-1 agent_message, c {kind}, item-2 agent_message"


@pytest.mark.parametrize("later", CALLS, ids=CALLS)
@pytest.mark.parametrize("earlier", CALLS, ids=CALLS)
def test_an_id_again_replaces_the_item_in_place_whatever_it_was(earlier: str, later: str) -> None:
    assert told_in_turn(CALLS[earlier], AGENT, CALLS[later]) == f"c {later}, item-1 agent_message"


@pytest.mark.parametrize("kind", NUMBERED, ids=NUMBERED)
def test_an_id_that_looks_like_a_number_replaces_the_numbered_item_and_keeps_its_number(kind: str) -> None:
    lines = (AGENT, NUMBERED[kind], REVIEW, search("item-2"), AGENT)
    told = "item-1 agent_message, item-2 web_search, item-3 entered_review_mode, item-4 agent_message"
    assert told_in_turn(*lines) == told


@pytest.mark.parametrize("item_id", ["item-0", "item-02", "item-+2", "item-2 ", "item-3", "item-٢", "2", ""])
def test_an_id_that_only_resembles_a_number_is_another(item_id: str) -> None:
    told = f"item-1 agent_message, item-2 agent_message, {item_id} web_search"
    assert told_in_turn(AGENT, AGENT, search(item_id)) == told


def test_a_numbered_item_does_not_look_for_an_item_of_its_id() -> None:
    told = "item-1 web_search, item-1 agent_message"
    assert told_in_turn(search("item-1"), AGENT) == told


def test_the_first_of_two_items_with_one_id_is_replaced() -> None:
    named_first = (search("item-2"), AGENT, AGENT, mcp("item-2"))
    assert told_in_turn(*named_first) == "item-2 mcp_tool_call, item-1 agent_message, item-2 agent_message"
    numbered_first = (AGENT, hook("item-1"), search("item-1"))
    assert told_in_turn(*numbered_first) == "item-1 web_search, item-1 hook_prompt"


def test_numbers_go_on_behind_a_replaced_item() -> None:
    assert told_in_turn(AGENT, search("item-1"), search("item-1"), AGENT, mcp("item-2")) == (
        "item-1 web_search, item-2 mcp_tool_call"
    )


def test_an_id_is_looked_for_within_its_turn_alone() -> None:
    assert told_in_every_handing(start("a"), AGENT, search(), start("b"), search(), search("item-1")) == [
        "a in_progress: item-1 agent_message, c web_search",
        "b in_progress: c web_search, item-1 web_search",
    ]


def test_a_late_item_replaces_within_the_turn_that_it_names() -> None:
    lines = (start("a"), user(), AGENT, end("a"), start("b"), AGENT)
    assert told_in_every_handing(*lines, patch("item-2", turn_id="a"), plan("item-1", "a"), AGENT) == [
        "a completed: item-1 plan, item-2 file_change",
        "b in_progress: item-3 agent_message, item-4 agent_message",
    ]


def test_numbers_run_through_the_whole_thread() -> None:
    assert told_in_every_handing(start("a"), user(), AGENT, end("a"), user(), start("b"), AGENT) == [
        "a completed: item-1 user_message, item-2 agent_message",
        "rollout-4 completed: item-3 user_message",
        "b in_progress: item-4 agent_message",
    ]


def test_a_replacing_line_is_the_only_one_of_its_item() -> None:
    for handing in Handing:
        log = FoldedLog(handing)
        log.add(start(), THOUGHT, RAW_THOUGHT, AGENT, search("item-1", "first"), search("item-1", "second"))
        assert log.text_of(0, 0) == [search("item-1", "second")]
        assert log.text_of(0, 1) == [AGENT]


# -- reasoning --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "between",
    [
        (),
        (TOKENS,),
        (ANSWER,),
        (COMPACTED,),
        (event("agent_message", message=""),),
        (event("agent_reasoning", text=""),),
        (event("agent_reasoning_raw_content", text=""),),
        (plan(text=""),),
        (plan(turn_id="z"),),
        (patch(turn_id="z"),),
        (abort("t"),),
        (abort(),),
        (b"damage\n",),
        (TRAILING + b"\n",),
        (event("warning", message="w"),),
    ],
)
@pytest.mark.parametrize("more", [THOUGHT, RAW_THOUGHT])
def test_thoughts_join_those_right_before_them(between: tuple[bytes, ...], more: bytes) -> None:
    told = told_in_every_handing(start("t"), THOUGHT, *between, more, AGENT)[0]
    assert told.partition(": ")[2] == "item-1 reasoning +1, item-2 agent_message"


@pytest.mark.parametrize(
    "between", [*NUMBERED.values(), *CALLS.values(), hook()], ids=[*NUMBERED, *CALLS, "hook_prompt"]
)
def test_an_item_between_separates_thoughts(between: bytes) -> None:
    if between == THOUGHT:
        assert told_in_turn(THOUGHT, between, RAW_THOUGHT) == "item-1 reasoning +2"
    else:
        assert told_in_turn(THOUGHT, between, RAW_THOUGHT).count("reasoning") == 2


def test_a_replaced_earlier_item_does_not_separate_thoughts() -> None:
    told = "c web_search, item-1 reasoning +1"
    assert told_in_turn(mcp(), THOUGHT, search(), RAW_THOUGHT) == told
    assert told_in_turn(mcp(), THOUGHT, THOUGHT, search(), RAW_THOUGHT) == "c web_search, item-1 reasoning +2"


def test_thoughts_whose_item_was_replaced_are_not_joined() -> None:
    told = "item-1 web_search, item-2 reasoning +1"
    assert told_in_turn(THOUGHT, THOUGHT, search("item-1"), RAW_THOUGHT, THOUGHT) == told


def test_thoughts_behind_a_late_item_elsewhere_join_on() -> None:
    lines = (start("a"), start("b"), THOUGHT, patch(turn_id="a"), THOUGHT)
    assert told_in_every_handing(*lines) == [
        "a in_progress: c file_change",
        "b in_progress: item-1 reasoning +1",
    ]


def test_thoughts_of_another_turn_are_not_joined() -> None:
    assert told_in_every_handing(start("a"), THOUGHT, start("b"), THOUGHT) == [
        "a in_progress: item-1 reasoning",
        "b in_progress: item-2 reasoning",
    ]
    assert told_in_every_handing(THOUGHT, rollback(0), THOUGHT) == [
        "rollout-0 completed: item-1 reasoning",
        "rollout-2 completed: item-2 reasoning",
    ]


def test_joined_thoughts_keep_their_order_and_replacing_one_of_them_replaces_all() -> None:
    for handing in Handing:
        log = FoldedLog(handing)
        log.add(start(), THOUGHT, RAW_THOUGHT, TOKENS, THOUGHT)
        assert log.text_of(0, 0) == [THOUGHT, RAW_THOUGHT, THOUGHT]
        log.add(search("item-1"))
        assert log.text_of(0, 0) == [search("item-1")]


# -- plans and patches ------------------------------------------------------------------------


@pytest.mark.parametrize("routed", [plan("x", "a"), patch("x", turn_id="a")], ids=["plan", "patch"])
def test_a_routed_item_lands_in_the_turn_that_it_names(routed: bytes) -> None:
    kind = "plan" if routed == plan("x", "a") else "file_change"
    assert told_in_every_handing(start("a"), AGENT, end("a"), start("b"), routed, AGENT) == [
        f"a completed: item-1 agent_message, x {kind}",
        "b in_progress: item-2 agent_message",
    ]


@pytest.mark.parametrize(
    "dropped",
    [
        plan(turn_id="z"),
        plan(turn_id=""),
        plan(text=""),
        patch(turn_id="z"),
        plan(kind="AgentMessage"),
        plan(kind="plan"),
    ],
)
def test_a_routed_item_of_no_turn_and_a_plan_of_no_words_are_dropped(dropped: bytes) -> None:
    assert told_in_every_handing(start("t"), dropped, AGENT) == ["t in_progress: item-1 agent_message"]
    assert told_in_every_handing(dropped, end("t")) == []


def test_a_plan_of_white_space_is_a_plan() -> None:
    assert told_in_turn(plan(text=" ")) == "p plan"


def test_a_plan_for_a_turn_with_an_empty_id_finds_it_and_a_patch_does_not_look_for_it() -> None:
    assert told_in_every_handing(start(""), end(""), plan(turn_id=""), patch(turn_id="")) == [
        " completed: p plan",
        "rollout-3 completed: c file_change",
    ]


# -- hook prompts -----------------------------------------------------------------------------


def test_hook_prompts_are_appended_and_never_replace() -> None:
    told = "h hook_prompt, item-1 agent_message, h hook_prompt"
    assert told_in_turn(hook("h"), AGENT, hook("h")) == told


def test_a_later_item_replaces_the_first_hook_prompt_of_its_id() -> None:
    assert told_in_turn(hook("c"), hook("c"), search("c")) == "c web_search, c hook_prompt"


def test_a_hook_prompt_without_an_id_gets_one_that_does_not_change() -> None:
    texts = ['<hook_prompt hook_run_id="r">t</hook_prompt>']
    told = told_in_turn(hook(None, *texts), hook(None, *texts))
    first, second = told.split(", ")
    assert first != second
    assert told_in_turn(hook(None, *texts), hook(None, *texts)) == told


def test_a_hook_prompt_is_found_however_its_attribute_is_escaped() -> None:
    raw = hook("h").replace(b"hook_run_id", b"hook\\u005frun_id")
    assert told_in_turn(raw) == "h hook_prompt"


PART: Json = {"type": "input_text", "text": '<hook_prompt hook_run_id="r">t</hook_prompt>'}
NO_HOOKS: dict[str, tuple[str, list[Json]]] = {
    "another role": ("assistant", [PART]),
    "developer": ("developer", [PART]),
    "a role in capitals": ("User", [PART]),
    "no content": ("user", []),
    "plain text": ("user", [{"type": "input_text", "text": "hook_run_id"}]),
    "a part that is no fragment": ("user", [PART, {"type": "input_text", "text": "hook_run_id"}]),
    "a picture": ("user", [PART, {"type": "input_image", "image_url": "hook_run_id"}]),
    "output text": ("user", [{**PART, "type": "output_text"}]),
}


@pytest.mark.parametrize(("role", "content"), NO_HOOKS.values(), ids=NO_HOOKS)
def test_any_other_message_shows_nothing(role: str, content: list[Json]) -> None:
    assert told_in_turn(item("message", role=role, content=content, id="h"), AGENT) == "item-1 agent_message"
