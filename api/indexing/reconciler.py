"""Keeping the list rows true to the disk, with as little looking as can be.

A *survey* walks a folder, looks at every file and holds the rows against them: rows of files that are gone
go, rows of files that changed are made anew at once, and files that have no row yet are noted as unread. An
exact watch makes later surveys needless: what it tells is looked at and nothing else. Without one every
listing begins with a survey.

Unread files have no row, but their names and times are known: a page is right as soon as no unread file could
stand in it. So the first page of a home that was never indexed reads the heads of a few files.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from api.files import Files
from api.indexing.keeper import IndexKeeper
from domain.cursors import SortDirection
from domain.errors import UnreadableThread
from domain.limits import HEADS_AT_ONCE, HEADS_AT_ONCE_MAX, SEARCHED_PACKED_SIZE_MAX, SEARCHED_SIZE_MAX
from domain.log import RolloutPlace
from domain.rollout_name import folder_day
from projections.list_query import UNIT_NS, ListQuery
from projections.thread_pages import ListRow, ThreadPage, is_complete, thread_page
from rollout.later_heads import restates_head
from rollout.watching.watch import Changes, Watch

Key = tuple[int | bytes, ...]


@dataclass(slots=True)
class Folder:
    """What is known of the files of one folder: whether all are, and those without a row."""

    is_surveyed: bool = False
    is_complete: bool = False
    unread: dict[str, RolloutPlace] = field(default_factory=dict)


class Reconciler:
    """The list rows of one home."""

    def __init__(self, files: Files, keeper: IndexKeeper) -> None:
        self._files = files
        self._keeper = keeper
        self._folders = {archived: Folder() for archived in (False, True)}
        self._epoch = 0
        self._watch: Watch | None = None
        self._pending: set[str] = set()
        self._settling = asyncio.Lock()
        self._has_bases = False
        self.changed: Callable[[list[RolloutPlace], list[str]], None] | None = None
        """Told of files whose rows were renewed or dropped because somebody changed them."""
        self.found: Callable[[list[RolloutPlace]], None] | None = None
        """Told of files that a survey found and that have no row yet."""
        self.lost: Callable[[], None] | None = None
        """Told when the watch lost track, by whoever heard it first: somebody has to survey."""

    def follow(self, watch: Watch) -> None:
        """Go by what this watch tells from now on."""
        self._watch = watch
        self._begin_anew()

    async def page(self, query_of: Callable[[], Awaitable[ListQuery]], *, archived: bool) -> ThreadPage:
        """The page that a query asks for, of the files as they are now."""
        while True:
            await self.settle(archived=archived)
            epoch = self._epoch
            page = await self._page(query_of, self._folders[archived])
            if await self._fold_restated(page):
                continue
            if epoch == self._epoch == self._keeper.epoch:
                return page

    async def page_of_index(
        self, query_of: Callable[[], Awaitable[ListQuery]], *, archived: bool
    ) -> ThreadPage:
        """The page as the index has it.

        Looks at files only when the index never knew them all, and at those that an exact watch tells of.
        """
        folder = self._folders[archived]
        is_told = self._watch is not None and self._watch.is_exact and folder.is_surveyed
        if is_told or self._pending:
            await self._hear()
        while True:
            epoch = self._keeper.epoch
            if not (folder.is_complete and self._epoch == epoch):
                await self._complete(folder, archived=archived)
                continue
            page = await self._keeper.ask(thread_page(await query_of()))
            if epoch == self._keeper.epoch:
                return page

    async def _complete(self, folder: Folder, *, archived: bool) -> None:
        """See to it that the index has a row for every file of the folder; it may be another one by then."""
        epoch = self._keeper.epoch
        is_known = await self._keeper.ask(is_complete(archived=archived))
        if epoch != self._keeper.epoch:
            return
        self._heed_epoch()
        if is_known:
            folder.is_complete = True
        else:
            await self.read_all(archived=archived)

    async def read_all(self, *, archived: bool) -> None:
        """Have a row for every file of the folder."""
        await self.settle(archived=archived)
        folder = self._folders[archived]
        while folder.unread:
            await self._read(folder, list(folder.unread.values())[:HEADS_AT_ONCE_MAX])
        folder.is_complete = await self._keeper.complete_list(self._epoch, archived=archived)

    async def settle(self, *, archived: bool) -> None:
        """Take in what other programs did until now."""
        async with self._settling:
            self._heed_epoch()
            await self._drain()
            if not self._is_watched(archived=archived):
                await self._survey(archived=archived)
            if self._has_bases and not self._is_watched(archived=not archived):
                await self._survey(archived=not archived)  # where bases may lie
            if self._pending:
                await self._take_in()

    def _is_watched(self, *, archived: bool) -> bool:
        """Whether all that happens to the files of a folder is told."""
        is_exact = self._watch is not None and self._watch.is_exact
        return is_exact and self._folders[archived].is_surveyed

    async def survey(self, *, archived: bool) -> list[RolloutPlace]:
        """Look at every file of a folder, whatever the watch told; gives them all."""
        async with self._settling:
            return await self._survey(archived=archived)

    async def listen(self) -> None:
        """Take in what the watch has to tell; nothing is surveyed unless it lost track."""
        async with self._settling:
            await self._drain()
            if self._pending:
                await self._take_in()
            self._heed_epoch()
        for archived, folder in self._folders.items():
            if not folder.is_surveyed:
                await self.settle(archived=archived)

    async def _hear(self) -> None:
        async with self._settling:
            if self._watch is not None and self._watch.is_exact:
                await self._drain()
            if self._pending:
                await self._take_in()

    def tell(self, paths: Iterable[str]) -> None:
        """Files were changed by ourselves: the next answer looks at them."""
        self._pending.update(paths)

    def is_read(self, places: Iterable[RolloutPlace]) -> None:
        """These files have rows now."""
        for place in places:
            self._folders[place.is_archived].unread.pop(place.path, None)

    # -- surveys and changes --------------------------------------------------------------------

    async def _survey(self, *, archived: bool) -> list[RolloutPlace]:
        folder, watch = self._folders[archived], self._watch
        places = await self._files.listed(archived=archived)
        outdated = await self._keeper.compare(places, archived=archived)
        self._has_bases = outdated.has_bases
        self._heed_epoch()
        for at in range(0, len(outdated.changed), HEADS_AT_ONCE_MAX):
            await self._renew(outdated.changed[at : at + HEADS_AT_ONCE_MAX])
        if outdated.unlisted or outdated.doubtful:
            unsure = [*outdated.unlisted, *outdated.doubtful]
            await self._renew(*await self._files.listed_places(unsure))
        folder.unread = {place.path: place for place in outdated.new}
        folder.is_surveyed = self._watch is watch  # what was walked before a watch began is not vouched for
        if self.found is not None and outdated.new:
            self.found(outdated.new)
        return places

    async def _drain(self) -> None:
        """Hear what the watch has to tell; one that looks at files itself does so off the event loop."""
        watch = self._watch
        if watch is not None:
            self._note(watch.drain() if watch.is_exact else await self._files.run(watch.drain))

    def _note(self, changes: Changes) -> None:
        self._pending |= changes.paths
        if changes.is_walk_needed:
            for folder in self._folders.values():
                folder.is_surveyed = False
            if self.lost is not None:
                self.lost()

    async def _take_in(self) -> None:
        """Look at what the watch told of."""
        paths, self._pending = self._pending, set()
        try:
            places, gone = await self._files.listed_places(list(paths))
            await self._renew(places, gone)
        except BaseException:
            self._pending |= paths
            raise
        for folder in self._folders.values():
            for path in paths:
                folder.unread.pop(path, None)

    async def _renew(self, places: list[RolloutPlace], gone: list[str] | None = None) -> None:
        await self._renew_rows(places, gone or [])
        if self.changed is not None:
            self.changed(places, gone or [])

    async def _renew_rows(self, places: list[RolloutPlace], gone: list[str]) -> None:
        """Renew rows, and those of the logs that go on from a log that came or went."""
        outdated = await self._keeper.renew_rows(places, gone)
        if outdated:
            await self._keeper.renew_rows(*await self._files.listed_places(outdated))

    def _heed_epoch(self) -> None:
        """When the index is another one, its rows are to be held against the files."""
        if self._epoch != self._keeper.epoch:
            self._begin_anew()
            self._epoch = self._keeper.epoch

    def _begin_anew(self) -> None:
        for folder in self._folders.values():
            folder.is_surveyed = folder.is_complete = False

    # -- pages ----------------------------------------------------------------------------------

    async def _page(self, query_of: Callable[[], Awaitable[ListQuery]], folder: Folder) -> ThreadPage:
        count = HEADS_AT_ONCE
        while True:
            unread = list(folder.unread.values())  # as of before the query: others read them meanwhile
            query = await query_of()
            page = await self._keeper.ask(thread_page(query))
            wanted = _could_stand_in(unread, query, page) if unread else []
            if not wanted:
                return page
            await self._read(folder, [place for place in wanted if place.path in folder.unread][:count])
            count = min(2 * count, HEADS_AT_ONCE_MAX)

    async def _fold_restated(self, page: ThreadPage) -> bool:
        """Fold the logs of a page that restate their heads behind what is known; tells whether some do."""
        asked = [(row.path, row.known_end) for row in page.rows if row.may_be_outdated]
        if not asked:
            return False
        restating, others = await self._files.run(self._search, asked)
        await self._keeper.note_searched(others)
        for place in restating:
            await self._keeper.catch_up(place)
        return bool(restating)

    def _search(self, asked: Iterable[tuple[str, int]]) -> tuple[list[RolloutPlace], list[tuple[str, int]]]:
        """Of these files those that restate their heads behind an offset, and the others with their sizes."""
        restating, others = [], []
        for path, start in asked:
            place = self._files.listed_place(path)
            if place is None or place.state.size - start > _searched_max(place):
                continue  # it tells when it is folded
            with suppress(FileNotFoundError, UnreadableThread), self._files.log.open(path) as source:
                if restates_head(source, start):
                    restating.append(place)
                else:
                    others.append((path, source.state.size))
        return restating, others

    async def _read(self, folder: Folder, places: list[RolloutPlace]) -> None:
        if places:
            await self._renew_rows(places, [])
        for place in places:
            folder.unread.pop(place.path, None)


def _searched_max(place: RolloutPlace) -> int:
    return SEARCHED_PACKED_SIZE_MAX if place.is_packed else SEARCHED_SIZE_MAX


def _could_stand_in(unread: Iterable[RolloutPlace], query: ListQuery, page: ThreadPage) -> list[RolloutPlace]:
    """The unread files that could stand in the page, in its order; also those of threads that it shows."""
    is_up = query.direction is SortDirection.ASCENDING
    start = _start(query)
    end = None if page.next is None else _key_of_row(page.next, query)
    shown = {row.name_id for row in page.rows}
    found = []
    for place in unread:
        key = _key_of_file(place, query)
        is_behind = start is None or (key >= start if is_up else key <= start)
        is_before = end is None or (key <= end if is_up else key >= end)
        if (is_behind and is_before) or place.thread_id in shown:
            found.append((key, place))
    found.sort(key=lambda pair: pair[0], reverse=not is_up)
    return [place for _, place in found]


def _start(query: ListQuery) -> Key | None:
    if query.cursor is None:
        return None
    time = next(column for column in query.order if column in UNIT_NS)
    units, anchor, _ = query.cursor.place(query.direction, UNIT_NS[time])
    parts: dict[str, int | bytes] = {"day": query.cursor.folder_day, time: units, "name_id": anchor.bytes}
    return tuple([parts[column] for column in query.order])


def _key_of_row(row: ListRow, query: ListQuery) -> Key:
    parts: dict[str, int | bytes] = {
        "day": row.day,
        "started_s": row.started_s,
        "updated_ms": row.updated_ms,
        "name_id": row.name_id.bytes,
    }
    return tuple([parts[column] for column in query.order])


def _key_of_file(place: RolloutPlace, query: ListQuery) -> Key:
    parts: dict[str, int | bytes] = {
        "day": 0 if place.is_archived else folder_day(place.path),
        "started_s": place.started_s,
        "updated_ms": place.state.mtime_ns // 1_000_000,
        "name_id": place.thread_id.bytes,
    }
    return tuple([parts[column] for column in query.order])
