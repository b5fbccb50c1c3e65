"""What a list shows of a thread, from the beginning of its log (thread-list.md, sections 2 and 8)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.listing.listing import ListFacts, ListFold
from domain.listing.said import own_words
from domain.log import LogSlice
from tests.home import event, item, line, meta

THREAD = "0196f0aa-0000-7000-8000-000000000001"
OTHER = "0196f0aa-0000-7000-8000-00000000000f"
MARK = "## My request for Codex:"
TOKENS = event("token_count", info=None)
PICTURE = event("user_message", message="", images=["i"])


def user(text: str, **fields: object) -> bytes:
    """A user message."""
    return event("user_message", message=text, **fields)


def goal(objective: str, thread_id: str = THREAD) -> bytes:
    """A goal."""
    told = {"threadId": thread_id, "objective": objective, "status": "active"}
    counts = dict.fromkeys(("tokensUsed", "timeUsedSeconds", "createdAt", "updatedAt"), 1)
    return event("thread_goal_updated", threadId=thread_id, goal={**told, **counts})


def folded(*lines: bytes, passed_over: tuple[bytes, ...] | None = None) -> ListFacts:
    """The facts of these lines, handed in at once."""
    facts, data = ListFacts(), b"".join(lines)
    fold = ListFold(facts) if passed_over is None else ListFold(facts, passed_over)
    fold.feed(LogSlice(0, len(data), 1, data))
    return facts


PREVIEWS = {
    "a text": ([user("m")], "m"),
    "a text, trimmed": ([user("\u3000 m\n\u2003")], "m"),
    "a long text": ([user("x" * 5000)], "x" * 5000),
    "no white space": ([user("\x1cm\x1f")], "\x1cm\x1f"),
    "a byte order mark": ([user("\ufeff")], "\ufeff"),
    "what follows the mark": ([user(f"context\n{MARK} request ")], "request"),
    "what follows the first mark": ([user(f"{MARK} a {MARK} b")], f"a {MARK} b"),
    "a mark in small letters": ([user(MARK.lower() + " a")], MARK.lower() + " a"),
    "a mark without its space": ([user(f"#{MARK[3:]} a")], f"#{MARK[3:]} a"),
    "pictures": ([PICTURE], "[Image]"),
    "local pictures": ([user("", local_images=["/p"])], "[Image]"),
    "blank text and pictures": ([user(" ", images=["i"])], "[Image]"),
    "nothing behind the mark, and pictures": ([user(f"a {MARK} ", images=["i"])], "[Image]"),
    "text and pictures": ([user("t", images=["i"])], "t"),
    "the first message": ([user("first"), user("second")], "first"),
    "pictures before text": ([PICTURE, user("second")], "[Image]"),
    "the first message that says something": ([user(""), user(" "), user(f"a {MARK}"), user("m")], "m"),
    "a goal": ([goal(" o ")], "o"),
    "a goal of another id": ([goal("o", OTHER)], "o"),
    "a goal with the mark": ([goal(f"a {MARK} b")], f"a {MARK} b"),
    "a goal first": ([goal("o"), user("m")], "o"),
    "a message first": ([user("m"), goal("o")], "m"),
    "a goal behind a blank message": ([user(""), goal("o")], "o"),
    "the first goal": ([goal("a"), goal("b")], "a"),
    "a message behind a blank goal": ([goal(" "), user("m")], "m"),
}

NO_PREVIEWS = {
    "nothing": [],
    "an empty message": [user("")],
    "a blank message": [user(" \u3000\n")],
    "nothing behind the mark": [user(f"context {MARK} \u3000")],
    "an empty list of pictures": [user("", images=[], local_images=[])],
    "a blank goal": [goal(" ")],
    "a goal with a bad id": [goal("o", "nonsense")],
    "a user message of the model's": [
        item("message", role="user", content=[{"type": "input_text", "text": "m"}])
    ],
    "the agent": [event("agent_message", message="m")],
    "a message of the wrong shape": [event("user_message", message=7)],
    "a message with null pictures of the disk": [user("m", local_images=None)],
    "a torn message": [user("m")[:-2] + b"\n"],
    "a message in a byte order mark": [b"\xef\xbb\xbf" + user("m")],
}


@pytest.mark.parametrize(("lines", "preview"), PREVIEWS.values(), ids=PREVIEWS)
def test_a_preview_is_what_the_user_said_first_or_the_goal(lines: list[bytes], preview: str) -> None:
    facts = folded(meta(), *lines)
    assert facts.preview == preview
    assert facts.is_listed


@pytest.mark.parametrize("lines", NO_PREVIEWS.values(), ids=NO_PREVIEWS)
def test_other_lines_make_no_preview(lines: list[bytes]) -> None:
    facts = folded(meta(), *lines)
    assert facts.preview is None
    assert not facts.is_listed
    assert not facts.is_complete


@pytest.mark.parametrize("before", [[], [b"\n"], [b"damage\n"] * 300, [TOKENS] * 300])
def test_a_meta_counts_wherever_it_stands(before: list[bytes]) -> None:
    facts = folded(*before, user("m"), *before, meta(cwd="/a"), *before)
    assert (facts.meta or {})["cwd"] == "/a"
    assert facts.is_listed
    assert facts.is_complete


def test_the_first_readable_meta_counts_whatever_follows() -> None:
    damaged = (
        meta(source=None),
        meta(git="x"),
        meta(id="nonsense"),
        b"\xef\xbb\xbf" + meta(),
        meta()[:-3] + b"\n",
    )
    facts = folded(*damaged, meta(cwd="/a"), meta(cwd="/b"), meta(id=OTHER), user("m"))
    assert (facts.meta or {})["cwd"] == "/a"


def test_a_thread_without_a_readable_meta_is_not_listed() -> None:
    facts = folded(line("session_meta", {"id": THREAD}), user("m"))
    assert facts.meta is None
    assert not facts.is_listed


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([user("m")], "m"),
        ([PICTURE, user(" "), user("second"), user("third")], "second"),
        ([user("t", images=["i"])], "t"),
        ([goal("o"), user(f"a {MARK} b")], "b"),
        ([goal("o")], None),
        ([PICTURE], None),
    ],
)
def test_the_first_text_is_the_first_that_the_user_wrote(lines: list[bytes], text: str | None) -> None:
    assert folded(meta(), *lines).first_text == text


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ([PICTURE, user("second"), user("third")], "second"),
        ([PICTURE, PICTURE, user(" "), user("late")], "late"),
        ([user(" ", images=["i"]), user("second")], "second"),
        ([PICTURE], None),
        ([user("first"), PICTURE], None),
        ([user("t", images=["i"]), user("second")], None),
        ([user("first"), user("second")], None),
        ([goal("o"), user("m")], None),
    ],
)
def test_a_thread_that_begins_with_a_picture_is_called_by_its_first_text(
    lines: list[bytes], title: str | None
) -> None:
    assert folded(meta(), *lines).title == title


def test_reading_ends_when_all_is_known() -> None:
    lines = [meta(), TOKENS, user("m"), TOKENS, user("n")]
    data = b"".join(lines)
    facts = ListFacts()
    assert not ListFold(facts).feed(LogSlice(0, len(data), 1, data))
    assert facts.end == sum(map(len, lines[:3]))
    assert facts.is_complete


@pytest.mark.parametrize(
    "lines", [[user("m"), TOKENS], [meta(), TOKENS], [meta(), PICTURE], [meta(), goal("o")]]
)
def test_reading_goes_on_while_something_is_not_known(lines: list[bytes]) -> None:
    data = b"".join(lines)
    facts = ListFacts()
    assert ListFold(facts).feed(LogSlice(0, len(data), 1, data))
    assert facts.end == len(data)
    assert not facts.is_complete


def test_a_line_over_the_size_limit_is_passed() -> None:
    facts = ListFacts()
    assert ListFold(facts).feed(LogSlice(0, 500, 1, b""))
    assert facts.end == 500


@given(
    st.lists(st.sampled_from([meta(), PICTURE, user("a"), user(""), goal("o"), TOKENS, b"x\n"]), max_size=8)
)
def test_facts_are_the_same_line_by_line_and_when_nothing_is_passed_over(lines: list[bytes]) -> None:
    whole = folded(*lines)
    assert folded(*lines, passed_over=()) == whole
    by_line, at = ListFacts(), 0
    for number, raw in enumerate(lines, 1):
        if not ListFold(by_line).feed(LogSlice(at, at + len(raw), number, raw)):
            break
        at += len(raw)
    assert by_line == whole


@pytest.mark.parametrize("raw", [user("é"), goal("é"), meta(), PICTURE])
def test_every_cut_of_a_line_changes_nothing(raw: bytes) -> None:
    assert all(folded(raw[:size] + b"\n") == folded(b" " * size + b"\n") for size in range(len(raw) - 1))


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("", ""),
        (" \u3000", ""),
        (" a b ", "a b"),
        (MARK, ""),
        (f"a{MARK}b", "b"),
        (f"a {MARK}\n\u3000 ", ""),
        (f"a {MARK} b {MARK} c", f"b {MARK} c"),
        ("\x1c", "\x1c"),
    ],
)
def test_the_users_own_words_stand_behind_the_editors_context(message: str, words: str) -> None:
    assert own_words(message) == words
