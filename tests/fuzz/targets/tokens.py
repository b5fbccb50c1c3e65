"""The target that reads tokens: nobody may come in by chance."""

import base64
import hmac
import json

from api.access.bearer import bearer_token
from api.access.gate import Refusal
from api.access.tokens import Judge
from tests.fuzz.target import Target

SECRET = b"a secret that has more than 32 bytes"
NOW = 1_800_000_000


def signed(claims: object, *, algorithm: str = "HS256", secret: bytes = SECRET) -> bytes:
    """A token, signed or not."""
    head = json.dumps({"alg": algorithm, "typ": "JWT"}).encode()
    text = b".".join(
        base64.urlsafe_b64encode(part).rstrip(b"=") for part in (head, json.dumps(claims).encode())
    )
    mark = hmac.digest(secret, text, "sha256")
    return text + b"." + base64.urlsafe_b64encode(mark).rstrip(b"=")


RIGHT = signed({"exp": NOW + 10, "iss": "i", "aud": ["a"]})
WRONG = (
    signed({"exp": NOW - 1000}),
    signed({"exp": NOW + 10, "nbf": NOW + 1000}),
    signed({"exp": 1e400}),
    signed({"exp": NOW + 10}, algorithm="none"),
    signed({"exp": NOW + 10}, secret=SECRET + b"!"),
    signed([]),
)
JUDGE = Judge(SECRET, "i", "a", 30)


def read_token(data: bytes) -> None:
    """Nobody comes in but by the one right token."""
    text = data.decode("latin-1")
    told = bearer_token([text])
    assert isinstance(told, Refusal) or text.strip(" \t").lower().startswith("bearer ")
    for token in {text, text.partition(" ")[2], told if isinstance(told, str) else ""}:
        assert isinstance(JUDGE.refusal(token, NOW), Refusal) == (token != RIGHT.decode())


TARGETS = {
    "tokens": Target(read_token, (b"Bearer " + RIGHT, *(b"bearer " + token for token in WRONG), RIGHT), 700)
}
