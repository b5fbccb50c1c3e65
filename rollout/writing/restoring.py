"""Restoring a packed log: nobody appends to packed bytes.

    hold ─── the packed file, open and locked among our own writers; its path must still lead to it
    write ── the plain bytes, to a name that no reader takes, with the packed file's times, mode and owner
    rename ─ to the plain name, never onto one that is taken
    sync ─── the folder
    remove ─ the packed file

From the rename on the plain file counts, so a program that dies anywhere leaves the one, the other, or both.
"""

import os
from contextlib import suppress

from domain.errors import AppendFailed, UnreadableThread
from domain.limits import UNPACKING_CHUNK_SIZE
from domain.rollout_name import packed_path
from rollout.packed.frames import UnfitStream
from rollout.packed.unpacking import Unpacking
from rollout.presence import file_state
from rollout.writing import storage
from rollout.writing.locking import wait_for_lock
from rollout.writing.partial import give_name, keep_facts, partial_path, write_fully


def restore(path: str) -> bool:
    """Has the plain file of a packed log be there; false when there is no packed one.

    UnreadableThread when it cannot be unpacked, ActiveWriter while another writer of ours keeps it; OSError
    and AppendFailed for everything else. None of them changes the log.
    """
    packed = packed_path(path)
    if packed is None:
        return False
    try:
        descriptor = storage.open_to_hold(packed)
    except FileNotFoundError:
        return False
    try:
        if not storage.is_regular(storage.fstat(descriptor)):
            raise AppendFailed(path, "its packed file is not a regular file")
        wait_for_lock(descriptor, path)
        if _is_still(packed, descriptor):
            _restore(path, packed, descriptor)
    finally:
        with suppress(OSError):  # nothing was written through it
            storage.close(descriptor)
    return True


def _is_still(packed: str, descriptor: int) -> bool:
    """Whether the path leads to the file that is open: somebody else may have restored or moved it."""
    try:
        named = storage.lstat(packed)
    except FileNotFoundError:
        return False
    return file_state(named).is_same_file(file_state(storage.fstat(descriptor)))


def _restore(path: str, packed: str, descriptor: int) -> None:
    partial = partial_path(path)
    try:
        _write(partial, packed, descriptor)
        give_name(partial, path)
    except FileExistsError:  # another program restored it, or made it anew: the plain file counts
        _remove(partial)
        return
    except BaseException:
        _remove(partial)
        raise
    storage.sync_folder(os.path.dirname(path))  # noqa: PTH120 - paths are plain text in this room
    with suppress(OSError):  # it does not count any more
        storage.remove(packed)


def _write(partial: str, packed: str, descriptor: int) -> None:
    """The plain bytes, on the disk."""
    found = storage.fstat(descriptor)
    unpacking = Unpacking(descriptor, found.st_size)
    buffer = memoryview(bytearray(UNPACKING_CHUNK_SIZE))
    made = storage.create(partial)
    try:
        while count := unpacking.read_into(buffer):
            write_fully(made, buffer[:count])
        keep_facts(made, found)
    except UnfitStream as failure:
        raise UnreadableThread(packed, str(failure)) from failure
    finally:
        with suppress(OSError):  # its bytes are on the disk
            storage.close(made)


def _remove(partial: str) -> None:
    with suppress(OSError):
        storage.remove(partial)
