"""What a server of a small home answers, to be held against what a fresh index gives."""

import json
import shutil
from pathlib import Path
from typing import Any

from projections.seal import seal_of, write_seal
from tests.api.lasting import Lasting, says, thread_id, write
from tests.home import event, item

Json = dict[str, Any]

THREADS = 9
ARCHIVED = 7
"""From this number on."""

LISTS: dict[str, Json] = {
    "live": {"limit": 4},
    "by update": {"limit": 4, "sortKey": "updated_at"},
    "archived": {"archived": True},
    "search": {"searchTerm": "number 3"},
    "known": {"useStateDbOnly": True},
    "of a directory": {"cwd": "/srv/2"},
}


def make_home(root: Path) -> None:
    """A home of a few threads, two of them archived."""
    for number in range(THREADS):
        path = write(root, number, f"this is number {number}", cwd=f"/srv/{number % 3}")
        turns = [turn(f"{number}-{each}") for each in range(3 + number)]
        path.write_bytes(path.read_bytes() + b"".join(turns))
        if number >= ARCHIVED:
            archive = root / "archived_sessions"
            archive.mkdir(exist_ok=True)
            path.rename(archive / path.name)


def turn(name: str) -> bytes:
    """A whole turn."""
    return (
        event("task_started", turn_id=name)
        + says(f"ask {name}")
        + item("message", role="assistant", content=[{"type": "output_text", "text": f"did {name}"}])
        + event("agent_message", message=f"did {name}")
        + event("task_complete", turn_id=name)
    )


def index_of(root: Path) -> Path:
    """Where the index is."""
    return root / "threadstore" / "index.sqlite"


async def answers(client: Lasting) -> dict[str, Any]:
    """Lists, searches and turns; an error fails."""
    found: dict[str, Any] = {name: await client.walk(**params) for name, params in LISTS.items()}
    for number in range(THREADS):
        asked = {"threadId": str(thread_id(number)), "includeTurns": True}
        found[f"turns of {number}"] = (await client.call("thread/read", asked))["thread"]["turns"]
    return found


async def served(root: Path, *, is_lasting: bool = True) -> dict[str, Any]:
    """The answers of a server that starts now."""
    async with Lasting(root, is_lasting=is_lasting) as client:
        return await answers(client)


async def fill(root: Path) -> None:
    """Have a server index the home, and end."""
    async with Lasting(root) as client:
        await client.rested()
        await answers(client)


def keep_index(root: Path) -> None:
    """Copy the index beside the home."""
    shutil.copytree(index_of(root).parent, root.with_name(root.name + "-index"))


def put_back_index(root: Path) -> None:
    """The index as it was when it was kept, sealed as the server left it."""
    index = index_of(root)
    shutil.rmtree(index.parent)
    shutil.copytree(root.with_name(root.name + "-index"), index.parent)
    write_seal(index, seal_of(index))


async def fresh(root: Path) -> dict[str, Any]:
    """The answers without any index from before."""
    shutil.rmtree(index_of(root).parent, ignore_errors=True)
    found = await served(root)
    assert len(found["live"]) == ARCHIVED and len(found["turns of 3"]) == 7  # noqa: PT018 - never empty
    return found


def difference(one: dict[str, Any], other: dict[str, Any]) -> str:
    """The names of the answers that differ, and the first of them."""
    names = [name for name in one if one[name] != other[name]]
    return "\n".join(f"{name}: {_short(one[name])} / {_short(other[name])}" for name in names)


def _short(answer: object) -> str:
    return json.dumps(answer)[:300]
