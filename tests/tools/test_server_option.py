"""`--server`: the commands ask a server that runs, by its address."""

import asyncio
from pathlib import Path

import pytest

from tests.end_to_end.doors import DOORS, STDIO, TOKEN, Door, served
from tests.end_to_end.homes import lay_threads, preview, thread_id
from tests.tools.test_commands import objects, run

VARIABLE = "A_TOKEN"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A home without threads, whose user asks about another one."""
    path = tmp_path / "elsewhere"
    path.mkdir()
    return path


@pytest.mark.parametrize("door", [door for door in DOORS if door is not STDIO], ids=lambda door: door.name)
async def test_a_running_server_is_asked(door: Door, tmp_path: Path, elsewhere: Path) -> None:
    lay_threads(tmp_path / "home", 3, turns=2)
    async with served(tmp_path / "home", door) as server:
        asked = ["--server", server.address, "--json", *(["--token-env", VARIABLE] if door.token else [])]
        listed = await asyncio.to_thread(run, elsewhere, "list", *asked, **{VARIABLE: TOKEN})
        shown = await asyncio.to_thread(run, elsewhere, "show", thread_id(1), *asked, **{VARIABLE: TOKEN})
    assert [row["preview"] for row in objects(listed.stdout)] == [preview(number) for number in (2, 1, 0)]
    assert [turn["id"] for turn in objects(shown.stdout)] == ["turn-0", "turn-1"]
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--server", "http://127.0.0.1:1"], "'http://127.0.0.1:1' is no server's address"),
        (["--server", "unix:///nowhere/at/all"], "no server can be reached at unix:///nowhere/at/all"),
        (["--server", "unix://"], "elsewhere/app-server-control/app-server-control.sock"),
        (["--server", "ws://127.0.0.1:1"], "no server can be reached at ws://127.0.0.1:1"),
        (["--server", "ws://127.0.0.1:1", "--token-env", VARIABLE], f"the variable {VARIABLE} is not set"),
    ],
)
def test_a_server_that_cannot_be_asked_is_one_sentence(
    arguments: list[str], sentence: str, elsewhere: Path
) -> None:
    done = run(elsewhere, "list", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
