"""A walk asks for the pages it needs, and for no more."""

import pytest

from api.client.calls import Payload
from api.client.pages import Page, walk
from domain.limits import PAGE_SIZE_MAX

ROWS: list[Payload] = [{"id": number} for number in range(250)]


class Served:
    """A list that is served page by page, and what was asked of it."""

    def __init__(self, rows: list[Payload]) -> None:
        self.rows = rows
        self.asked: list[Payload] = []

    async def fetch(self, place: Payload) -> Page:
        """One page."""
        self.asked.append(place)
        start = int(place.get("cursor", "0"))
        end = start + place["limit"]
        return Page(self.rows[start:end], str(end) if end < len(self.rows) else None, None)


@pytest.mark.parametrize(
    ("count", "most", "limits"),
    [
        (0, None, [PAGE_SIZE_MAX]),
        (100, None, [PAGE_SIZE_MAX]),
        (250, None, [PAGE_SIZE_MAX] * 3),
        (250, 250, [PAGE_SIZE_MAX, PAGE_SIZE_MAX, 50]),
        (250, 101, [PAGE_SIZE_MAX, 1]),
        (250, 100, [PAGE_SIZE_MAX]),
        (250, 0, []),
        (3, 7, [7]),
    ],
)
async def test_a_walk_gives_each_row_once(count: int, most: int | None, limits: list[int]) -> None:
    served = Served(ROWS[:count])
    wanted = ROWS[: min(count, count if most is None else most)]
    assert [row async for row in walk(served.fetch, most)] == wanted
    assert [place["limit"] for place in served.asked] == limits


async def test_the_next_page_is_asked_for_when_it_is_needed() -> None:
    served = Served(ROWS)
    async for row in walk(served.fetch, None):
        if row["id"] == PAGE_SIZE_MAX - 1:
            break
    assert len(served.asked) == 1


async def test_a_short_page_is_not_the_end() -> None:
    pages = [Page(ROWS[:1], "a", None), Page([], "b", None), Page(ROWS[1:2], None, None)]
    asked: list[Payload] = []

    async def fetch(place: Payload) -> Page:
        asked.append(place)
        return pages[len(asked) - 1]

    assert [row async for row in walk(fetch, None)] == ROWS[:2]
    assert [place.get("cursor") for place in asked] == [None, "a", "b"]


def test_a_page_is_read_from_an_answer() -> None:
    assert Page.of({"data": ROWS[:1], "nextCursor": "n", "backwardsCursor": "b"}) == Page(ROWS[:1], "n", "b")
    assert Page.of({"data": []}) == Page([], None, None)
