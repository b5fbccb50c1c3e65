"""Lines over the pipes of a process."""

import asyncio
import sys

import pytest

from api.client.wires import WireEnded
from api.client.wires.process import ProcessWire, start

ECHO = "import sys\nfor line in sys.stdin.buffer: sys.stdout.buffer.write(line); sys.stdout.flush()"


async def running(program: str) -> ProcessWire:
    """A wire to a program in Python."""
    return await start((sys.executable, "-c", program))


async def test_lines_of_any_size_come_and_go_whole() -> None:
    wire = await running(ECHO)
    for size in (0, 1, 65_535, 65_536, 3_000_000):
        sending = asyncio.create_task(wire.send(b"x" * size))
        assert await wire.receive() == b"x" * size + b"\n"
        await sending
    await wire.close()
    assert wire.process.returncode == 0


@pytest.mark.parametrize(
    ("program", "how"),
    [
        ("", "status 0"),
        ("raise SystemExit(7)", "status 7"),
        ("import os; os.kill(os.getpid(), 9)", "status -9"),
        ("print('half', end='')", "status 0"),
    ],
)
async def test_the_end_tells_the_status(program: str, how: str) -> None:
    wire = await running(program)
    with pytest.raises(WireEnded, match=how):
        await wire.receive()
    await wire.close()


async def test_sending_to_what_has_ended_is_an_end() -> None:
    wire = await running("")
    await wire.process.wait()
    with pytest.raises(WireEnded, match="input is closed"):
        await wire.send(b"x" * 1_000_000)
    await wire.close()


async def test_a_line_beyond_the_limit_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.client.wires.process.ANSWER_SIZE_MAX", 1000)
    wire = await running("print('x' * 2000); import sys; sys.stdin.read()")
    with pytest.raises(WireEnded, match="more than 1000 bytes"):
        await wire.receive()
    await wire.close()


async def test_a_program_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.client.wires.process.SERVER_END_SECONDS", 0.05)
    wire = await running("import signal; print('up', flush=True); signal.pause()")
    await wire.receive()
    await wire.close()
    assert wire.process.returncode == -9


async def test_what_is_still_said_at_the_end_holds_up_nobody() -> None:
    wire = await running("import sys; sys.stdin.read(); print('x' * 5_000_000)")
    await wire.close()
    assert wire.process.returncode == 0
