"""What needs a model is taken and fails as a turn: an error instead would end the terminal client."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.clients import Refused
from tests.api.lifecycle import ID, ear_on, laid, rollouts

Json = dict[str, Any]
TURN_EVENTS = ["answer", "turn/started", "turn/completed"]
INPUT = [{"type": "text", "text": "hello"}]
TARGET = {"type": "custom", "instructions": "look"}

TAKEN: list[tuple[str, Json, set[str], str]] = [
    ("turn/start", {"input": INPUT}, {"turn"}, "nothing was done with the message, nor stored"),
    ("thread/compact/start", {}, set(), "the thread was not compacted"),
    ("thread/shellCommand", {"command": "true"}, set(), "the command was not run"),
    ("review/start", {"target": TARGET}, {"turn", "reviewThreadId"}, "nothing was reviewed"),
]


@pytest.mark.parametrize(("method", "params", "members", "sentence"), TAKEN)
async def test_what_needs_a_model_is_a_turn_that_fails_and_leaves_nothing(
    method: str, params: Json, members: set[str], sentence: str, tmp_path: Path
) -> None:
    path = laid(tmp_path)
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    async with ear_on(tmp_path) as ear:
        await ear.call("thread/resume", threadId=ID)
        assert await ear.ask(method, threadId=ID, **params) == TURN_EVENTS
        answer = await ear.call(method, threadId=ID, **params)
        (started, _), (completed, _) = ear.params("turn/started"), ear.params("turn/completed")
        shown = (await ear.call("thread/read", threadId=ID, includeTurns=True))["thread"]
    assert answer.keys() == members
    assert (started["turn"]["status"], completed["turn"]["status"]) == ("inProgress", "failed")
    assert started["turn"]["id"] == completed["turn"]["id"]
    message = completed["turn"]["error"]["message"]
    assert message == f"This server stores threads and runs no model; {sentence}."
    assert [turn["id"] for turn in shown["turns"]] == ["one"]
    assert rollouts(tmp_path) == [path]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


async def test_the_answer_to_a_turn_names_the_turn_that_is_told_behind_it(tmp_path: Path) -> None:
    laid(tmp_path)
    async with ear_on(tmp_path) as ear:
        await ear.call("thread/resume", threadId=ID)
        turn = (await ear.call("turn/start", threadId=ID, input=INPUT))["turn"]
        await ear.until(lambda: bool(ear.params("turn/completed")))
        assert ear.params("turn/started") == [{"threadId": ID, "turn": turn}]


@pytest.mark.parametrize("method", [method for method, *_ in TAKEN])
async def test_a_thread_that_is_not_loaded_takes_nothing(method: str, tmp_path: Path) -> None:
    params = next(params for name, params, *_ in TAKEN if name == method)
    laid(tmp_path)
    async with ear_on(tmp_path) as ear:
        with pytest.raises(Refused, match=f"^thread not found: {ID}$"):
            await ear.call(method, threadId=ID, **params)


async def test_a_review_in_a_thread_of_its_own_is_refused(tmp_path: Path) -> None:
    laid(tmp_path)
    async with ear_on(tmp_path) as ear:
        await ear.call("thread/resume", threadId=ID)
        with pytest.raises(Refused, match="runs no model"):
            await ear.call("review/start", threadId=ID, target=TARGET, delivery="detached")
