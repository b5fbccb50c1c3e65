"""Looking for damage in a file, and in a whole home; nothing is opened for writing.

The `action` of a finding is what a repair would do about it.
"""

import os
from collections.abc import Callable, Collection, Iterator
from uuid import UUID

from domain.damage.finding import Action, DamageClass, Finding, finding
from domain.damage.placing import log_ids, looks_like_rollout, name_of, named, place_faults
from domain.damage.survey import Survey
from domain.errors import UnreadableThread
from domain.rollout_name import ENDING, PACKED_ENDING, written_uuid
from domain.text import is_encodable
from rollout.damage.copies import copies_in
from rollout.damage.entries import Entry, EntryKind, entries_of
from rollout.damage.file_steps import NAMES_FILE
from rollout.damage.opening import NotOpened, opened
from rollout.finding.home import Home

Progress = Callable[[int, int], None]

ODD_ENTRIES = {
    EntryKind.LINK_TO_FILE: DamageClass.LINKED_FILE,
    EntryKind.LINK_TO_FOLDER: DamageClass.LINKED_FOLDER,
    EntryKind.DANGLING_LINK: DamageClass.DANGLING_LINK,
    EntryKind.UNREADABLE_FOLDER: DamageClass.UNREADABLE_FOLDER,
    EntryKind.SPECIAL: DamageClass.IRREGULAR_FILE,
}
"""Entries that are told of whatever their name."""


class Inspection:
    """One look over a home, and what it has met so far.

    `files` and `records` count what was looked into. `within` tells of each needless copy which file begins
    with it, `targets` of each misplaced file where it should be; paths are below the home.
    """

    def __init__(
        self,
        home: Home,
        *,
        threads: Collection[UUID] = (),
        paths: Collection[str] = (),
        since_s: int | None = None,
        size_max: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.files = 0
        self.records = 0
        self.within: dict[str, str] = {}
        self.targets: dict[str, str] = {}
        self._home = home
        self._threads = frozenset(threads)
        self._paths = frozenset(file_below(home, path) for path in paths)
        self._since_ns = None if since_s is None else since_s * 1_000_000_000
        self._size_max = size_max
        self._progress = progress

    def findings(self) -> Iterator[Finding]:
        """All findings: odd entries, copies, then file by file, the names last."""
        files = []
        for entry in entries_of(self._home):
            if not self._is_asked(entry.file):
                continue
            yield from _of_entry(entry)
            if _is_log(entry) and self._is_new(entry):
                files.append(entry)
        for copies in copies_in(self._home, files):
            self.within |= {entry.file: whole.file for entry, whole in copies.within.items()}
            yield from copies.findings()
        others = [entry for entry in files if entry.file not in self.within]
        yield from map(_misnamed, (entry for entry in others if not _is_looked_into(entry)))
        looked_into = [entry for entry in others if _is_looked_into(entry)]
        names = self._names_entry()
        yield from self._each([*looked_into, *names])

    def file_findings(self, file: str) -> Iterator[Finding]:
        """The findings of one file, a path below the home: its contents, its name and its place."""
        self.files += 1
        thread_id = named(file).thread_id
        try:
            with opened(self._home, file) as steps:
                for each in steps.findings():
                    yield _unrepaired(each) if file.endswith(PACKED_ENDING) else each
                self.records += steps.survey.records
                if not steps.is_names:
                    yield from self._of_place(file, steps.survey)
        except NotOpened as refusal:
            yield finding(file, thread_id, refusal.damage, is_lossless=False)
        except (OSError, UnreadableThread):
            yield finding(file, thread_id, DamageClass.UNREADABLE_FILE, is_lossless=False)

    def _of_place(self, file: str, survey: Survey) -> Iterator[Finding]:
        meta_id = None if survey.thread_id is None else written_uuid(survey.thread_id)
        for fault in place_faults(file, meta_id, survey.timestamp):
            action = Action.NONE
            if fault.target is not None and not os.path.lexists(self._home.root / fault.target):
                self.targets[file] = fault.target
                action = Action.MOVED
            yield finding(file, named(file).thread_id or meta_id, fault.damage, action=action)

    def _each(self, entries: list[Entry]) -> Iterator[Finding]:
        total = sum(entry.size for entry in entries)
        done = 0
        for entry in entries:
            if self._size_max is not None and entry.size > self._size_max:
                thread_id = named(entry.file).thread_id
                yield finding(entry.file, thread_id, DamageClass.FILE_TOO_LARGE, length=entry.size)
            else:
                yield from self.file_findings(entry.file)
            done += entry.size
            if self._progress is not None:
                self._progress(done, total)

    def _names_entry(self) -> list[Entry]:
        """The file of names, unless something else was asked for."""
        is_asked = NAMES_FILE in self._paths if self._paths else not self._threads
        path = self._home.names
        if not is_asked or not os.path.lexists(path):
            return []
        found = os.lstat(path)
        entry = Entry(NAMES_FILE, EntryKind.FILE, found.st_size, found.st_mtime_ns)
        return [entry] if self._is_new(entry) else []

    def _is_asked(self, file: str) -> bool:
        return is_among(file, self._threads, self._paths)

    def _is_new(self, entry: Entry) -> bool:
        return self._since_ns is None or entry.mtime_ns >= self._since_ns


def inspect_file(home: Home, path: str) -> Iterator[Finding]:
    """The findings of one file: `path` is absolute, or below the home. Memory stays below 64 MiB."""
    yield from Inspection(home).file_findings(file_below(home, path))


def inspect_home(
    home: Home,
    *,
    threads: Collection[UUID] = (),
    paths: Collection[str] = (),
    since_s: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Finding]:
    """The findings of a home: odd entries, misplaced files, copies; then each file, the names last.

    `threads` and `paths` name what to look at, all by default; a folder stands for what is in it. `since_s`,
    seconds since 1970, leaves out files not changed since. `progress` is told the bytes done and the bytes
    there are.
    """
    yield from Inspection(home, threads=threads, paths=paths, since_s=since_s, progress=progress).findings()


def is_among(file: str, threads: Collection[UUID], paths: Collection[str]) -> bool:
    """Whether a file is among those that these paths, or else these threads, name: all when neither does."""
    if paths:
        return any(file == path or file.startswith(f"{path}/") for path in paths)
    if not threads:
        return True
    ids = log_ids(name_of(file))
    return ids is not None and (ids.thread_id in threads or ids.rollout_id in threads)


def file_below(home: Home, path: str) -> str:
    """The path below the home; one that lies elsewhere stays as it is, and names nothing."""
    return path.removeprefix(f"{home.root}/").removeprefix("./").rstrip("/")


def _is_log(entry: Entry) -> bool:
    """Whether it holds a log, or a copy of one; a name that no protocol can tell does not count."""
    is_file = entry.kind is EntryKind.FILE and is_encodable(entry.file)
    return is_file and (_is_looked_into(entry) or log_ids(name_of(entry.file)) is not None)


def _is_looked_into(entry: Entry) -> bool:
    """Whether readers of logs may come to it by its name, and mean to."""
    name = name_of(entry.file)
    return name.endswith((ENDING, PACKED_ENDING)) and looks_like_rollout(name)


def _misnamed(entry: Entry) -> Finding:
    """A file that is found under its thread's id without being named like a log."""
    return finding(entry.file, named(entry.file).thread_id, DamageClass.MISNAMED, length=entry.size)


def _of_entry(entry: Entry) -> Iterator[Finding]:
    name = name_of(entry.file)
    thread_id = named(entry.file).thread_id
    damage = ODD_ENTRIES.get(entry.kind)
    if entry.kind is EntryKind.PIPE:
        is_log = looks_like_rollout(name)
        damage = DamageClass.PIPE if is_log else DamageClass.IRREGULAR_FILE
        action = Action.QUARANTINED if is_log else Action.NONE
        yield finding(entry.file, thread_id, damage, action=action)
    elif damage is not None:
        yield finding(entry.file, thread_id, damage)
    elif entry.kind is EntryKind.FOLDER and name.endswith(ENDING):
        yield finding(entry.file, thread_id, DamageClass.IRREGULAR_FILE)
    elif entry.kind is EntryKind.FILE and looks_like_rollout(name) and not is_encodable(entry.file):
        yield finding(entry.file, thread_id, DamageClass.NAME_NOT_UTF8, length=entry.size)


def _unrepaired(each: Finding) -> Finding:
    """A packed file is never rewritten: it is restored by who writes to it next."""
    return finding(
        each.file,
        each.thread_id,
        each.damage,
        line=each.line,
        offset=each.offset,
        length=each.length,
        is_lossless=each.is_lossless,
    )
