"""Every call of the storage module in turn, as it fails: once, or from then on."""

import errno
import inspect
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from rollout.writing import storage

PASSED = ("is_regular", "is_folder", "is_there", "pause")
"""Functions that ask the disk nothing that could fail an append, or that only wait."""

SHORT = 0
"""Stands for a write that takes only half of its bytes; every other call goes well."""

QUICK = ("sync", "sync_times", "sync_folder")
"""Waits for the disk, which are counted and not waited for."""


class FailingCalls:
    """Takes the place of the storage module's functions; fails the call of that number."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.names: list[str] = []
        self._failing = range(0)
        self._code = 0
        for name, function in inspect.getmembers(storage, inspect.isfunction):
            if name not in PASSED:
                patch.setattr(storage, name, partial(self._call, name, function))
        patch.setattr(storage, "pause", lambda seconds: None)

    def fail(self, number: int, code: int, *, for_ever: bool = False) -> None:
        """From now on, the call of this number fails with this code."""
        self.count = 0
        self.names.clear()
        self._failing = range(number, 2**62) if for_ever else range(number, number + 1)
        self._code = code

    def mend(self) -> None:
        """From now on, all goes well."""
        self._failing = range(0)

    def _call(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        number = self.count
        self.count += 1
        self.names.append(name)
        if number in self._failing:
            if self._code == SHORT:
                return _write_half(function, *arguments) if name == "write" else function(*arguments)
            if name == "close":
                function(*arguments)  # a close that fails has closed all the same
            raise OSError(self._code, errno.errorcode[self._code])
        return None if name in QUICK else function(*arguments)


def _write_half(function: Callable[[int, memoryview], int], descriptor: int, data: memoryview) -> int:
    return function(descriptor, data[: max(1, len(data) // 2)])


def open_descriptors() -> int:
    """How many descriptors this process has."""
    return len(list(Path("/proc/self/fd").iterdir()))
