"""Sockets that a service manager hands over, and what it is told."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from api.access.gate import OpenGate
from api.doors import tcp
from api.doors.listen import Tcp
from api.doors.stopping import Stop
from api.doors.systemd import handed_socket, notify
from api.doors.tcp import serve_tcp
from api.doors.unix import serve_unix
from domain.errors import AccessControlMissing, UnfitHandedSocket
from tests.api.clients import PATIENCE_S, service_on
from tests.api.doors.asked import METHOD
from tests.api.doors.opened import Opened

ME = str(os.getpid())


def listening(family: int, address: str | tuple[str, int]) -> socket.socket:
    """A socket as a service manager makes it."""
    made = socket.socket(family, socket.SOCK_STREAM)
    made.bind(address)
    made.listen()
    return made


def environment(count: str = "1", process: str = ME, **more: str) -> dict[str, str]:
    """What a service manager sets."""
    return {"LISTEN_PID": process, "LISTEN_FDS": count, "HOME": "/", **more}


@pytest.mark.parametrize(
    "told",
    [{}, environment(process="1"), environment(""), {"LISTEN_FDS": "1"}, environment(process="")],
    ids=["nothing", "another process", "no number", "no process", "an empty process"],
)
def test_nothing_is_handed_over_unless_to_this_process(told: dict[str, str]) -> None:
    assert handed_socket(told) is None
    assert set(told) <= {"HOME"}


@pytest.mark.parametrize("count", ["0", "17", "-1", "x", "1.0", "٣", "9" * 5000])
def test_a_count_that_makes_no_sense_is_refused(count: str) -> None:
    with pytest.raises(UnfitHandedSocket):
        handed_socket(environment(count))


async def _served(door: Opened, serving: "asyncio.Task[None]") -> None:
    caller = await door.greeted()
    assert "result" in await caller.call(METHOD)
    await caller.close()
    door.stop.ask()
    await asyncio.wait_for(serving, PATIENCE_S)
    await door.service.close()


async def test_a_unix_socket_that_is_handed_over_is_served_and_its_file_stays(tmp_path: Path) -> None:
    service, stop, path = service_on(tmp_path, lasting=False), Stop(), tmp_path / "s"
    handed = listening(socket.AF_UNIX, str(path))
    serving = asyncio.create_task(serve_unix(service, tmp_path / "unused" / "s", stop, handed=handed))
    await _served(Opened(service, stop, path), serving)
    assert path.is_socket()
    assert not (tmp_path / "unused").exists()


async def test_a_port_that_is_handed_over_is_served(tmp_path: Path) -> None:
    service, stop = service_on(tmp_path, lasting=False), Stop()
    handed = listening(socket.AF_INET, ("127.0.0.1", 0))
    address = handed.getsockname()
    lines: list[str] = []
    serving = asyncio.create_task(
        serve_tcp(service, Tcp("127.0.0.1", 1), OpenGate(), stop, lines.append, handed=handed)
    )
    await _served(Opened(service, stop, address), serving)
    assert lines[1] == f"  listening on: ws://127.0.0.1:{address[1]}"


async def test_a_port_that_others_reach_needs_a_gate_also_when_it_is_handed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = service_on(tmp_path, lasting=False)
    monkeypatch.setattr(tcp, "is_loopback", lambda host: host != "127.0.0.1")
    with listening(socket.AF_INET, ("127.0.0.1", 0)) as handed:
        port = handed.getsockname()[1]
        with pytest.raises(AccessControlMissing, match=rf" 127\.0\.0\.1:{port} "):
            await serve_tcp(service, Tcp("127.0.0.1", 1), OpenGate(), Stop(), print, handed=handed)
    await service.close()


CHILD = """
import os, sys
from api.doors.systemd import handed_socket
os.environ["LISTEN_PID"] = str(os.getpid())
try:
    handed = handed_socket(os.environ)
except Exception as error:
    sys.exit(str(error))
print(handed.getsockname()[1], handed.get_inheritable(), [n for n in os.environ if n.startswith("LISTEN")])
"""


def hand_over(names: str | None, *handed: socket.socket | int) -> "subprocess.CompletedProcess[str]":
    """What a process makes of these descriptors."""
    numbers = [each if isinstance(each, int) else each.fileno() for each in handed]
    moves = "; ".join(
        [f"os.dup2({number}, {100 + index})" for index, number in enumerate(numbers)]
        + [f"os.dup2({100 + index}, {3 + index})" for index in range(len(numbers))]
    )
    told = {"LISTEN_FDS": str(len(numbers))} | ({} if names is None else {"LISTEN_FDNAMES": names})
    return subprocess.run(
        [sys.executable, "-c", f"import os; {moves}\n{CHILD}"],
        pass_fds=numbers,
        env={**os.environ, **told, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


@pytest.mark.parametrize(
    ("names", "index"),
    [(None, 0), ("any", 0), ("other:threadstore", 1), ("threadstore", 0), ("a:threadstore:b", 1)],
)
def test_of_several_sockets_the_one_with_our_name_is_taken(names: str | None, index: int) -> None:
    count = 1 if names in {None, "any"} else 2
    made = [listening(socket.AF_INET, ("127.0.0.1", 0)) for _ in range(count)]
    done = hand_over(names, *made)
    assert done.stdout == f"{made[index].getsockname()[1]} False []\n", done.stderr
    for each in made:
        each.close()


@pytest.mark.parametrize("names", [None, "a:b", "threadstore:threadstore"])
def test_several_sockets_without_our_name_are_refused(names: str | None) -> None:
    with listening(socket.AF_INET, ("127.0.0.1", 0)) as made:
        done = hand_over(names, made, made)
    assert (done.returncode, "there are 2" in done.stderr) == (1, True)


def test_what_cannot_be_listened_on_is_refused(tmp_path: Path) -> None:
    with (
        (tmp_path / "file").open("wb") as file,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as deaf,
    ):
        told = {hand_over(None, each.fileno()).stderr.strip() for each in (file, datagrams, deaf)}
    assert told == {
        f"cannot listen on the socket handed over by the service manager: descriptor 3 {why}"
        for why in (
            "is no socket",
            "is no stream socket of a known family",
            "is not listening (it takes Accept=no)",
        )
    }


@asynccontextmanager
async def manager(address: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[socket.socket]:
    """A service manager that listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.settimeout(PATIENCE_S)
        heard.bind("\0" + address[1:] if address.startswith("@") else address)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        yield heard


@pytest.mark.parametrize("is_abstract", [True, False])
async def test_a_service_manager_is_told_of_the_beginning_and_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_abstract: bool
) -> None:
    address = f"@threadstore-tests-{ME}" if is_abstract else str(tmp_path / "n")
    async with manager(address, monkeypatch) as heard:
        service, stop, path = service_on(tmp_path, lasting=False), Stop(), tmp_path / "s"
        serving = asyncio.create_task(serve_unix(service, path, stop))
        assert await asyncio.to_thread(heard.recv, 100) == b"READY=1"
        assert path.is_socket()
        await _served(Opened(service, stop, path), serving)
        assert await asyncio.to_thread(heard.recv, 100) == b"STOPPING=1"


@pytest.mark.parametrize("address", ["", "/nowhere/at/all", "@nobody-listens", "vsock:2:1", "relative"])
def test_a_manager_that_does_not_listen_is_no_failure(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    notify("READY=1")
