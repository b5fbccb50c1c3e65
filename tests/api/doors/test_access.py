"""Authentication end to end: what a handshake over a real socket is answered (transports.md)."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from api.access.gates import open_gate
from api.access.options import Policy, SignedPolicy, TokenDigestPolicy
from domain.limits import FAILURES_MAX
from tests.api.access.tickets import SECRET, ticket
from tests.api.doors.opened import UPGRADE, opened, read_reply

TOKEN = "a-token"
DIGEST = TokenDigestPolicy(sha256(TOKEN.encode()).digest())


def signed(issuer: str | None = None, audience: str | None = None) -> SignedPolicy:
    """A policy whose secret is in the file that each test writes."""
    return SignedPolicy("secret", issuer, audience, 30)


def claims(**more: Any) -> Mapping[str, Any]:
    """What a token of now claims."""
    return {"exp": int(time.time()) + 1000} | more


def knock(*authorization: str, **more: str) -> bytes:
    """An upgrade with these headers, in this order."""
    fields = [*(UPGRADE | more).items(), *(("Authorization", value) for value in authorization)]
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return f"GET /?token={TOKEN} HTTP/1.1\r\n{lines}\r\n".encode("latin-1")


BY_TOKEN: list[tuple[Sequence[str], int, str]] = [
    ([f"Bearer {TOKEN}"], 101, ""),
    ([f"bEARER   {TOKEN}  "], 101, ""),
    ([], 401, "missing websocket bearer token"),
    ([""], 401, "invalid authorization header"),
    (["Bearer"], 401, "invalid authorization header"),
    ([f"Basic {TOKEN}"], 401, "invalid authorization header"),
    ([f"Bearer\t{TOKEN}"], 401, "invalid authorization header"),
    (["Bearer \xe9"], 401, "invalid authorization header"),
    (["Bearer other"], 401, "invalid websocket bearer token"),
    ([f"Bearer {TOKEN}", "Bearer other"], 400, "more than one authorization header"),
]

BY_SIGNATURE: list[tuple[SignedPolicy, str, int, str]] = [
    (signed(), ticket(claims()), 101, ""),
    (signed("me", "you"), ticket(claims(iss="me", aud=["x", "you"])), 101, ""),
    (signed(), "x", 401, "invalid websocket jwt"),
    (signed(), ticket(claims(), secret="x" * 40), 401, "invalid websocket jwt"),
    (signed(), ticket(claims()) + "=", 401, "invalid websocket jwt"),
    (signed(), ticket(claims(exp=0)), 401, "expired websocket jwt"),
    (signed(), ticket(claims(nbf=2**40)), 401, "websocket jwt is not valid yet"),
    (signed("me"), ticket(claims(iss="other")), 401, "websocket jwt issuer mismatch"),
    (signed("me", "you"), ticket(claims(iss="me")), 401, "websocket jwt audience mismatch"),
]


async def answer(root: Path, policy: Policy, asked: bytes) -> tuple[int, dict[str, str], str]:
    """What one handshake is answered by a door with this policy."""
    async with opened("tcp", root, gate=open_gate(policy, list[str]().append)) as door:
        caller = await door.connect()
        caller.write(asked)
        caller.finish()
        status, headers, body = read_reply(await caller.rest())
        return status, headers, body.decode() if status != 101 else ""


def check(answered: tuple[int, dict[str, str], str], status: int, body: str) -> None:
    """What was answered, and that nothing is told beside it."""
    assert (answered[0], answered[2]) == (status, body)
    if status != 101:
        headers = {name.lower(): value for name, value in answered[1].items()}
        assert headers["content-type"] == "text/plain; charset=utf-8"
        assert "www-authenticate" not in headers


@pytest.mark.parametrize(("authorization", "status", "body"), BY_TOKEN, ids=lambda told: "")
async def test_a_capability_token_lets_in(
    tmp_path: Path, authorization: Sequence[str], status: int, body: str
) -> None:
    check(await answer(tmp_path, DIGEST, knock(*authorization)), status, body)


@pytest.mark.parametrize(("policy", "token", "status", "body"), BY_SIGNATURE, ids=lambda told: "")
async def test_a_signed_token_lets_in(
    tmp_path: Path, policy: SignedPolicy, token: str, status: int, body: str
) -> None:
    (tmp_path / "secret").write_text(SECRET)
    placed = replace(policy, secret_path=str(tmp_path / "secret"))
    check(await answer(tmp_path, placed, knock(f"Bearer {token}")), status, body)


async def test_the_eleventh_attempt_is_not_heard_and_health_is_told_all_the_same(tmp_path: Path) -> None:
    async with opened("tcp", tmp_path, gate=open_gate(DIGEST, list[str]().append)) as door:
        statuses = []
        for asked in [*[knock("Bearer x")] * FAILURES_MAX, knock(f"Bearer {TOKEN}")]:
            status, _, _ = await (await door.connect()).exchange(asked)
            statuses.append(status)
        health, _, _ = await (await door.connect()).exchange(
            b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        )
    assert statuses == [401] * FAILURES_MAX + [429]
    assert health == 200


async def test_a_token_shows_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(0):
        for header in (f"Bearer {TOKEN}x", f"Bearer {TOKEN}", f"Basic {TOKEN}"):
            _, headers, body = await answer(tmp_path, DIGEST, knock(header))
            assert TOKEN not in f"{headers}{body}"
    assert TOKEN not in caplog.text
