"""A client that remembers in which order it heard what: what the tests of the lifecycle stand on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson

from api.service import Options, Service
from domain.durability import Durability
from rollout.finding.home import Home
from tests.api.clients import ServedClient
from tests.home import THREAD, event, meta

Json = dict[str, Any]
ID = str(THREAD)
USAGE = dict.fromkeys(
    ("input_tokens", "cached_input_tokens", "output_tokens", "reasoning_output_tokens", "total_tokens"), 1
)
GOALS: Json = {"features": {"goals": True}}


class Ear(ServedClient):
    """A client that notes what comes: the name of a notification, or `answer`."""

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self.heard: list[str] = []
        self._begun = b""

    def take(self, part: bytes) -> None:
        """Note a line, once it is whole."""
        self._begun += part
        if self._begun.endswith(b"\n"):
            self.heard.append(orjson.loads(self._begun).get("method", "answer"))
            self._begun = b""
        super().take(part)

    async def ask(self, method: str, **params: object) -> list[str]:
        """What comes from a request to the answer of the next."""
        self.heard.clear()
        await self.call(method, **params)
        await self.call("thread/loaded/list")
        return self.heard[:-1]


@asynccontextmanager
async def ear_on(home: Path, *, goals: bool = False) -> AsyncIterator[Ear]:
    """A client of a service on a home; it has shaken hands."""
    overrides = GOALS if goals else {}
    service = Service(Home.at(home), Options(durability=Durability.PROCESS, overrides=overrides))
    ear = Ear(service)
    await ear.greet()
    try:
        yield ear
    finally:
        await service.close()


def lines(*, thread_id: str = ID) -> bytes:
    """A log of one turn whose token usage is known."""
    info = {"total_token_usage": USAGE, "last_token_usage": USAGE, "model_context_window": None}
    return (
        meta().replace(ID.encode(), thread_id.encode())
        + event("task_started", turn_id="one", model_context_window=None)
        + event("user_message", message="ask one")
        + event("token_count", info=info, rate_limits=None)
        + event("task_complete", turn_id="one", last_agent_message=None)
    )


def laid(home: Path) -> Path:
    """The file of a stored thread."""
    path = home / "sessions" / "2026" / "05" / "01" / f"rollout-2026-05-01T10-00-00-{THREAD}.jsonl"
    path.parent.mkdir(parents=True)
    path.write_bytes(lines())
    return path


def message(text: str) -> Json:
    """A response item."""
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


def rollouts(home: Path) -> list[Path]:
    """The rollout files of a home."""
    return sorted(path for path in home.rglob("rollout-*.jsonl") if path.is_file())
