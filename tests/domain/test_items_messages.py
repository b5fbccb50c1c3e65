"""Items that people and models say (thread-history.md, section 3)."""

from typing import Any

import pytest

from domain.items.messages import agent_message, hook_prompt, plan, reasoning, user_message

Payload = dict[str, Any]


def content_of(**payload: object) -> object:
    """The content of a user message."""
    told = user_message("item-1", {"type": "user_message", "message": "", **payload})
    assert (told["type"], told["id"], len(told)) == ("userMessage", "item-1", 3)
    return told["content"]


def text(said: str, *elements: Payload) -> Payload:
    """A text part."""
    return {"type": "text", "text": said, "text_elements": list(elements)}


@pytest.mark.parametrize("said", ["u", " u ", "a\nb", "\ufeff", "\u200b", "\x1c", "\x1f", "\x00"])
def test_a_text_that_is_not_blank_is_said_unchanged(said: str) -> None:
    assert content_of(message=said) == [text(said)]


@pytest.mark.parametrize("said", ["", " ", "\t\n\x0b\x0c\r", "\x85\xa0", "\u1680\u2000\u3000"])
def test_a_blank_text_is_left_out(said: str) -> None:
    assert content_of(message=said) == []
    assert content_of(message=said, images=["i"]) == [{"type": "image", "url": "i"}]


def test_text_comes_before_images_and_images_before_local_ones() -> None:
    told = content_of(local_images=["/b", "/a"], images=["2", "1", ""], message="u")
    assert told == [
        text("u"),
        *({"type": "image", "url": url} for url in ("2", "1", "")),
        *({"type": "localImage", "path": path} for path in ("/b", "/a")),
    ]


@pytest.mark.parametrize("payload", [{}, {"images": None}, {"images": [], "local_images": []}])
def test_a_message_of_nothing_has_empty_content(payload: Payload) -> None:
    assert content_of(**payload) == []


@pytest.mark.parametrize(
    ("element", "told"),
    [
        (
            {"byte_range": {"start": 0, "end": 1}, "placeholder": "p"},
            {"byteRange": {"start": 0, "end": 1}, "placeholder": "p"},
        ),
        (
            {"byte_range": {"start": 9, "end": 2}},
            {"byteRange": {"start": 9, "end": 2}, "placeholder": None},
        ),
        (
            {"byte_range": {"start": 2**64 - 1, "end": 0, "x": 1}, "placeholder": None, "y": 2},
            {"byteRange": {"start": 2**64 - 1, "end": 0}, "placeholder": None},
        ),
    ],
)
def test_the_elements_of_a_text_are_told_with_unchecked_ranges(element: Payload, told: Payload) -> None:
    assert content_of(message="u", text_elements=[element, element]) == [text("u", told, told)]


def test_the_elements_of_a_blank_text_are_left_out_with_it() -> None:
    assert content_of(message=" ", text_elements=[{"byte_range": {"start": 0, "end": 1}}]) == []


CITATION = {
    "entries": [{"path": "p", "lineStart": 1, "lineEnd": 2, "note": "n", "x": 1}],
    "rolloutIds": ["r"],
}


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ({}, {}),
        ({"phase": None, "memory_citation": None}, {}),
        ({"message": " "}, {"text": " "}),
        ({"phase": "commentary"}, {"phase": "commentary"}),
        ({"phase": "final_answer"}, {"phase": "final_answer"}),
        (
            {"memory_citation": CITATION},
            {
                "memoryCitation": {
                    "entries": [{"path": "p", "lineStart": 1, "lineEnd": 2, "note": "n"}],
                    "threadIds": ["r"],
                }
            },
        ),
        (
            {"memory_citation": {"entries": [], "rolloutIds": []}},
            {"memoryCitation": {"entries": [], "threadIds": []}},
        ),
    ],
)
def test_an_agent_message_has_its_text_phase_and_citation(payload: Payload, told: Payload) -> None:
    base = {"type": "agentMessage", "id": "x", "text": "a", "phase": None, "memoryCitation": None}
    assert agent_message("x", {"type": "agent_message", "message": "a", **payload}) == {**base, **told}


def test_a_plan_has_its_text() -> None:
    payload = {"turn_id": "t", "item": {"type": "Plan", "id": "p", "text": " x "}}
    assert plan("p", payload) == {"type": "plan", "id": "p", "text": " x "}


def test_reasoning_tells_summaries_and_raw_thoughts_each_in_order() -> None:
    kinds = ("agent_reasoning", "agent_reasoning_raw_content")
    said = [(kinds[0], "a"), (kinds[1], "b"), (kinds[0], "c"), (kinds[1], "d"), (kinds[1], "b")]
    told = reasoning("item-1", [{"type": kind, "text": words} for kind, words in said])
    assert told == {"type": "reasoning", "id": "item-1", "summary": ["a", "c"], "content": ["b", "d", "b"]}


@pytest.mark.parametrize(
    ("kind", "summary", "content"),
    [("agent_reasoning", ["a"], []), ("agent_reasoning_raw_content", [], ["a"])],
)
def test_one_thought_leaves_the_other_list_empty(kind: str, summary: list[str], content: list[str]) -> None:
    told = reasoning("item-1", [{"type": kind, "text": "a"}])
    assert (told["summary"], told["content"]) == (summary, content)


def test_a_hook_prompt_tells_each_fragment_and_its_run() -> None:
    texts = ('<hook_prompt hook_run_id="r">a &amp; b</hook_prompt>', "<x hook_run_id='s'> c </x>")
    parts = [{"type": "input_text", "text": said} for said in texts]
    assert hook_prompt("h", {"type": "message", "role": "user", "content": parts}) == {
        "type": "hookPrompt",
        "id": "h",
        "fragments": [{"text": "a & b", "hookRunId": "r"}, {"text": " c ", "hookRunId": "s"}],
    }
