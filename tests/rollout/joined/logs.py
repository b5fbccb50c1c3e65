"""Logs on the disk that go on from each other, found by their rollout ids."""

from pathlib import Path
from uuid import UUID

from domain.history.base import BaseNamed
from domain.log import Bases, LogSlice, RolloutPlace
from rollout.joined.bases import find_bases, renewed
from rollout.log import RolloutLog
from tests.domain.paginated_log import paginated_meta, tokens


def log_id(number: int) -> UUID:
    """The id of a log."""
    return UUID(f"0196f0aa-0000-7000-8000-{number:012x}")


def named(number: int, end: int, offset: int = 0) -> BaseNamed:
    """What names this log up to an ordinal."""
    return BaseNamed(log_id(number), end, offset)


class Logs:
    """Some logs in a folder, each a file; nobody finds one that is not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = RolloutLog()
        self.looked: list[UUID] = []

    def path(self, number: int) -> Path:
        """Where a log is."""
        return self.folder / f"{log_id(number)}.jsonl"

    def write(self, number: int, data: bytes) -> bytes:
        """Make a log hold this; gives it."""
        self.path(number).write_bytes(data)
        return data

    def write_log(
        self, number: int, count: int, base: BaseNamed | None = None, first: int | None = None
    ) -> bytes:
        """Make a log with a head and so many lines behind it."""
        begin = first if first is not None else base.end_ordinal if base else 0
        lines = map(tokens, range(begin + 1, begin + 1 + count))
        return self.write(number, head(number, begin, base) + b"".join(lines))

    def find(self, rollout_id: UUID) -> RolloutPlace | None:
        """Where a log is now."""
        self.looked.append(rollout_id)
        path = str(self.folder / f"{rollout_id}.jsonl")
        state = self.log.state_of(path)
        if state is None:
            return None
        return RolloutPlace(path, False, True, 0, rollout_id, state, rollout_id)  # noqa: FBT003 - a value's fields

    def bases_of(self, data: bytes) -> Bases:
        """What a log of these bytes goes on from."""
        return find_bases(self.log, self.find, LogSlice(0, len(data), 1, data))

    def renewed(self, bases: Bases) -> Bases | None:
        """The same where they lie now."""
        return renewed(self.log, self.find, bases)


def head(number: int, ordinal: int, base: BaseNamed | None, **fields: object) -> bytes:
    """The head of a log."""
    told = None
    if base is not None:
        told = {
            "thread_id": str(base.rollout_id),
            "end_ordinal_exclusive": base.end_ordinal,
            "end_byte_offset": base.end_offset,
        }
    return paginated_meta(
        ordinal, log_id(number), **({} if told is None else {"history_base": told}), **fields
    )
