"""The proxy passes bytes both ways, and ends when either side ends."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest

from tests.conformance.server import ROOT, environment_for

PATIENCE_S = 20.0

Relayed = tuple["subprocess.Popen[bytes]", socket.socket]
HANDSHAKE = (
    b"GET /rpc HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty home, near enough to the root for a socket's path."""
    return tmp_path_factory.mktemp("h")


def start(home: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    """A command on this home."""
    return subprocess.Popen(
        [sys.executable, "-m", "tools.cli", "app-server", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment_for(home),
    )


@contextmanager
def relayed(home: Path) -> Iterator[Relayed]:
    """A proxy, and the server's end of its connection."""
    path = home / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        listener.settimeout(PATIENCE_S)
        with start(home, "proxy", "--sock", str(path)) as process:
            peer, _ = listener.accept()
            peer.settimeout(PATIENCE_S)
            with peer:
                yield process, peer
            process.wait(PATIENCE_S)


def received(peer: socket.socket, size: int) -> bytes:
    """So many bytes."""
    data = b""
    while len(data) < size:
        more = peer.recv(1 << 20)
        assert more
        data += more
    return data


def test_bytes_go_both_ways_as_they_are_until_the_input_ends(home: Path) -> None:
    data = os.urandom(300_000)
    with relayed(home) as (process, peer):
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(data)
        process.stdin.flush()
        assert received(peer, len(data)) == data
        peer.sendall(data[:50_000])
        assert process.stdout.read(50_000) == data[:50_000]
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0
        assert peer.recv(1) == b""


def test_it_ends_when_the_server_goes_away_with_all_that_was_said(home: Path) -> None:
    with relayed(home) as (process, peer):
        peer.sendall(b"x" * 100_000)
        peer.close()
        assert process.stdout is not None
        assert process.stdout.read() == b"x" * 100_000
        assert process.wait(PATIENCE_S) == 0


def test_a_reader_that_has_gone_is_a_failure(home: Path) -> None:
    with relayed(home) as (process, peer):
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        peer.sendall(b"x")
        assert process.wait(PATIENCE_S) == 1
        assert process.stderr.read() == (
            b"Error: failed to relay data between stdio and socket\n\nCaused by:\n"
            b"    Broken pipe (os error 32)\n"
        )


def test_a_socket_that_nobody_listens_on_is_a_failure(home: Path) -> None:
    path = home / "s"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    done = start(home, "proxy", "--sock", str(path))
    _, told = done.communicate(timeout=PATIENCE_S)
    assert done.returncode == 1
    sentence = f"Error: failed to connect to socket at {path}\n\nCaused by:\n    "
    assert told.decode() == f"{sentence}Connection refused (os error 111)\n"


def test_the_control_socket_is_what_is_proxied_asked_and_left_running(home: Path) -> None:
    server = start(home, "--listen", "unix://")
    control = home / "app-server-control" / "app-server-control.sock"
    try:
        until_there(server, control)
        with start(home, "proxy") as proxy:
            assert proxy.stdin is not None
            assert proxy.stdout is not None
            proxy.stdin.write(HANDSHAKE)
            proxy.stdin.flush()
            assert proxy.stdout.readline() == b"HTTP/1.1 101 Switching Protocols\r\n"
            proxy.stdin.close()
            assert proxy.wait(PATIENCE_S) == 0
        version, stop = (
            start(home, "daemon", word).communicate(timeout=PATIENCE_S) for word in ("version", "stop")
        )
        assert orjson.loads(version[0]) == {
            "status": "running",
            "socketPath": str(control),
            "cliVersion": "0.131.0",
            "appServerVersion": "0.131.0",
        }
        assert stop == (b"", b"Error: app server is running but is not managed by codex app-server daemon\n")
        assert server.poll() is None
    finally:
        server.terminate()
        assert server.communicate(timeout=PATIENCE_S) == (b"", b"")
    assert server.returncode == 0
    assert not control.exists()


def test_where_nothing_runs_there_is_nothing_to_stop(home: Path) -> None:
    done = start(home, "daemon", "stop")
    told, _ = done.communicate(timeout=PATIENCE_S)
    assert done.returncode == 0
    assert orjson.loads(told)["status"] == "notRunning"


def until_there(server: "subprocess.Popen[bytes]", path: Path) -> None:
    """Wait until the server's socket is there: the file is its only sign."""
    while not path.exists():
        assert server.poll() is None
