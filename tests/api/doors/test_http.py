"""What a door says in HTTP (release 0.131.0, and where ours is stricter)."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.doors.opened import Refusing, opened, request

Json = dict[str, Any]
PAGES = "Connection header did not include 'upgrade'"
METHOD = "Request method must be `GET`"
VERSION = "`Sec-WebSocket-Version` header did not include '13'"

REFUSED: list[tuple[str, bytes, int, str]] = [
    ("origin", request(Origin="https://evil.example"), 403, ""),
    ("empty origin", request(Origin=""), 403, ""),
    ("null origin", request(Origin="null"), 403, ""),
    ("origin at health", request(path="/healthz", Origin="null"), 403, ""),
    ("origin of another method", request("POST", Origin="null"), 403, ""),
    ("a name as host", request(Host="evil.example"), 403, ""),
    ("a name as host at health", request(path="/readyz", Host="evil.example:80"), 403, ""),
    ("a name that begins like ours", request(Host="localhost.evil.example"), 403, ""),
    ("no upgrade", request(headers={"Connection": None}), 400, PAGES),
    ("kept alive", request(Connection="keep-alive"), 400, PAGES),
    ("no websocket", request(Upgrade="h2c"), 400, "`Upgrade` header did not include 'websocket'"),
    ("version 8", request(Sec_WebSocket_Version="8"), 400, VERSION),
    ("no key", request(headers={"Sec-WebSocket-Key": None}), 400, "`Sec-WebSocket-Key` header missing"),
    ("plain get", b"GET / HTTP/1.1\r\n\r\n", 400, PAGES),
    ("old protocol", b"GET / HTTP/1.0\r\n\r\n", 400, PAGES),
    ("post", request("POST", Content_Length="3") + b"abc", 405, METHOD),
    ("head", request("HEAD"), 405, ""),
    ("no http", b"{}\n", 400, ""),
    ("a greeting of TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 400, ""),
    ("bad header", b"GET / HTTP/1.1\r\nno header\r\n\r\n", 400, ""),
    ("folded header", b"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", 400, ""),
    ("long head", b"GET / HTTP/1.1\r\nA: " + b"x" * 16384 + b"\r\n\r\n", 431, ""),
    ("endless head", b"GET / HTTP/1.1\r\nA: " + b"x" * 16384, 431, ""),
]


@pytest.mark.parametrize(
    ("asked", "status", "body"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
async def test_a_request_that_is_not_let_in_is_told_why(
    tmp_path: Path, asked: bytes, status: int, body: str
) -> None:
    gate = Refusing("never asked")
    async with opened("tcp", tmp_path, gate=gate) as door:
        told = await (await door.connect()).exchange(asked)
        again = await (await door.connect()).exchange(request(path="/healthz"))
    assert (told[0], told[2].decode()) == (status, body)
    assert told[1]["connection"] == "close"
    kind = None if told[1]["content-length"] == "0" else "text/plain; charset=utf-8"
    assert told[1].get("content-type") == kind
    assert again[0] == 200
    assert gate.asked == []


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/healthz?x=y"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("headers", [{}, {"Connection": None, "Upgrade": None}], ids=["upgrade", "plain"])
async def test_health_is_told_without_authentication(
    tmp_path: Path, method: str, path: str, headers: Json
) -> None:
    async with opened("tcp", tmp_path, gate=Refusing("token")) as door:
        status, _, body = await (await door.connect()).exchange(request(method, path, headers))
    assert (status, body) == (200, b"")


async def test_health_knows_no_other_method(tmp_path: Path) -> None:
    async with opened("tcp", tmp_path) as door:
        status, headers, body = await (await door.connect()).exchange(request("DELETE", "/healthz"))
    assert (status, headers["allow"], body) == (405, "GET,HEAD", b"")


TAKEN: list[Json] = [
    {"path": "/rpc"},
    {"path": "/foo?x=y"},
    {"path": "/readyz/"},
    {"headers": {"Host": None}},
    {"Host": "127.0.0.1:4222"},
    {"Host": "[::1]:80"},
    {"Host": "::1"},
    {"Host": "LocalHost:80"},
    {"Upgrade": "WebSocket"},
    {"Connection": "keep-alive, Upgrade"},
    {"Sec_WebSocket_Key": "x"},
    {"Sec_WebSocket_Protocol": "a, b", "Sec_WebSocket_Extensions": "permessage-deflate"},
]


@pytest.mark.parametrize("asked", TAKEN, ids=str)
async def test_an_upgrade_is_granted_without_extensions_and_subprotocols(tmp_path: Path, asked: Json) -> None:
    async with opened("tcp", tmp_path) as door:
        caller = await door.connect()
        caller.write(request(**asked))
        head = await caller._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 ")
        assert b"sec-websocket-protocol" not in head.lower()
        assert b"sec-websocket-extensions" not in head.lower()
        await caller.greet()


async def test_a_gate_is_given_the_headers_in_order_and_the_address(tmp_path: Path) -> None:
    gate = Refusing("Bearer b", "Bearer a")
    async with opened("tcp", tmp_path, gate=gate) as door:
        told = await (await door.connect()).exchange(request(authorization="Bearer a"))
        twice = request(headers={"Authorization": "Bearer b", "AUTHORIZATION": "Bearer a"})
        caller = await door.connect()
        caller.write(twice)
        assert (await caller._reader.readline()).startswith(b"HTTP/1.1 101")
    assert (told[0], told[2]) == (401, b"who are you")
    assert gate.asked == [(["Bearer a"], "127.0.0.1"), (["Bearer b", "Bearer a"], "127.0.0.1")]


SILENTLY_REFUSED = [row for row in REFUSED if "origin" not in row[0] and "name" not in row[0]]


@pytest.mark.parametrize(
    "asked", [row[1] for row in SILENTLY_REFUSED], ids=[row[0] for row in SILENTLY_REFUSED]
)
async def test_a_socket_file_answers_nothing_but_upgrades(tmp_path: Path, asked: bytes) -> None:
    async with opened("unix", tmp_path) as door:
        caller = await door.connect()
        caller.write(asked)
        assert await caller.rest() == b""
        await door.greeted()


@pytest.mark.parametrize(
    "asked",
    [{"path": "/rpc", "Origin": "null"}, {"headers": {"Host": None}}, {"Host": "evil.example"}],
    ids=str,
)
async def test_a_socket_file_lets_origins_and_all_hosts_in(tmp_path: Path, asked: Json) -> None:
    async with opened("unix", tmp_path) as door:
        caller = await door.connect()
        caller.write(request(**asked))
        assert (await caller._reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
        await caller.greet()
