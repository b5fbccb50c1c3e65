"""Homes with paginated threads, one of which goes on from another: what tests of writing to them stand on."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.api.lifecycle import ID, Ear, ear_on
from tests.domain.paginated_log import Numbered, agent, end, paginated_meta, start, tokens, user
from tests.home import THREAD

Json = dict[str, Any]

FORK = UUID("0196f0aa-0000-7000-8000-000000000002")
DAY = Path("sessions") / "2026" / "05" / "01"


def turn(turn_id: str) -> list[Numbered]:
    """The lines of a whole turn."""
    said = [user(f"u-{turn_id}", turn_id, f"ask {turn_id}"), agent(f"a-{turn_id}", turn_id, "answer")]
    return [start(turn_id, started_at=7), *said, tokens, end(turn_id, started_at=7, completed_at=9)]


def log_of(*turn_ids: str) -> list[bytes]:
    """A log of these turns."""
    lines = [line for turn_id in turn_ids for line in turn(turn_id)]
    return [paginated_meta(0), *(line(ordinal) for ordinal, line in enumerate(lines, 1))]


def lay(home: Path, lines: Sequence[bytes], thread_id: UUID = THREAD, folder: Path = DAY) -> Path:
    """The file of a thread whose log these are."""
    path = home / folder / f"rollout-2026-05-01T10-00-00-{thread_id}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(lines))
    return path


def lay_fork(home: Path, base: Sequence[bytes], lines: Sequence[Numbered] = ()) -> Path:
    """A thread whose log goes on from all of another one's, which begins at 0 without gaps."""
    count = len(base)
    named = {
        "thread_id": ID,
        "end_ordinal_exclusive": count,
        "end_byte_offset": sum(map(len, base)),
    }
    head = paginated_meta(count, FORK, history_base=named, forked_from_id=ID)
    return lay(home, [head, *(line(count + at) for at, line in enumerate(lines, 1))], FORK)


def append(path: Path, data: bytes) -> None:
    """Add to a file, as another program does."""
    with path.open("ab") as file:
        file.write(data)


def ordinals(path: Path) -> list[int]:
    """The ordinals of the lines of a file that have one."""
    found = []
    for raw in path.read_bytes().split(b"\n"):
        try:
            value = json.loads(raw)
        except ValueError:
            continue
        if type(value.get("ordinal")) is int:
            found.append(value["ordinal"])
    return found


async def turns(ear: Ear, thread_id: str = ID) -> list[Json]:
    """All turns of a thread."""
    answer = await ear.call("thread/read", threadId=thread_id, includeTurns=True)
    found: list[Json] = answer["thread"]["turns"]
    return found


async def turns_anew(home: Path, copy: Path, *thread_ids: str) -> dict[str, list[Json]]:
    """All turns of threads, as a server shows them that knows nothing of the home yet."""
    for name in ("sessions", "archived_sessions"):
        if (home / name).exists():
            shutil.copytree(home / name, copy / name, symlinks=True)
    async with ear_on(copy) as ear:
        return {thread_id: await turns(ear, thread_id) for thread_id in thread_ids}
