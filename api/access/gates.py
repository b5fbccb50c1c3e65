"""The gates that a policy asks for."""

import hmac
import os
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from api.access.attempts import Attempts, PatientGate
from api.access.bearer import UNAUTHORIZED, bearer_token
from api.access.gate import Gate, OpenGate, Refusal
from api.access.options import EverybodyPolicy, Policy, SignedPolicy, TokenDigestPolicy, TokenFilePolicy
from api.access.secrets import Warn, read_secret
from domain.errors import ShortSecret, UnfitClockSkew
from domain.limits import SECRET_SIZE_MIN

if TYPE_CHECKING:
    from api.access.tokens import Judge

WRONG_TOKEN = Refusal(UNAUTHORIZED, "invalid websocket bearer token")

CLOCK_SKEW_MAX = 2**63 - 1

Seconds = Callable[[], float]
"""Gives the time in seconds since 1970."""


class TokenGate:
    """Lets in who shows the token of this SHA-256."""

    is_open = False

    def __init__(self, digest: bytes) -> None:
        self._digest = digest

    def refusal(self, authorization: Sequence[str], peer: str) -> Refusal | None:
        """Why this handshake is refused; None lets it in."""
        del peer
        token = bearer_token(authorization)
        if isinstance(token, Refusal):
            return token
        is_right = hmac.compare_digest(sha256(token.encode()).digest(), self._digest)
        return None if is_right else WRONG_TOKEN


class SignedGate:
    """Lets in who shows a token that is signed, and of now."""

    is_open = False

    def __init__(self, judge: "Judge", now: Seconds) -> None:
        self._judge = judge
        self._now = now

    def refusal(self, authorization: Sequence[str], peer: str) -> Refusal | None:
        """Why this handshake is refused; None lets it in."""
        del peer
        token = bearer_token(authorization)
        return token if isinstance(token, Refusal) else self._judge.refusal(token, int(self._now()))


def open_gate(policy: Policy, warn: Warn, now: Seconds = time.time) -> Gate:
    """The gate of this policy, its files read; UnreadableSecret, EmptySecret, ShortSecret, UnfitClockSkew."""
    if isinstance(policy, EverybodyPolicy):
        return OpenGate()
    gate = _signed_gate(policy, warn, now) if isinstance(policy, SignedPolicy) else _token_gate(policy, warn)
    return PatientGate(gate, Attempts(time.monotonic))


def _token_gate(policy: TokenFilePolicy | TokenDigestPolicy, warn: Warn) -> TokenGate:
    if isinstance(policy, TokenFilePolicy):
        return TokenGate(sha256(read_secret(_absolute(policy.path), warn).encode()).digest())
    return TokenGate(policy.digest)


def _signed_gate(policy: SignedPolicy, warn: Warn, now: Seconds) -> SignedGate:
    from api.access.tokens import Judge  # noqa: PLC0415 - brings PyJWT, which no other gate needs

    place = _absolute(policy.secret_path)
    secret = read_secret(place, warn).encode()
    if len(secret) < SECRET_SIZE_MIN:
        raise ShortSecret(str(place), SECRET_SIZE_MIN)
    if policy.clock_skew_seconds > CLOCK_SKEW_MAX:
        raise UnfitClockSkew
    return SignedGate(Judge(secret, policy.issuer, policy.audience, policy.clock_skew_seconds), now)


def _absolute(path: str) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - links stay
