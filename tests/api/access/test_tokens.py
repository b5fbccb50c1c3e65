"""Signed tokens against what release 0.131.0 does with each of them (observed on the release binary)."""

import json
from typing import Any

import pytest

from api.access.gate import Refusal
from api.access.tokens import (
    EXPIRED,
    INVALID,
    OTHER_AUDIENCE,
    OTHER_ISSUER,
    TOO_EARLY,
    Judge,
)
from tests.api.access.tickets import HEADER, SECRET, encoded, ticket

NOW = 1_800_000_000
LATER = NOW + 100
GOOD = {"exp": LATER}
ALL = GOOD | {"iss": "me", "aud": "you"}

ANYBODY = Judge(SECRET.encode(), None, None, 30)
EXPECTING = Judge(SECRET.encode(), "me", "you", 30)
TOLERANT = Judge(SECRET.encode(), None, None, 2**63 - 1)
STRICT = Judge(SECRET.encode(), None, None, 0)


def header(**members: Any) -> str:
    """A token with these members in its head."""
    return ticket(GOOD, json.dumps({"alg": "HS256"} | members))


def spelled(more: str) -> str:
    """A token whose claims go on like this."""
    return ticket(f'{{"exp":{LATER}{more}}}')


def with_other_last_bits(token: str) -> str:
    """The token, its last character another one for the same bytes."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + letters[letters.index(token[-1]) | 1]


JUDGED: list[tuple[Judge, str, Refusal | None]] = [
    (ANYBODY, ticket(GOOD), None),
    # times
    *[
        (ANYBODY, ticket({"exp": exp}), INVALID)
        for exp in (LATER + 0.5, float(LATER), str(LATER), None, True)
    ],
    *[(ANYBODY, ticket({"exp": exp}), INVALID) for exp in (2**63, -(2**63) - 1, [LATER])],
    (ANYBODY, ticket('{"exp":1e12}'), INVALID),
    (ANYBODY, ticket('{"exp":-0}'), INVALID),
    (ANYBODY, ticket({}), INVALID),
    (ANYBODY, ticket({"exp": 2**63 - 1}), None),
    (ANYBODY, ticket({"exp": -(2**63)}), EXPIRED),
    (ANYBODY, ticket({"exp": NOW - 30}), None),
    (ANYBODY, ticket({"exp": NOW - 31}), EXPIRED),
    (STRICT, ticket({"exp": NOW}), None),
    (STRICT, ticket({"exp": NOW - 1}), EXPIRED),
    (TOLERANT, ticket({"exp": 0, "nbf": 2**62}), None),
    (ANYBODY, ticket(GOOD | {"nbf": None}), None),
    (ANYBODY, ticket(GOOD | {"nbf": NOW + 30}), None),
    (ANYBODY, ticket(GOOD | {"nbf": NOW + 31}), TOO_EARLY),
    (STRICT, ticket(GOOD | {"nbf": NOW + 1}), TOO_EARLY),
    *[(ANYBODY, ticket(GOOD | {"nbf": nbf}), INVALID) for nbf in (1.0, "1", False, ["1"])],
    # issuer and audience, of the right type even where nobody asks
    *[(ANYBODY, ticket(GOOD | {"iss": iss}), None) for iss in (None, "me", "")],
    *[(ANYBODY, ticket(GOOD | {"iss": iss}), INVALID) for iss in (1, ["me"], {"a": "b"}, "\ud800")],
    *[(ANYBODY, ticket(GOOD | {"aud": aud}), None) for aud in (None, "a", [], ["a", "b"])],
    *[(ANYBODY, ticket(GOOD | {"aud": aud}), INVALID) for aud in (1, {}, {"a": "b"}, ["a", 1], [None])],
    (EXPECTING, ticket(ALL), None),
    (EXPECTING, ticket(ALL | {"aud": ["x", "you"]}), None),
    *[(EXPECTING, ticket(ALL | {"iss": iss}), OTHER_ISSUER) for iss in (None, "Me", "me ", "")],
    *[(EXPECTING, ticket(ALL | {"aud": aud}), OTHER_AUDIENCE) for aud in (None, "x", "yo", [], ["yo", "u"])],
    (EXPECTING, ticket(GOOD), OTHER_ISSUER),
    # the order in which it is checked
    (EXPECTING, ticket({"exp": 0}, secret="x" * 40), INVALID),
    (EXPECTING, ticket({"exp": 0, "nbf": 2**62}), EXPIRED),
    (EXPECTING, ticket({"exp": LATER, "nbf": 2**62}), TOO_EARLY),
    # members twice, and others
    (ANYBODY, spelled(f',"exp":{LATER}'), INVALID),
    (ANYBODY, spelled(f',"\\u0065xp":{LATER}'), INVALID),
    (ANYBODY, spelled(',"iss":"a","iss":"a"'), INVALID),
    (ANYBODY, spelled(',"foo":1,"foo":2,"iat":"x"'), None),
    (ANYBODY, spelled(',"foo":{"exp":1,"exp":2}'), None),
    (ANYBODY, spelled(',"foo":' + "9" * 5000), None),
    (ANYBODY, spelled(',"foo":"\\ud800"'), None),
    (ANYBODY, spelled(',"foo":NaN'), INVALID),
    (ANYBODY, spelled(',"foo":"\n"'), INVALID),
    (ANYBODY, spelled(',"foo":' + "[" * 100_000), INVALID),
    # what is no object
    *[(ANYBODY, ticket(text), INVALID) for text in ("", "x", "[]", '"x"', "null", f'{{"exp":{LATER}}} x')],
    (ANYBODY, ticket(f' {{ "exp" : {LATER} }} '), None),
    (ANYBODY, ticket(f'\ufeff{{"exp":{LATER}}}'), INVALID),
    (ANYBODY, ticket(b'{"exp":%d,"foo":"\xff"}' % LATER), None),
    (ANYBODY, ticket(b'{"exp":%d,"iss":"\xff"}' % LATER), INVALID),
    # the head
    *[(ANYBODY, header(**{name: "x"}), None) for name in ("typ", "kid", "cty", "crit", "foo")],
    *[(ANYBODY, header(**{name: 1}), INVALID) for name in ("typ", "kid", "cty", "jku", "x5t#S256")],
    *[(ANYBODY, header(**{name: 1}), INVALID) for name in ("jwk", "x5c")],
    (ANYBODY, header(typ=None, crit=["x"], b64=False, enc=5), None),
    *[(ANYBODY, header(alg=alg), INVALID) for alg in ("HS384", "HS512", "RS256", "none", "hs256", None, 1)],
    (ANYBODY, ticket(GOOD, '{"alg":"HS384"}', algorithm="sha384"), INVALID),
    (ANYBODY, ticket(GOOD, "{}"), INVALID),
    (ANYBODY, ticket(GOOD, '["JWT","HS256"]'), INVALID),
    *[(ANYBODY, ticket(GOOD, HEADER[:-1] + f',"{name}":"x"}}'), INVALID) for name in ("alg", "typ")],
    (ANYBODY, ticket(GOOD, '{"alg":"HS256","foo":1,"foo":1}'), None),
    # the parts
    (ANYBODY, "", INVALID),
    (ANYBODY, "abc", INVALID),
    (ANYBODY, "..", INVALID),
    (ANYBODY, ticket(GOOD).rpartition(".")[0], INVALID),
    (ANYBODY, ticket(GOOD).rpartition(".")[0] + ".", INVALID),
    (ANYBODY, ticket(GOOD) + ".x", INVALID),
    (ANYBODY, ticket(GOOD) + "=", INVALID),
    (ANYBODY, ticket(GOOD) + "A", INVALID),
    (ANYBODY, ticket(GOOD) + "\n", INVALID),
    (ANYBODY, with_other_last_bits(ticket(GOOD)), INVALID),
    (ANYBODY, ticket(GOOD, secret="x" * 40), INVALID),
    (ANYBODY, ".".join([encoded(b'{"alg":"none"}'), encoded(b'{"exp":9000000000}'), ""]), INVALID),
]


@pytest.mark.parametrize(("judge", "token", "refusal"), JUDGED, ids=lambda told: "")
def test_a_token_is_judged_as_the_release_does(judge: Judge, token: str, refusal: Refusal | None) -> None:
    assert judge.refusal(token, NOW) == refusal


def test_a_judge_does_not_show_its_secret() -> None:
    assert SECRET not in repr(ANYBODY)
    assert SECRET not in str(ANYBODY)
