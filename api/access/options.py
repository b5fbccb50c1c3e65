"""What the options of access control ask for; which go together is a matter of the options alone.

Checked for every way to listen, also where nothing is asked of anybody (release 0.131.0). Files are read only
when a door is opened that has a gate (`api.access.gates`).
"""

import re
from dataclasses import dataclass, fields
from enum import Enum

from domain.errors import (
    AccessControlNotAskedFor,
    CapabilityTokenNotAskedFor,
    SharedSecretMissing,
    SignatureNotAskedFor,
    TokenMissing,
    TokenTwice,
    UnfitTokenDigest,
)
from domain.limits import CLOCK_SKEW_SECONDS

SHA256_HEX = re.compile("[0-9a-fA-F]{64}")


class AccessMode(Enum):
    """What clients show to come in (`--ws-auth`)."""

    CAPABILITY_TOKEN = "capability-token"  # noqa: S105 - the name of a mode
    SIGNED_BEARER_TOKEN = "signed-bearer-token"  # noqa: S105


@dataclass(frozen=True, slots=True)
class AccessOptions:
    """The options as they were given; None for one that was not."""

    mode: AccessMode | None = None
    token_file: str | None = None
    token_sha256: str | None = None
    shared_secret_file: str | None = None
    issuer: str | None = None
    audience: str | None = None
    clock_skew_seconds: int | None = None

    @property
    def is_signature_described(self) -> bool:
        """Whether an option was given that only signed tokens have."""
        told = (self.shared_secret_file, self.issuer, self.audience, self.clock_skew_seconds)
        return any(option is not None for option in told)

    @property
    def is_token_described(self) -> bool:
        """Whether an option was given that only a capability token has."""
        return self.token_file is not None or self.token_sha256 is not None


@dataclass(frozen=True, slots=True)
class EverybodyPolicy:
    """Nothing is asked of anybody."""


@dataclass(frozen=True, slots=True)
class TokenFilePolicy:
    """The token in this file lets in."""

    path: str


@dataclass(frozen=True, slots=True)
class TokenDigestPolicy:
    """The token of this SHA-256 lets in."""

    digest: bytes


@dataclass(frozen=True, slots=True)
class SignedPolicy:
    """Tokens lets in that are signed with the secret in this file; issuer and audience count if not None."""

    secret_path: str
    issuer: str | None
    audience: str | None
    clock_skew_seconds: int


Policy = EverybodyPolicy | TokenFilePolicy | TokenDigestPolicy | SignedPolicy


def policy_of(options: AccessOptions) -> Policy:
    """Who is let in; an UnfitAccessOptions where the options do not go together."""
    if options.mode is AccessMode.CAPABILITY_TOKEN:
        return _of_capability_token(options)
    if options.mode is AccessMode.SIGNED_BEARER_TOKEN:
        return _of_signed_token(options)
    if any(getattr(options, field.name) is not None for field in fields(options)):
        raise AccessControlNotAskedFor
    return EverybodyPolicy()


def _of_capability_token(options: AccessOptions) -> TokenFilePolicy | TokenDigestPolicy:
    if options.is_signature_described:
        raise SignatureNotAskedFor
    if options.token_file is not None and options.token_sha256 is not None:
        raise TokenTwice
    if options.token_file is not None:
        return TokenFilePolicy(options.token_file)
    if options.token_sha256 is None:
        raise TokenMissing
    digest = options.token_sha256.strip()
    if not SHA256_HEX.fullmatch(digest):
        raise UnfitTokenDigest
    return TokenDigestPolicy(bytes.fromhex(digest))


def _of_signed_token(options: AccessOptions) -> SignedPolicy:
    if options.is_token_described:
        raise CapabilityTokenNotAskedFor
    if options.shared_secret_file is None:
        raise SharedSecretMissing
    skew = options.clock_skew_seconds
    return SignedPolicy(
        options.shared_secret_file,
        _asked_for(options.issuer),
        _asked_for(options.audience),
        CLOCK_SKEW_SECONDS if skew is None else skew,
    )


def _asked_for(text: str | None) -> str | None:
    """The text without blanks around it; a blank one asks for nothing."""
    return (text or "").strip() or None
