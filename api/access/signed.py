"""The JSON that a signed token holds, read as release 0.131.0 reads it.

PyJWT makes the signature. Its own reading of tokens is passed by: it mends base64 that is cut or padded,
and takes the last of two equal claims.
"""

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import TypeGuard

from jwt.algorithms import HMACAlgorithm

ALGORITHM = "HS256"
PARTS = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")

HEADER_TEXTS = ("typ", "cty", "jku", "kid", "x5u", "x5t", "x5t#S256")
HEADER_NAMES = frozenset({"alg", "jwk", "x5c", *HEADER_TEXTS})
"""Members of the head that have their types even where they decide nothing, and come only once."""

INTEGER_LENGTH_MAX = 20
"""Characters of a 64-bit integer; longer ones are no times, and slow to read."""

Pairs = tuple[tuple[str, object], ...]
"""The members of an object as they came, repeated ones too."""


class Unfit(Exception):
    """The token does not read, or is not signed with the secret."""


def signed_claims(token: str, secret: bytes, names: frozenset[str]) -> dict[str, object]:
    """The claims of these names, when the signature over them is right; Unfit."""
    parts = PARTS.fullmatch(token)
    if parts is None:
        raise Unfit
    header, payload, signature = (_decoded(part) for part in parts.groups())
    _check_header(_members(header, HEADER_NAMES))
    signed = token.rpartition(".")[0].encode()
    if not HMACAlgorithm(HMACAlgorithm.SHA256).verify(signed, secret, signature):
        raise Unfit
    return _members(payload, names)


def _check_header(header: Mapping[str, object]) -> None:
    chain, key = header.get("x5c") or [], header.get("jwk")
    is_fit = (
        header.get("alg") == ALGORITHM
        and all(is_text(header.get(name, "")) or header[name] is None for name in HEADER_TEXTS)
        and isinstance(key, tuple | None)
        and isinstance(chain, list)
        and all(is_text(each) for each in chain)
    )
    if not is_fit:
        raise Unfit


def _decoded(part: str) -> bytes:
    """The bytes of base64 without padding, spelled in the one right way; Unfit."""
    try:
        data = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error:
        raise Unfit from None
    if urlsafe_b64encode(data).rstrip(b"=") != part.encode():
        raise Unfit
    return data


def _members(data: bytes, names: frozenset[str]) -> dict[str, object]:
    """The members of a JSON object that have these names; Unfit when one comes twice.

    Objects are read to tuples. What is not looked at may be any JSON, in any encoding.
    """
    text = data.decode(errors="surrogateescape")
    try:
        value = json.loads(text, object_pairs_hook=tuple, parse_int=_integer, parse_constant=_refused)
    except (ValueError, RecursionError):
        raise Unfit from None
    if not isinstance(value, tuple):
        raise Unfit
    told: Pairs = value
    known = [(name, member) for name, member in told if name in names]
    members = dict(known)
    if len(members) != len(known):
        raise Unfit
    return members


def _integer(digits: str) -> int | float:
    """An integer of 64 bits; other ones, and minus zero, are no integers to the release."""
    is_long = len(digits) > INTEGER_LENGTH_MAX
    return float(digits) if is_long or digits == "-0" else int(digits)


def _refused(constant: str) -> object:
    """NaN and the infinities, which Python's JSON has and JSON has not."""
    del constant
    raise Unfit


def is_text(value: object) -> TypeGuard[str]:
    """Whether a value is a text, without halves of characters."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
