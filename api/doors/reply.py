"""What a door says in HTTP, before WebSocket frames begin."""

from dataclasses import dataclass
from http import HTTPStatus

from websockets.utils import accept_key

TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Reply:
    """A last word: a status and a text, after which the connection ends."""

    status: int
    text: str = ""
    allow: str = ""

    def serialise(self, method: str = "GET") -> bytes:
        """The reply as it goes out; without its text for a HEAD."""
        body = self.text.encode()
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        lines += [f"content-type: {TEXT}"] if body else []
        lines += [f"allow: {self.allow}"] if self.allow else []
        lines += [f"content-length: {len(body)}", "connection: close", "", ""]
        return "\r\n".join(lines).encode() + (b"" if method == "HEAD" else body)


def switching(key: str) -> bytes:
    """The reply behind which frames begin; no extension and no subprotocol is agreed to."""
    return (
        "HTTP/1.1 101 Switching Protocols\r\n"
        "connection: upgrade\r\n"
        "upgrade: websocket\r\n"
        f"sec-websocket-accept: {accept_key(key)}\r\n\r\n"
    ).encode()
