"""Several files of one log: which are the beginning of another, and which hold something else."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from uuid import UUID

from domain.damage.finding import Action, DamageClass, Finding, finding
from domain.damage.placing import ARCHIVED, is_well_named, log_ids, name_of
from domain.rollout_name import PACKED
from rollout.damage.entries import Entry
from rollout.finding.home import Home
from rollout.writing import storage

WINDOW = 1024 * 1024


def by_log(entries: Sequence[Entry]) -> Mapping[UUID, list[Entry]]:
    """The files of each log that has several, packed ones left out, by the log's id in their names."""
    found: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        ids = None if entry.file.endswith(PACKED) else log_ids(name_of(entry.file))
        if ids is not None:
            found[ids.rollout_id].append(entry)
    return {log: files for log, files in found.items() if len(files) > 1}


@dataclass(frozen=True, slots=True)
class Copies:
    """The files of one log: those that are kept, and of each other one the file that begins with it."""

    kept: tuple[Entry, ...]
    within: dict[Entry, Entry]

    def findings(self) -> Iterator[Finding]:
        """What is to be said of them; a copy within another is not needed."""
        for entry in self.within:
            yield _told(entry, DamageClass.COPY_WITHIN, Action.QUARANTINED)
        if len(self.kept) > 1:
            for entry in sorted(self.kept, key=lambda each: each.file):
                yield _told(entry, DamageClass.COPIES_DIVERGE, Action.NONE)


def copies_in(home: Home, entries: Sequence[Entry]) -> Iterator[Copies]:
    """The logs that have several files."""
    for files in by_log(entries).values():
        kept: list[Entry] = []
        within: dict[Entry, Entry] = {}
        for entry in sorted(files, key=_rank, reverse=True):
            whole = next(
                (other for other in kept if is_within(home, entry.file, entry.size, other.file)), None
            )
            if whole is None:
                kept.append(entry)
            else:
                within[entry] = whole
        yield Copies(tuple(kept), within)


def _rank(entry: Entry) -> tuple[int, bool, bool, str]:
    """The longest stays; of equals the live one, then the one that lists take."""
    is_live = not entry.file.startswith(f"{ARCHIVED}/")
    return entry.size, is_live, is_well_named(name_of(entry.file)), entry.file


def is_within(home: Home, file: str, size: int, other: str) -> bool:
    """Whether the other file begins with the first `size` bytes of this one; paths are below the home."""
    try:
        with ExitStack() as opened:
            first, second = (_open(f"{home.root}/{name}", opened) for name in (file, other))
            return all(
                storage.pread(first, min(WINDOW, size - at), at)
                == storage.pread(second, min(WINDOW, size - at), at)
                for at in range(0, size, WINDOW)
            )
    except OSError:
        return False


def _open(path: str, opened: ExitStack) -> int:
    descriptor = storage.open_to_hold(path)
    opened.callback(storage.close, descriptor)
    return descriptor


def _told(entry: Entry, damage: DamageClass, action: Action) -> Finding:
    ids = log_ids(name_of(entry.file))
    thread_id = None if ids is None else ids.thread_id
    return finding(entry.file, thread_id, damage, length=entry.size, action=action)
