"""Each Python client lists, pages and reads the threads of a home as they are."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.clients.packages import PACKAGES, Package, browse, executable
from tests.end_to_end.doors import STDIO, Door, served
from tests.end_to_end.homes import lay_threads, preview

THREADS, TURNS = 5, 3
CASES = [
    pytest.param(
        package,
        door,
        id=f"{package.module} by {door.name}",
        marks=pytest.mark.skipif(
            not package.is_there, reason=f"{package.requirement} is not there (dev.py test --clients)"
        ),
    )
    for package in PACKAGES
    for door in package.doors
]
Said = list[tuple[str, list[tuple[str, str]]]]


@pytest.mark.clients
@pytest.mark.parametrize(("package", "door"), CASES)
async def test_a_client_browses_a_home(package: Package, door: Door, tmp_path: Path) -> None:
    home = tmp_path / "home"
    ids = lay_threads(home, THREADS, TURNS)
    before = {path: path.read_bytes() for path in home.rglob("*.jsonl")}
    if door is STDIO:
        seen = browse(package, home, str(executable(tmp_path)))
    else:
        seen = await _browse_running(package, home, door)
    check(json.loads(seen), ids)
    assert {path: path.read_bytes() for path in before} == before


async def _browse_running(package: Package, home: Path, door: Door) -> str:
    async with served(home, door) as server:
        return await asyncio.to_thread(
            browse, package, home, server.address, *([door.token] if door.token else [])
        )


def check(seen: Any, ids: list[str]) -> None:
    """What was seen is what is there."""
    assert sorted(row["id"] for row in seen["listed"]) == sorted(ids)
    for thread in (*seen["listed"], *seen["read"]):
        assert thread["preview"] == preview(ids[::-1].index(thread["id"]))
        assert thread["cwd"] == "/srv/demo"
    for thread in seen["read"]:
        assert said(thread["turns"]) == expected(ids[::-1].index(thread["id"]))
    for walked_id, turns in seen["walked"].items():
        assert said(turns) == expected(ids[::-1].index(walked_id))


def expected(number: int) -> Said:
    """What is said in the thread of this number."""
    questions = [preview(number), *(f"question {turn}" for turn in range(1, TURNS))]
    return [
        (f"turn-{turn}", [("userMessage", question), ("agentMessage", f"answer {turn}")])
        for turn, question in enumerate(questions)
    ]


def said(turns: list[Any]) -> Said:
    """What is said in turns that a client read."""
    return [(turn["id"], [(item["type"], _text(item)) for item in turn["items"]]) for turn in turns]


def _text(item: Any) -> str:
    return str(item["text"] if "content" not in item else item["content"][0]["text"])
