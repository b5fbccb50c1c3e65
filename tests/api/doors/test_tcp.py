"""The port of a door: what is told of it, and what the system may have against it."""

import socket
from pathlib import Path

import pytest

from api.access.gate import OpenGate
from api.doors.listen import Tcp
from api.doors.stopping import Stop
from api.doors.tcp import bind_tcp, is_loopback, serve_tcp
from domain.errors import AccessControlMissing, ListenFailed
from tests.api.clients import service_on
from tests.api.doors.opened import Refusing, opened


async def test_a_banner_tells_where_to_find_it(tmp_path: Path) -> None:
    async with opened("tcp", tmp_path) as door:
        assert not isinstance(door.address, Path)
        address = f"127.0.0.1:{door.address[1]}"
    assert door.banner == [
        "codex app-server (WebSockets)",
        f"  listening on: ws://{address}",
        f"  readyz: http://{address}/readyz",
        f"  healthz: http://{address}/healthz",
        "  note: binds localhost only (use SSH port-forwarding for remote access)",
    ]


async def test_addresses_of_ipv6_are_written_in_brackets(tmp_path: Path) -> None:
    service, stop, lines = service_on(tmp_path, lasting=False), Stop(), list[str]()
    stop.ask()
    await serve_tcp(service, Tcp("::1", 0), Refusing("token"), stop, lines.append)
    await service.close()
    assert lines[1].startswith("  listening on: ws://[::1]:")


REFUSED = {
    "a port in use": ("127.0.0.1", "Address in use (os error 98)"),
    "an address of somebody else": ("192.0.2.1", "Address not available (os error 99)"),
}


@pytest.mark.parametrize(("host", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_what_the_system_has_against_an_address_is_told(host: str, told: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(ListenFailed) as refusal:
        bind_tcp(Tcp(host, other.getsockname()[1]))
    assert (str(refusal.value), refusal.value.exit_code) == (told, 1)


@pytest.mark.parametrize(
    ("host", "is_so"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", False),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.1", False),
        ("fe80::1%lo", False),
    ],
)
def test_only_some_addresses_are_reached_from_this_machine_alone(host: str, *, is_so: bool) -> None:
    assert is_loopback(host) == is_so


@pytest.mark.parametrize(
    ("host", "written"), [("192.0.2.1", "192.0.2.1:7"), ("2001:db8::1", "[2001:db8::1]:7")]
)
async def test_nobody_listens_where_others_reach_it_with_an_open_gate(
    tmp_path: Path, host: str, written: str
) -> None:
    service = service_on(tmp_path, lasting=False)
    with pytest.raises(AccessControlMissing) as refusal:
        await serve_tcp(service, Tcp(host, 7), OpenGate(), Stop(), print)
    await service.close()
    assert f"listener {written} without auth" in str(refusal.value)
