"""The storage module with a repair that dies, or a call that fails, at a place of the test's choice."""

import errno
import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from rollout.writing import storage

HARMLESS = ("is_regular", "pause", "close")
"""Functions that change nothing; a process that dies closes its files."""

QUICK = ("sync", "sync_times", "sync_folder")
"""Waits for the disk, which are counted and not waited for."""

NO_CALL = 2**62


class Killed(BaseException):
    """The process is gone: nothing that it would have done afterwards is done."""


class StoppingCalls:
    """Takes the place of the storage module's functions; counts their calls."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.names: list[str] = []
        self._stop_at = NO_CALL
        self._code = 0
        for name, function in inspect.getmembers(storage, inspect.isfunction):
            if name not in HARMLESS and function.__module__ == storage.__name__:
                patch.setattr(storage, name, partial(self._call, name, function))
        patch.setattr(storage, "pause", lambda seconds: None)

    def kill_at(self, number: int) -> None:
        """From the call of this number on there is nobody any more."""
        self._begin(number, 0)

    def fail_at(self, number: int, code: int) -> None:
        """The call of this number fails with this code."""
        self._begin(number, code)

    def go_on(self) -> None:
        """From now on, all goes well."""
        self._begin(NO_CALL, 0)

    def _begin(self, number: int, code: int) -> None:
        self.count = 0
        self.names.clear()
        self._stop_at = number
        self._code = code

    def _call(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        number = self.count
        self.count += 1
        self.names.append(name)
        if number >= self._stop_at and not self._code:
            if name == "write" and number == self._stop_at:
                function(arguments[0], arguments[1][: len(arguments[1]) // 2])
            raise Killed
        if number == self._stop_at:
            raise OSError(self._code, errno.errorcode[self._code])
        return None if name in QUICK else function(*arguments)
