"""Signed tokens as a client makes them, right ones and others."""

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Any

SECRET = "a secret of forty characters, or so, long"
HEADER = '{"alg":"HS256","typ":"JWT"}'


def encoded(data: bytes) -> str:
    """Base64 as tokens have it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def ticket(
    claims: Mapping[str, Any] | str | bytes,
    header: str = HEADER,
    secret: str = SECRET,
    algorithm: str = "sha256",
) -> str:
    """A token; its claims also as the text or the bytes that they are."""
    if isinstance(claims, Mapping):
        claims = json.dumps(claims)
    payload = claims if isinstance(claims, bytes) else claims.encode()
    signed = f"{encoded(header.encode())}.{encoded(payload)}"
    return f"{signed}.{encoded(hmac.digest(secret.encode(), signed.encode(), algorithm))}"
