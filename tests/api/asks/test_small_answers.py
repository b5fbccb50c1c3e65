"""Pages stay small enough for the clients that take no long line, whatever was pasted into the threads."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.limits import LISTED_TEXT_MAX, PAGE_SIZE_DEFAULT, TURN_PAGE_SIZE_MAX
from tests.api.clients import ServedClient, service_on
from tests.home import event, meta

Json = dict[str, Any]
STDIO_LINE_MAX = 64 * 1024
"""Bytes of a line that half of the clients take on standard input and output."""
SOCKET_LINE_MAX = 1024 * 1024
"""Bytes of a message that the others take at least."""

PASTED = 600_000
"""Characters of a first message that somebody pasted."""

TURN_SIZE = 200_000
TURNS = 12

TEXTS: dict[str, tuple[int, str]] = {
    "ascii": (30, "x"),
    "three bytes a character": (12, "語"),
    "escaped in JSON": (12, "\x1b"),
    "with NUL": (12, "a\0b"),
}
"""How many threads, and what their previews are full of."""


def thread_id(number: int) -> UUID:
    """The id of a thread of the home."""
    return UUID(int=UUID("0196f0aa-0000-7000-8000-000000000000").int + number)


def lay(home: Path, number: int, *lines: bytes) -> None:
    """A thread of these lines."""
    own = thread_id(number)
    path = home / "sessions" / "2026" / "05" / "01" / f"rollout-2026-05-01T10-00-{number:02}-{own}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(meta(own) + b"".join(lines))


class Scale(ServedClient):
    """A client that weighs the lines that come."""

    heaviest = 0
    _size = 0

    def take(self, part: bytes) -> None:
        """Weigh a line, once it is whole."""
        self._size += len(part)
        if part.endswith(b"\n"):
            self.heaviest = max(self.heaviest, self._size)
            self._size = 0
        super().take(part)


async def walk(client: Scale, method: str, **params: object) -> list[list[Json]]:
    """The rows of all pages from the first on."""
    pages: list[list[Json]] = []
    cursor = None
    while not pages or cursor is not None:
        page = await client.call(method, **params, cursor=cursor)
        pages.append(page["data"])
        cursor = page["nextCursor"]
    return pages


@asynccontextmanager
async def scale_on(home: Path) -> AsyncIterator[Scale]:
    """Such a client of a service on a home."""
    service = service_on(home, lasting=False)
    yield await Scale(service).greet()
    await service.close()


@pytest.mark.parametrize(("count", "filler"), TEXTS.values(), ids=TEXTS)
async def test_a_list_of_pasted_messages_fits_into_the_shortest_lines(
    count: int, filler: str, tmp_path: Path
) -> None:
    for number in range(count):
        lay(tmp_path, number, event("user_message", message=f"{number} {filler * PASTED}"[:PASTED]))
    ids = [str(thread_id(number)) for number in range(count)]
    async with scale_on(tmp_path) as scale:
        for direction, expected in (("asc", ids), ("desc", ids[::-1])):
            pages = await walk(scale, "thread/list", limit=count, sortDirection=direction)
            threads = [thread for page in pages for thread in page]
            assert [thread["id"] for thread in threads] == expected
            assert len(pages) > 1
            assert {len(thread["preview"]) for thread in threads} == {LISTED_TEXT_MAX + 1}
            assert all(thread["preview"].endswith("…") for thread in threads)
        assert scale.heaviest < STDIO_LINE_MAX


async def test_a_default_page_of_pasted_messages_is_full_and_fits_too(tmp_path: Path) -> None:
    for number in range(30):
        lay(tmp_path, number, event("user_message", message="w" * PASTED))
    async with scale_on(tmp_path) as scale:
        page = await scale.call("thread/list")
        assert len(page["data"]) == PAGE_SIZE_DEFAULT
        assert scale.heaviest < STDIO_LINE_MAX


@pytest.mark.parametrize("length", [LISTED_TEXT_MAX, LISTED_TEXT_MAX + 1])
async def test_a_list_cuts_what_is_longer_than_it_shows_and_reading_gives_all(
    length: int, tmp_path: Path
) -> None:
    text = "語" * length
    lay(tmp_path, 1, event("user_message", message=text))
    async with scale_on(tmp_path) as scale:
        await scale.call("thread/name/set", threadId=str(thread_id(1)), name=text[1:] + "!")
        [listed] = (await scale.call("thread/list"))["data"]
        [found] = (await scale.call("thread/list", searchTerm=text[-20:]))["data"]
        read = (await scale.call("thread/read", threadId=str(thread_id(1))))["thread"]
    is_whole = length <= LISTED_TEXT_MAX
    assert listed == found
    assert listed["preview"] == (text if is_whole else f"{text[:-1]}…")
    assert listed["name"] == (text[1:] + "!")[:LISTED_TEXT_MAX] + ("" if is_whole else "…")
    assert (read["preview"], read["name"]) == (text, text[1:] + "!")


def turns_of(size: int) -> bytes:
    """Turns of about this size."""
    return b"".join(
        event("task_started", turn_id=f"turn-{number}", model_context_window=None)
        + event("user_message", message="z" * size)
        + event("agent_message", message="done")
        + event("task_complete", turn_id=f"turn-{number}", last_agent_message=None)
        for number in range(TURNS)
    )


@pytest.mark.parametrize("view", ["summary", "full"])
async def test_pages_of_turns_fit_into_a_socket_message(view: str, tmp_path: Path) -> None:
    lay(tmp_path, 1, turns_of(TURN_SIZE))
    names = [f"turn-{number}" for number in range(TURNS)]
    async with scale_on(tmp_path) as scale:
        for direction, expected in (("asc", names), ("desc", names[::-1])):
            pages = await walk(
                scale,
                "thread/turns/list",
                threadId=str(thread_id(1)),
                sortDirection=direction,
                itemsView=view,
            )
            assert [turn["id"] for page in pages for turn in page] == expected
            assert [len(page) for page in pages] == [4, 4, 4]
    assert scale.heaviest < SOCKET_LINE_MAX


async def test_a_page_has_one_turn_at_least_and_goes_on_behind_it(tmp_path: Path) -> None:
    lay(tmp_path, 1, turns_of(TURN_PAGE_SIZE_MAX + 1))
    async with scale_on(tmp_path) as scale:
        pages = await walk(scale, "thread/turns/list", threadId=str(thread_id(1)))
        unseen = await walk(scale, "thread/turns/list", threadId=str(thread_id(1)), itemsView="notLoaded")
    assert [len(page) for page in pages] == [1] * TURNS
    assert [len(page) for page in unseen] == [TURNS]


async def test_pages_of_items_fit_into_a_socket_message(tmp_path: Path) -> None:
    said = b"".join(event("agent_message", message=f"{number} " + "z" * TURN_SIZE) for number in range(TURNS))
    started = event("task_started", turn_id="turn-0", model_context_window=None)
    lay(tmp_path, 1, started, event("user_message", message="go"), said)
    names = [f"item-{number + 1}" for number in range(TURNS + 1)]
    asked = {"threadId": str(thread_id(1)), "turnId": "turn-0"}
    async with scale_on(tmp_path) as scale:
        for direction, expected in (("asc", names), ("desc", names[::-1])):
            pages = await walk(scale, "thread/turns/items/list", **asked, sortDirection=direction)
            assert [item["id"] for page in pages for item in page] == expected
            assert len(pages) > 1
    assert scale.heaviest < SOCKET_LINE_MAX
