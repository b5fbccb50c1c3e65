"""The official terminal client, release 0.131.0: lists, unfolds, searches, opens and renames by our doors.

THREADSTORE_CODEX names it; its terminal is one of tmux. Every conversation has a server of its own.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.clients.terminal import PATIENCE_S, Terminal, terminal
from tests.end_to_end.doors import GUARDED, TOKEN, UNIX, WEBSOCKET, Door, Served, served
from tests.end_to_end.homes import lay_threads, preview, thread_id
from tests.reference.sealed import CODEX, NOWHERE

THREADS, TURNS = 40, 3
TOKEN_VARIABLE = "REMOTE_TOKEN"

pytestmark = [
    pytest.mark.clients,
    pytest.mark.skipif(not CODEX, reason="THREADSTORE_CODEX names no codex binary of release 0.131.0"),
    pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux"),
]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path for sockets."""
    with tempfile.TemporaryDirectory(prefix="tui-") as name:
        yield Path(name)


@pytest.fixture(params=[WEBSOCKET, UNIX, GUARDED], ids=lambda door: door.name)
async def server(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Served]:
    """A home of more threads than a screen has lines, behind each door that the client knows."""
    door: Door = request.param
    home = tmp_path / "home"
    lay_threads(home, THREADS, TURNS)
    async with served(home.resolve(), door) as running:
        yield running


def command(server: Served, *words: str) -> list[str]:
    """The client's command line."""
    token = ["--remote-auth-token-env", TOKEN_VARIABLE] if server.door.token else []
    return [CODEX, *words, "--remote", server.address, *token]


def settings(folder: Path) -> dict[str, str]:
    """The client's own environment: an empty home, and no way out."""
    home = folder / "client"
    home.mkdir(exist_ok=True)
    return {
        "CODEX_HOME": str(home),
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "TERM": "xterm-256color",
        "http_proxy": NOWHERE,
        "https_proxy": NOWHERE,
        "no_proxy": "127.0.0.1",
        TOKEN_VARIABLE: TOKEN,
    }


async def opened(shown: Terminal) -> None:
    """Open what is chosen, and wait for its last turn."""
    shown.type("Enter")
    await shown.until("answer 2", gone="Resume a previous session")


async def test_the_picker_lists_unfolds_searches_and_opens(server: Served, folder: Path) -> None:
    async with terminal(command(server, "resume"), settings(folder), folder) as shown:
        await shown.until(preview(39), preview(38))
        shown.type("C-e")
        await shown.until("/srv/demo")
        shown.type("C-e")
        shown.type("question 3 of")
        await shown.until(preview(3), gone=preview(39))
        await opened(shown)
        await shown.until("question 1", "answer 1", "question 2")


async def test_a_thread_is_opened_by_its_id_and_renamed(server: Served, folder: Path) -> None:
    async with (
        server.client() as watcher,
        terminal(command(server, "resume", thread_id(7)), settings(folder), folder) as shown,
    ):
        await shown.until("question 2", "answer 2")
        with watcher.notifications("thread/name/updated") as told:
            await shown.say("/rename a name from afar")
            async with asyncio.timeout(PATIENCE_S):
                news = await anext(told)
        assert news.params == {"threadId": thread_id(7), "threadName": "a name from afar"}
        assert (await watcher.read(thread_id(7)))["name"] == "a name from afar"


async def test_a_thread_is_opened_by_its_name(server: Served, folder: Path) -> None:
    async with server.client() as client:
        await client.request("thread/name/set", {"threadId": thread_id(11), "name": "the-wanted-one"})
    async with terminal(command(server, "resume", "the-wanted-one"), settings(folder), folder) as shown:
        await shown.until("question 2", "answer 2")


async def test_a_message_is_answered_by_words_and_the_conversation_stays(
    server: Served, folder: Path
) -> None:
    async with terminal(command(server, "resume", thread_id(7)), settings(folder), folder) as shown:
        await shown.until("answer 2")
        await shown.say("are you there?")
        await shown.until("no model")
        await shown.say("/rename still here")
        await shown.until("still here", gone="/rename")
