"""Folders that a new file needs and that are not there yet."""

import os
from contextlib import suppress
from functools import partial

from rollout.writing import storage
from rollout.writing.undo import Undo


def make_missing(folder: str, undo: Undo) -> list[str]:
    """Makes the folder and those above it as far as they are missing; gives those made, the outermost first.

    What takes them back, as long as nobody else uses them, is added to `undo`.
    """
    missing = []
    while folder and not storage.is_folder(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)  # noqa: PTH120 - paths are plain text in this room
    missing.reverse()
    for path in missing:
        with suppress(FileExistsError):  # others make the same day; a file there fails what comes next
            storage.make_folder(path)
            undo.add(partial(_remove_if_empty, path))
    return missing


def _remove_if_empty(folder: str) -> None:
    with suppress(OSError):
        storage.remove_folder(folder)
