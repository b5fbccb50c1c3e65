"""thread/list: the threads of a home, by pages."""

import orjson

from api.context import Context
from api.handlers.reading import page_size
from api.showing.stored import listed_thread
from api.showing.working_directories import asked_paths, keys_of
from api.wire.connection import Connection, Params, Result
from domain.cursors import SortDirection, read_thread_cursor
from domain.limits import LISTED_TEXTS_SIZE_MAX
from domain.listing.source_kind import kinds_reached
from projections.list_query import ListQuery, Providers, Search, SortKey
from projections.thread_pages import ThreadPage, working_directories
from rollout.names import NamesFile


async def threads_list(connection: Connection, params: Params) -> Result:
    """A page of threads, the newest first unless asked."""
    context = connection.context
    text = params.get("cursor")
    cursor = None if text is None else read_thread_cursor(text)
    archived: bool = params.get("archived", False)
    names = await context.engine.files.refresh_names()

    async def query() -> ListQuery:
        return ListQuery(
            limit=page_size(params),
            is_archived=archived,
            sort_key=SortKey(params.get("sortKey", "created_at")),
            direction=SortDirection(params.get("sortDirection", "desc")),
            cursor=cursor,
            providers=_providers(context, params.get("modelProviders")),
            kinds=kinds_reached(params.get("sourceKinds", ())),
            cwd_keys=await _cwd_keys(context, params),
            search=_search(params.get("searchTerm"), names),
        )

    if params.get("cwd") == []:
        page = ThreadPage((), None)
    else:
        is_index_only: bool = params.get("useStateDbOnly", False)
        page = await context.engine.list_page(query, archived=archived, is_index_only=is_index_only)
    return _answer(context, page, SortKey(params.get("sortKey", "created_at")), names)


def _answer(context: Context, page: ThreadPage, sort_key: SortKey, names: NamesFile) -> Result:
    threads = [listed_thread(row, context, names) for row in page.rows]
    count = _fitting(threads)
    rows = page.rows[:count]
    has_more = page.has_more or count < len(threads)
    return {
        "data": threads[:count],
        "nextCursor": rows[-1].cursor(sort_key, includes_anchor=False).text() if has_more else None,
        "backwardsCursor": rows[0].cursor(sort_key, includes_anchor=True).text() if rows else None,
    }


def _fitting(threads: list[Result]) -> int:
    """How many of these threads stand in one page: at least one, then as long as their texts are short."""
    size = 0
    for count, thread in enumerate(threads):
        size += len(orjson.dumps([thread["preview"], thread["name"]]))
        if size > LISTED_TEXTS_SIZE_MAX and count:
            return count
    return len(threads)


def _providers(context: Context, asked: list[str] | None) -> Providers | None:
    """The providers that a filter means: the configured one unless asked, all for an empty list."""
    if asked == []:
        return None
    configured = context.defaults.model_provider
    names = [configured] if asked is None else [name for name in asked if name]
    return Providers(names, includes_unnamed=configured in names)


async def _cwd_keys(context: Context, params: Params) -> list[int] | None:
    asked = params.get("cwd")
    if asked is None:
        return None
    engine = context.engine
    known = await engine.keeper.ask(working_directories())
    paths = asked_paths(asked, context.defaults)
    return await engine.files.run(keys_of, paths, known, context.defaults.working_directory)


def _search(term: str | None, names: NamesFile) -> Search | None:
    return Search(term, names.named(term)) if term else None
