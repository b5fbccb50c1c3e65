"""Which options of access control go together (transports.md, authentication)."""

from dataclasses import replace

import pytest

from api.access.options import (
    AccessMode,
    AccessOptions,
    EverybodyPolicy,
    Policy,
    SignedPolicy,
    TokenDigestPolicy,
    TokenFilePolicy,
    policy_of,
)
from domain.errors import (
    AccessControlNotAskedFor,
    CapabilityTokenNotAskedFor,
    SharedSecretMissing,
    SignatureNotAskedFor,
    TokenMissing,
    TokenTwice,
    UnfitAccessOptions,
    UnfitTokenDigest,
)

NOTHING = AccessOptions()
TOKEN = AccessOptions(AccessMode.CAPABILITY_TOKEN)
SIGNED = AccessOptions(AccessMode.SIGNED_BEARER_TOKEN)
DIGEST = "00ff" * 16

REFUSED: list[tuple[AccessOptions, type[UnfitAccessOptions]]] = [
    (TOKEN, TokenMissing),
    (replace(TOKEN, token_file="f", token_sha256=DIGEST), TokenTwice),
    (replace(TOKEN, token_file="f", token_sha256="no digest"), TokenTwice),
    *[(replace(TOKEN, token_sha256=text), UnfitTokenDigest) for text in ("", "00ff", DIGEST + "0", "g" * 64)],
    (replace(TOKEN, token_sha256=DIGEST[:-2] + "\u06600"), UnfitTokenDigest),
    (replace(TOKEN, token_file="f", shared_secret_file="s"), SignatureNotAskedFor),
    (replace(TOKEN, token_file="f", issuer=""), SignatureNotAskedFor),
    (replace(TOKEN, token_file="f", audience="a"), SignatureNotAskedFor),
    (replace(TOKEN, token_file="f", clock_skew_seconds=0), SignatureNotAskedFor),
    (replace(TOKEN, issuer="i"), SignatureNotAskedFor),
    (SIGNED, SharedSecretMissing),
    (replace(SIGNED, issuer="i", clock_skew_seconds=2**64), SharedSecretMissing),
    (replace(SIGNED, shared_secret_file="s", token_file="f"), CapabilityTokenNotAskedFor),
    (replace(SIGNED, token_sha256="no digest"), CapabilityTokenNotAskedFor),
    (replace(NOTHING, token_file="f"), AccessControlNotAskedFor),
    (replace(NOTHING, token_sha256="no digest"), AccessControlNotAskedFor),
    (replace(NOTHING, shared_secret_file="s"), AccessControlNotAskedFor),
    (replace(NOTHING, issuer=""), AccessControlNotAskedFor),
    (replace(NOTHING, audience=" "), AccessControlNotAskedFor),
    (replace(NOTHING, clock_skew_seconds=0), AccessControlNotAskedFor),
]

TAKEN: list[tuple[AccessOptions, Policy]] = [
    (NOTHING, EverybodyPolicy()),
    (replace(TOKEN, token_file="f"), TokenFilePolicy("f")),
    (replace(TOKEN, token_sha256=f" {DIGEST.upper()}\n"), TokenDigestPolicy(bytes.fromhex(DIGEST))),
    (replace(SIGNED, shared_secret_file="s"), SignedPolicy("s", None, None, 30)),
    (
        replace(SIGNED, shared_secret_file="s", issuer=" i ", audience="\t", clock_skew_seconds=0),
        SignedPolicy("s", "i", None, 0),
    ),
    (
        replace(SIGNED, shared_secret_file="s", audience="a ", clock_skew_seconds=2**64 - 1),
        SignedPolicy("s", None, "a", 2**64 - 1),
    ),
]


@pytest.mark.parametrize(("options", "refusal"), REFUSED)
def test_options_that_do_not_go_together_are_refused(
    options: AccessOptions, refusal: type[UnfitAccessOptions]
) -> None:
    with pytest.raises(refusal):
        policy_of(options)


@pytest.mark.parametrize(("options", "policy"), TAKEN)
def test_options_that_go_together_are_a_policy(options: AccessOptions, policy: Policy) -> None:
    assert policy_of(options) == policy
