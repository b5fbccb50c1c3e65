"""What the end of a log says is found from the end, in little memory, and rightly."""

import json
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.limits import BLOCK_SIZE, LINE_SIZE_MAX
from domain.session.token_usage import TokenUsage
from rollout import backward
from rollout.ending import last_token_usage, last_turn_context
from rollout.log import RolloutLog, RolloutReader
from tests.home import Json, event, item, line, meta
from tests.properties.reading import kept_lines
from tests.properties.scale import examples
from tests.properties.strategies import LOGS

CONTEXT: Json = {
    "cwd": "/x",
    "approval_policy": "never",
    "sandbox_policy": {"type": "danger-full-access"},
    "summary": "auto",
}
NAMES = ("input_tokens", "cached_input_tokens", "output_tokens", "reasoning_output_tokens", "total_tokens")


def context(model: str, **fields: object) -> bytes:
    """A turn_context line."""
    return line("turn_context", CONTEXT | {"model": model} | fields)


def info(total: int) -> Json:
    """What a token_count tells when it tells something."""
    counts = dict.fromkeys(NAMES, total)
    return {"total_token_usage": counts, "last_token_usage": counts, "model_context_window": None}


def tokens(total: int) -> bytes:
    """A token_count line."""
    return event("token_count", info=info(total))


UNTOLD = event("token_count", info=None)


@contextmanager
def reader_of(*lines: bytes) -> Iterator[RolloutReader]:
    """A file that holds this, open."""
    with TemporaryDirectory(prefix="ending-") as folder:
        path = Path(folder) / "rollout.jsonl"
        path.write_bytes(b"".join(lines))
        with RolloutLog().open(str(path)) as source:
            yield source


def model_of(*lines: bytes) -> str | None:
    """The model of the last turn_context."""
    with reader_of(*lines) as source:
        payload = last_turn_context(source)
        return None if payload is None else payload["model"]


def usage_of(*lines: bytes) -> tuple[int, str | None] | None:
    """The total of the last usage, and the turn it is of."""
    with reader_of(*lines) as source:
        usage = last_token_usage(source)
        return None if usage is None else (usage.total.total_tokens, usage.turn_id)


def start(turn_id: str) -> bytes:
    return event("task_started", turn_id=turn_id)


def end(turn_id: str) -> bytes:
    return event("task_complete", turn_id=turn_id)


ASK = event("user_message", message="a")
BACK = event("thread_rolled_back", num_turns=1)


def test_the_last_context_that_reads_counts() -> None:
    assert model_of(meta(), context("m1"), start("1"), context("m2"), end("1")) == "m2"
    assert model_of(meta(), context("m1"), context("m2", effort="odd"), end("1")) == "m1"
    assert model_of(meta(), context("m1"), context("m2"), BACK) == "m2"
    assert model_of(meta(), end("1")) is None
    assert model_of() is None


def test_an_unfinished_line_counts_when_it_reads() -> None:
    assert model_of(context("m1"), context("m2")[:-1]) == "m2"
    assert model_of(context("m1"), context("m2")[:-2]) == "m1"
    assert usage_of(start("1"), tokens(1), tokens(2)[:-1]) == (2, "1")
    assert usage_of(start("1"), tokens(1), tokens(2)[:-9]) == (1, "1")


def test_lines_in_another_order_or_with_spaces_count() -> None:
    other = json.dumps({"payload": CONTEXT | {"model": "m"}, "type": "turn_context", "timestamp": ""})
    assert model_of(context("m1"), other.encode() + b"\r\n") == "m"
    assert model_of(b"\xef\xbb\xbf" + context("m3")) == "m3"


USAGES: dict[str, tuple[tuple[int, str | None] | None, tuple[bytes, ...]]] = {
    "in a turn": ((5, "1"), (start("1"), ASK, tokens(5), end("1"))),
    "in a turn begun in the other spelling": ((5, "1"), (event("turn_started", turn_id="1"), tokens(5))),
    "untold in a later turn": ((5, "2"), (start("1"), tokens(5), end("1"), start("2"), UNTOLD, end("2"))),
    "behind a turn": ((5, None), (start("1"), end("1"), tokens(5))),
    "behind a rollback": ((5, None), (start("1"), BACK, tokens(5))),
    "rolled back": ((5, "2"), (start("1"), tokens(4), end("1"), start("2"), tokens(5), end("2"), BACK)),
    "in a turn that was not begun": ((5, None), (ASK, tokens(5))),
    "broken": ((5, "1"), (start("1"), tokens(5), event("token_count", info={"total_token_usage": 1}))),
    "never told": (None, (start("1"), UNTOLD, end("1"))),
    "never counted": (None, (start("1"), end("1"))),
}


@pytest.mark.parametrize(("told", "lines"), USAGES.values(), ids=USAGES)
def test_usage_belongs_to_the_turn_that_was_open(
    told: tuple[int, str | None] | None, lines: tuple[bytes, ...]
) -> None:
    assert usage_of(meta(), *lines) == told


@examples(60)
@given(LOGS, st.integers(32, 300))
def test_searching_from_the_end_finds_what_reading_all_finds(data: bytes, block_size: int) -> None:
    kept = kept_lines(data)
    contexts = [payload for topic, payload in kept if topic == "turn_context"]
    infos = [payload.get("info") for topic, payload in kept if topic == "event_msg:token_count"]
    told = [found for found in infos if found is not None]
    with reader_of(data) as source, mock.patch.object(backward, "BLOCK_SIZE", block_size):
        assert last_turn_context(source) == (contexts[-1] if contexts else None)
        usage = last_token_usage(source)
    assert (usage is None) == (not told)
    if usage is not None:
        assert usage == TokenUsage.of(told[-1], usage.turn_id)


@given(st.integers(24, 200), st.integers(0, 300))
def test_words_and_lines_are_found_across_blocks(block_size: int, filler: int) -> None:
    behind = item("compaction", encrypted_content="e" * filler)
    with (
        reader_of(context("m1"), context("m2"), behind) as source,
        mock.patch.object(backward, "BLOCK_SIZE", block_size),
    ):
        found = last_turn_context(source)
        assert found is not None
        assert found["model"] == "m2"


LONG = LINE_SIZE_MAX - 4096

LONG_LINES = {
    "another kind": item("function_call_output", call_id="c", output="x" * LONG),
    "another kind that speaks of turns": item(
        "tool_search_call", execution="e", arguments={"turn_context": "token_count", "text": "x" * LONG}
    ),
    "a line over the limit": b'{"type":"turn_context","x":"' + b"x" * LINE_SIZE_MAX + b'"}\n',
    "no line": b'{"turn_context":"' + b"x" * (LINE_SIZE_MAX + 1) + b'"turn_context"\n',
}


@pytest.mark.parametrize("long", LONG_LINES.values(), ids=LONG_LINES)
def test_memory_does_not_grow_with_a_line_of_another_kind(long: bytes) -> None:
    with reader_of(start("1"), context("m"), tokens(5), long) as source:
        tracemalloc.start()
        found, usage = last_turn_context(source), last_token_usage(source)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert found is not None
    assert usage is not None
    assert peak < 8 * BLOCK_SIZE


def test_only_the_end_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    read = RolloutReader.read

    def counted(source: RolloutReader, at: int, size: int) -> bytes:
        data = read(source, at, size)
        sizes.append(len(data))
        return data

    monkeypatch.setattr(RolloutReader, "read", counted)
    output = item("function_call_output", call_id="c", output="x" * 5000)
    turn = [start("1"), context("m"), *[output] * 10, tokens(5), end("1")]
    assert usage_of(*turn * 200) == (5, "1")
    assert sum(sizes) < 4 * BLOCK_SIZE
