"""Writing names: entries that wait at the same time are appended together."""

from collections.abc import Callable, Sequence

from domain.durability import Durability
from rollout.finding.home import Home
from rollout.writing.naming import NameEntry, append_names


def name_writer(
    home: Home, durability: Durability
) -> Callable[[str, Sequence[NameEntry]], list[Exception | None]]:
    """The work of a `GroupCommit` whose jobs are entries of the home's names file."""

    def write(_: str, entries: Sequence[NameEntry]) -> list[Exception | None]:
        append_names(home, entries, durability)
        return [None] * len(entries)

    return write
