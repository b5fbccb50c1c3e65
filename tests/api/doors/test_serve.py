"""Opening the door that is asked for, and the end of the process, whatever holds it up."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from api.access.options import EverybodyPolicy
from api.doors.listen import Listen, Off, Tcp
from api.doors.serve import serve
from api.service import Options
from domain.errors import AccessControlMissing, NoTransport, StartRefused
from domain.limits import STOP_SECONDS
from rollout.finding.home import Home
from tests.conformance.server import ROOT

STUCK = """
import asyncio, sys, threading
from pathlib import Path
from api.access.options import EverybodyPolicy
from api.doors.listen import Stdio
from api.doors.serve import serve
from api.service import Options, Service
from rollout.finding.home import Home

async def close(self):
    # A thread that waits for a disk for ever: an executor's thread keeps the interpreter from ending.
    print("closing", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, threading.Event().wait)

Service.close = close
asyncio.run(serve(Home(Path(sys.argv[1])), Options(), Stdio(), EverybodyPolicy(), print))
"""

LATE_S = 1.0
"""What a busy machine may add to the time that stopping takes."""


def stuck(home: Path) -> "subprocess.Popen[bytes]":
    """A server whose service never closes, at the point where it closes it."""
    process = subprocess.Popen(
        [sys.executable, "-c", STUCK, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    assert process.stdout.readline() == b"closing\n"
    process.stdout.close()
    return process


@pytest.mark.parametrize(("signals", "seconds"), [(1, STOP_SECONDS), (2, 0.0)])
def test_a_disk_that_does_not_answer_holds_nobody_up(tmp_path: Path, signals: int, seconds: float) -> None:
    process = stuck(tmp_path)
    began = time.monotonic()
    for number in (signal.SIGTERM, signal.SIGINT)[:signals]:
        os.kill(process.pid, number)
    assert process.wait(20) == 0
    assert seconds - 0.1 < time.monotonic() - began < seconds + LATE_S


@pytest.mark.parametrize(
    ("listen", "refusal"),
    [(Off(), NoTransport), (Tcp("0.0.0.0", 0), AccessControlMissing), (Tcp("::", 0), AccessControlMissing)],
)
async def test_what_must_not_be_opened_is_not(
    tmp_path: Path, listen: Listen, refusal: type[StartRefused], monkeypatch: pytest.MonkeyPatch
) -> None:
    bound: list[object] = []
    monkeypatch.setattr(socket.socket, "bind", lambda _, address: bound.append(address))
    with pytest.raises(refusal):
        await serve(Home(tmp_path), Options(), listen, EverybodyPolicy(), print)
    assert not bound


async def test_a_socket_that_was_handed_over_is_no_way_around_access_control(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("0.0.0.0", 0)) as listener:
        monkeypatch.setattr("api.doors.serve._handed", lambda: listener)
        with pytest.raises(AccessControlMissing):
            await serve(Home(tmp_path), Options(), Off(), EverybodyPolicy(), print)
