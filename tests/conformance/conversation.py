"""JSON-RPC over a connection, as a client of the app-server speaks it."""

import json
import time

from tests.conformance.errors import NoAnswer, NotGreeted, NotJson
from tests.conformance.server import Connection
from tests.conformance.values import Json, JsonObject

ANSWER_S = 30.0
"""How long an answer may take; a slower one is a failure of its own."""
LATE_S = 10.0
"""How long a notification may take that is sure to come."""


class Conversation:
    """Requests and their answers; what the server says of itself is kept in `notifications`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.notifications: list[JsonObject] = []
        self._last_id = 0

    def greet(self, capabilities: Json) -> None:
        """Initialize the server; NotGreeted when it refuses."""
        client: JsonObject = {"name": "conform", "title": "conform", "version": "1"}
        answer = self.request(
            {"method": "initialize", "params": {"clientInfo": client, "capabilities": capabilities}}
        )
        if "result" not in answer:
            raise NotGreeted(answer)
        self.send_line(b'{"method":"initialized"}')

    def call(self, method: str, params: JsonObject) -> JsonObject:
        """The answer to one request."""
        return self.request({"method": method, "params": params})

    def request(self, message: JsonObject) -> JsonObject:
        """The answer to a request of this shape; it gets an id of its own."""
        self._last_id += 1
        self.send_line(json.dumps({"id": self._last_id, **message}).encode())
        return self.answer(self._last_id)

    def send_line(self, line: bytes) -> None:
        """Send a line as it stands."""
        self.connection.send(line)

    def answer(self, request_id: Json) -> JsonObject:
        """The result or the error given for this id."""
        deadline = time.monotonic() + ANSWER_S
        while (message := self._next(max(0.0, deadline - time.monotonic()))) is not None:
            if "method" in message:
                self.notifications.append(message)
            elif message.get("id") == request_id:
                return {key: message[key] for key in ("result", "error") if key in message}
        raise NoAnswer(request_id, ANSWER_S)

    def notified(self, names: tuple[str, ...]) -> list[JsonObject]:
        """The notifications whose names begin like one of these."""
        return [message for message in self.notifications if str(message["method"]).startswith(names)]

    def settle(self, quiet_s: float, names: tuple[str, ...] = (), expected: int = 0) -> None:
        """Collect notifications until so many with these names came, and then none for so long."""
        deadline = time.monotonic() + LATE_S
        while True:
            is_missing = len(self.notified(names)) < expected
            message = self._next(max(quiet_s, deadline - time.monotonic()) if is_missing else quiet_s)
            if message is None:
                return
            if "method" in message:
                self.notifications.append(message)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def _next(self, timeout_s: float) -> JsonObject | None:
        while (line := self.connection.receive(timeout_s)) is not None:
            if line.strip():
                return _parsed(line)
        return None


def _parsed(line: bytes) -> JsonObject:
    try:
        message: Json = json.loads(line)
    except ValueError:
        raise NotJson(line) from None
    if not isinstance(message, dict):
        raise NotJson(line)
    return message
