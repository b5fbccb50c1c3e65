"""thread/list: the threads of a home, by pages."""

from api.connection import Connection, Params, Result
from api.handlers.reading import page_size
from api.stored import listed_thread
from domain.cursors import SortDirection, ThreadCursor, read_thread_cursor
from domain.times import NANOSECONDS
from projections.thread_pages import ListRow, thread_page


async def threads_list(connection: Connection, params: Params) -> Result:
    """A page of threads, the newest first."""
    text = params.get("cursor")
    cursor = None if text is None else read_thread_cursor(text)
    archived: bool = params.get("archived", False)
    direction = SortDirection(params.get("sortDirection", "desc"))
    engine, defaults = connection.context.engine, connection.context.defaults
    names = await engine.refresh_names()
    page = await engine.list_page(
        lambda: thread_page(cursor, page_size(params), direction, archived=archived), archived=archived
    )
    return {
        "data": [
            listed_thread(row, defaults, names.listed_name_of(row.thread_id or "", row.preview))
            for row in page.rows
        ],
        "nextCursor": _cursor(page.rows[-1]) if page.has_more else None,
        "backwardsCursor": _cursor(page.rows[0]) if page.rows else None,
    }


def _cursor(row: ListRow) -> str:
    return ThreadCursor(row.started_s * NANOSECONDS, row.name_id).text()
