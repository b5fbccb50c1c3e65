"""Lines by number and by position, read from the files through what the catalogue knows."""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from domain.errors import UnreadableThread
from domain.limits import REOPEN_MAX, SEGMENT_PAGE
from domain.log import Log, LogFile, OpenLog, Segment
from rollout.catalogue.catalogue import Catalogue
from rollout.catalogue.counting import KeepingUp
from rollout.catalogue.database import Database
from rollout.catalogue.marks import Mark, nearest

PathOf = Callable[[UUID], str]
"""The path of a thread's file: of the one that is there, or of the one to be made."""


class Line(NamedTuple):
    """A line of a file: its number there, and its bytes without the line feed."""

    number: int
    raw: bytes


class PlacedLine(NamedTuple):
    """A line with its place in the whole log."""

    position: int
    thread_id: UUID
    number: int
    raw: bytes


class LineReader:
    """Reads lines of the files that the catalogue knows."""

    def __init__(
        self, database: Database, catalogue: Catalogue, log: Log, catching_up: KeepingUp, path_of: PathOf
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._log = log
        self._catching_up = catching_up
        self._path_of = path_of

    def lines_of(self, thread_id: UUID, wanted: Callable[[int], range]) -> list[Line]:
        """Lines of a thread's file as it is now; `wanted` is told their count and gives the numbers."""
        path = self._path_of(thread_id)
        for _ in range(REOPEN_MAX):
            file = self._catching_up.catch_up(path, thread_id)
            numbers = range(0) if file is None else wanted(file.line_count)
            if file is None or not numbers:
                return []
            place = self._catching_up.locate(file, numbers.start)
            with ExitStack() as stack:
                source = self._open(stack, file, path, file.end)
                if source is not None:
                    return list(_lines(source, place, numbers))
        raise UnreadableThread(path, "it is replaced again and again")

    def lines_from(
        self, first: int, stop: int | None, segment_count: int = SEGMENT_PAGE
    ) -> Generator[PlacedLine, None, None]:
        """The catalogued lines from one position up to another; files that are gone are left out."""
        caught_up: set[int] = set()
        while True:
            with self._database.transaction(commit=False) as cursor:
                segments = self._catalogue.segments_from(cursor, first, segment_count)
                file_ids = {segment.file_id for segment in segments}
                files = {file_id: self._catalogue.file(cursor, file_id) for file_id in file_ids}
            for segment in segments:
                if stop is not None and segment.first_position > stop:
                    return
                file = files[segment.file_id]
                if file is not None and file.file_id not in caught_up and self._catch_up(file, caught_up):
                    break  # the segments may be others now
                if file is not None:
                    yield from self._lines_of_segment(file, segment, first, stop)
                first = segment.first_position + segment.line_count
            if not segments:
                return

    def _catch_up(self, file: LogFile, caught_up: set[int]) -> bool:
        """Whether the catalogue had to be brought up to what the file is now, or to where it is."""
        caught_up.add(file.file_id)
        state = self._log.state_of(file.path)
        if state == file.state:
            return False
        path = file.path if state is not None else self._path_of(file.thread_id)
        self._catching_up.catch_up(path, file.thread_id)
        return True

    def _lines_of_segment(
        self, file: LogFile, segment: Segment, first: int, stop: int | None
    ) -> Iterator[PlacedLine]:
        shift = segment.first_position - segment.first_line
        last = segment.first_position + segment.line_count - 1
        last = last if stop is None else min(stop, last)
        numbers = range(max(first, segment.first_position) - shift, last + 1 - shift)
        place = nearest(segment.marks, numbers.start) or (segment.first_line, segment.start)
        with ExitStack() as stack:
            source = self._open(stack, file, file.path, segment.end)
            if source is not None:
                for number, raw in _lines(source, place, numbers):
                    yield PlacedLine(number + shift, file.thread_id, number, raw)

    def _open(self, stack: ExitStack, file: LogFile, path: str, end: int) -> OpenLog | None:
        """What lies at the path, if it is still this file and reaches so far."""
        try:
            source = stack.enter_context(self._log.open(path))
        except FileNotFoundError:
            return None
        return source if source.state.is_same_file(file.state) and source.size >= end else None


def _lines(source: OpenLog, place: Mark, numbers: range) -> Iterator[Line]:
    """The lines of these numbers; `place` is the beginning of a line at or before them."""
    number, offset = place
    for piece in source.slices(offset, number):
        skipped = max(0, numbers.start - piece.first_line)
        number = piece.first_line + skipped
        for raw in islice(piece, skipped, max(0, numbers.stop - piece.first_line)):
            yield Line(number, raw[:-1])
            number += 1
        if number >= numbers.stop:
            return
