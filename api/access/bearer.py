"""The token of an `Authorization` header."""

from collections.abc import Sequence

from api.access.gate import Refusal

UNAUTHORIZED = 401
BAD_REQUEST = 400

MISSING = Refusal(UNAUTHORIZED, "missing websocket bearer token")
UNFIT = Refusal(UNAUTHORIZED, "invalid authorization header")
TWICE = Refusal(BAD_REQUEST, "more than one authorization header")
"""Release 0.131.0 takes the first of two; here two programs could each see another one."""

BLANKS = " \t"


def bearer_token(authorization: Sequence[str]) -> str | Refusal:
    """The token in the one header: `Bearer` in any case, blanks, the token; else why there is none."""
    if not authorization:
        return MISSING
    if len(authorization) > 1:
        return TWICE
    header = authorization[0].strip(BLANKS)
    scheme, _, rest = header.partition(" ")
    token = rest.strip(BLANKS)
    if scheme.lower() != "bearer" or not token or not _is_plain(header):
        return UNFIT
    return token


def _is_plain(header: str) -> bool:
    return header.isascii() and header.replace("\t", " ").isprintable()
