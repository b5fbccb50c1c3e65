"""The protocol of a client: pairs answers with requests. No input, no output, no clock.

Ids count up from 1. An answer that nobody waits for, a line that is no message and a message of no known
shape say nothing; the conversation goes on.
"""

from dataclasses import dataclass
from typing import Any

import orjson

from domain.errors import RequestRefused

Payload = dict[str, Any]
"""A JSON object of the protocol."""

METHOD_NOT_FOUND = -32601
"""What JSON-RPC calls a method that the asked side does not have."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request on its way: the line without its line feed, and the id that its answer will carry."""

    request_id: int
    line: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """The result of a request."""

    request_id: int
    result: Payload


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that was answered with an error."""

    request_id: int
    failure: RequestRefused


@dataclass(frozen=True, slots=True)
class Notification:
    """What the server tells unasked."""

    method: str
    params: Payload


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of the server, and the line that declines it: this client serves nothing."""

    method: str
    line: bytes


Event = Answered | Refused | Notification | Asked


class Calls:
    """One side of a conversation: requests that wait for their answers."""

    def __init__(self) -> None:
        self._last_id = 0
        self._waiting: dict[int, str] = {}

    def request(self, method: str, params: Payload) -> Sent:
        """Ask for something."""
        self._last_id += 1
        self._waiting[self._last_id] = method
        line = orjson.dumps({"id": self._last_id, "method": method, "params": params})
        return Sent(self._last_id, line)

    def notification(self, method: str) -> bytes:
        """The line that tells the server something; no answer will come."""
        return orjson.dumps({"method": method})

    def receive(self, line: bytes) -> Event | None:
        """What a line says; None when it says nothing."""
        try:
            message = orjson.loads(line)
        except orjson.JSONDecodeError:
            return None
        if not isinstance(message, dict):
            return None
        if isinstance(message.get("method"), str):
            return _told(message)
        return self._answer(message)

    def forget(self, request_id: int) -> None:
        """Nobody waits for this answer any more."""
        self._waiting.pop(request_id, None)

    def end(self) -> dict[int, str]:
        """The conversation is over: the methods of the requests that get no answer, by id."""
        unanswered, self._waiting = self._waiting, {}
        return unanswered

    def _answer(self, message: Payload) -> Event | None:
        request_id = message.get("id")
        if type(request_id) is not int or not _is_answer(message) or request_id not in self._waiting:
            return None
        del self._waiting[request_id]
        if "error" in message:
            return Refused(request_id, _refusal(message["error"]))
        return Answered(request_id, message["result"])


def _is_answer(message: Payload) -> bool:
    return isinstance(message.get("error"), dict) or isinstance(message.get("result"), dict)


def _refusal(error: Payload) -> RequestRefused:
    code = error.get("code")
    return RequestRefused(
        code if isinstance(code, int) else RequestRefused.code,
        str(error.get("message", "")),
        error.get("data"),
    )


def _told(message: Payload) -> Event:
    method, params = message["method"], message.get("params")
    if "id" not in message:
        return Notification(method, params if isinstance(params, dict) else {})
    error = {"code": METHOD_NOT_FOUND, "message": f"this client does not serve {method}"}
    return Asked(method, orjson.dumps({"id": message["id"], "error": error}))
