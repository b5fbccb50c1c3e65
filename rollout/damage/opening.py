"""Opening a file of a home to look for damage: regular files only, no link followed, nothing waited for."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from domain.damage.finding import DamageClass
from domain.errors import UnreadableThread
from domain.rollout_name import PACKED_ENDING, log_path
from rollout.damage.file_steps import FileSteps
from rollout.finding.home import Home
from rollout.log import RolloutLog
from rollout.writing import storage


class NotOpened(Exception):
    """A file that cannot be looked into, and what that is."""

    def __init__(self, damage: DamageClass) -> None:
        super().__init__(damage.value)
        self.damage = damage


@contextmanager
def opened(home: Home, file: str) -> Iterator[FileSteps]:
    """The steps of this file, a path below the home; NotOpened when there are none to be had."""
    path = f"{home.root}/{file}"
    if file.endswith(PACKED_ENDING):
        with _packed(path, file) as steps:
            yield steps
        return
    descriptor = _open(path)
    try:
        found = storage.fstat(descriptor)
        if not storage.is_regular(found):
            raise NotOpened(DamageClass.IRREGULAR_FILE)
        yield FileSteps(lambda size, at: storage.pread(descriptor, size, at), found.st_size, file)
    finally:
        with suppress(OSError):
            storage.close(descriptor)


@contextmanager
def _packed(path: str, file: str) -> Iterator[FileSteps]:
    """A packed log, unpacked as far as it is read."""
    try:
        with RolloutLog().open(log_path(path)) as reader:
            yield FileSteps(lambda size, at: reader.read(at, size), reader.size, file)
    except (UnreadableThread, FileNotFoundError):
        raise NotOpened(DamageClass.PACKED_DAMAGED) from None


def _open(path: str) -> int:
    try:
        return storage.open_to_hold(path)
    except OSError:
        raise NotOpened(DamageClass.UNREADABLE_FILE) from None
