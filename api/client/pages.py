"""Pages, and walks from page to page."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Self

from api.client.calls import Payload
from domain.limits import PAGE_SIZE_MAX


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list, and where to go on: behind the last row, and back from the first."""

    rows: list[Payload]
    next_cursor: str | None
    backwards_cursor: str | None

    @classmethod
    def of(cls, result: Payload) -> Self:
        """The page that a list method answered."""
        return cls(result["data"], result.get("nextCursor"), result.get("backwardsCursor"))


Fetch = Callable[[Payload], Awaitable[Page]]
"""Asks for a page with these parameters: a limit, and a cursor on all but the first."""


async def walk(fetch: Fetch, most: int | None) -> AsyncIterator[Payload]:
    """The rows of all pages, so many at most; the next page is asked for when the last one is used up."""
    given, cursor = 0, None
    while most is None or given < most:
        limit = PAGE_SIZE_MAX if most is None else min(PAGE_SIZE_MAX, most - given)
        page = await fetch({"limit": limit} | ({"cursor": cursor} if cursor is not None else {}))
        for row in page.rows:
            yield row
        given += len(page.rows)
        cursor = page.next_cursor
        if cursor is None:
            return
