"""Signed bearer tokens, JSON Web Tokens of HMAC with SHA-256, judged as release 0.131.0 does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from api.access.bearer import UNAUTHORIZED
from api.access.gate import Refusal
from api.access.signed import Unfit, is_text, signed_claims

INVALID = Refusal(UNAUTHORIZED, "invalid websocket jwt")
EXPIRED = Refusal(UNAUTHORIZED, "expired websocket jwt")
TOO_EARLY = Refusal(UNAUTHORIZED, "websocket jwt is not valid yet")
OTHER_ISSUER = Refusal(UNAUTHORIZED, "websocket jwt issuer mismatch")
OTHER_AUDIENCE = Refusal(UNAUTHORIZED, "websocket jwt audience mismatch")

CLAIM_NAMES = frozenset({"exp", "nbf", "iss", "aud"})

TIMES = range(-(2**63), 2**63)
"""Times are signed 64-bit integers, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says of itself that counts here."""

    expires_at: int
    not_before: int | None
    issuer: str | None
    audience: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges tokens by a secret and by what is expected of them; None expects nothing."""

    secret: bytes = field(repr=False)
    issuer: str | None
    audience: str | None
    clock_skew_seconds: int

    def refusal(self, token: str, now_seconds: int) -> Refusal | None:
        """Why the token does not let in at this time; None when it does."""
        try:
            claims = _claims(signed_claims(token, self.secret, CLAIM_NAMES))
        except Unfit:
            return INVALID
        if now_seconds > claims.expires_at + self.clock_skew_seconds:
            return EXPIRED
        if claims.not_before is not None and now_seconds < claims.not_before - self.clock_skew_seconds:
            return TOO_EARLY
        if self.issuer is not None and claims.issuer != self.issuer:
            return OTHER_ISSUER
        if self.audience is not None and self.audience not in claims.audience:
            return OTHER_AUDIENCE
        return None


def _claims(told: Mapping[str, object]) -> Claims:
    """What counts of a payload; Unfit where it is of another type, asked for or not."""
    expires_at, not_before = told.get("exp"), told.get("nbf")
    issuer, audience = told.get("iss"), told.get("aud")
    audiences = audience if isinstance(audience, list) else [] if audience is None else [audience]
    texts = [each for each in audiences if is_text(each)]
    if (
        not _is_time(expires_at)
        or not (not_before is None or _is_time(not_before))
        or not (issuer is None or is_text(issuer))
        or len(texts) != len(audiences)
    ):
        raise Unfit
    return Claims(expires_at, not_before, issuer, tuple(texts))


def _is_time(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value in TIMES
