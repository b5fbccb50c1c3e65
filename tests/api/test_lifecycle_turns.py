"""Turns on a server without a model: they fail in a way that clients survive, and leave nothing."""

from pathlib import Path

import pytest

from tests.api.clients import Refused
from tests.api.lifecycle import ID, ear_on, laid, rollouts

INPUT = [{"type": "text", "text": "hello"}]


async def test_a_turn_is_answered_then_started_then_failed(tmp_path: Path) -> None:
    laid(tmp_path)
    async with ear_on(tmp_path) as ear:
        await ear.call("thread/resume", threadId=ID)
        assert await ear.ask("turn/start", threadId=ID, input=INPUT) == [
            "answer",
            "turn/started",
            "turn/completed",
        ]
        (started,), (completed,) = ear.params("turn/started"), ear.params("turn/completed")
    assert started["threadId"] == completed["threadId"] == ID
    assert started["turn"]["status"] == "inProgress"
    assert completed["turn"]["status"] == "failed"
    assert started["turn"]["id"] == completed["turn"]["id"]
    assert "runs no model" in completed["turn"]["error"]["message"]


async def test_a_failed_turn_stores_nothing(tmp_path: Path) -> None:
    path = laid(tmp_path)
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    async with ear_on(tmp_path) as ear:
        thread = (await ear.call("thread/start"))["thread"]
        for thread_id in (thread["id"], ID):
            await ear.call("thread/resume", threadId=ID)
            await ear.call("turn/start", threadId=thread_id, input=INPUT)
        shown = (await ear.call("thread/read", threadId=ID, includeTurns=True))["thread"]
    assert [turn["id"] for turn in shown["turns"]] == ["one"]
    assert rollouts(tmp_path) == [path]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


async def test_turns_are_told_to_subscribers_only(tmp_path: Path) -> None:
    laid(tmp_path)
    async with ear_on(tmp_path) as ear:
        await ear.call("thread/resume", threadId=ID)
        await ear.call("thread/unsubscribe", threadId=ID)
        assert await ear.ask("turn/start", threadId=ID, input=INPUT) == ["answer"]


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("turn/start", {"input": INPUT}, -32600),
        ("turn/steer", {"input": INPUT, "expectedTurnId": "x"}, -32600),
        ("turn/interrupt", {"turnId": "x"}, -32600),
        ("thread/compact/start", {}, -32600),
    ],
)
async def test_a_thread_that_is_not_loaded_takes_no_turn(
    method: str, params: dict[str, object], code: int, tmp_path: Path
) -> None:
    laid(tmp_path)
    async with ear_on(tmp_path) as ear:
        with pytest.raises(Refused, match=f"thread not found: {ID}") as refusal:
            await ear.call(method, threadId=ID, **params)
    assert refusal.value.code == code
