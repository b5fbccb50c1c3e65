"""Counts how the program looks at rollout files and their folders."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

WAYS = {"open": "opened", "stat": "stated", "lstat": "stated", "scandir": "listed", "listdir": "listed"}


@dataclass
class Looks:
    """Paths of a home's sessions that were looked at, and how.

    That a watch asks whether the two folders themselves are still there is left out.
    """

    opened: list[str] = field(default_factory=list)
    stated: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[str]:
        """Every look."""
        return [*self.opened, *self.stated, *self.listed]


@contextmanager
def looks() -> Iterator[Looks]:
    """What this process looks at meanwhile, on whatever thread."""
    seen = Looks()
    with pytest.MonkeyPatch.context() as patched:
        for name, kind in WAYS.items():
            patched.setattr(os, name, _noting(getattr(os, name), kind, getattr(seen, kind)))
        yield seen


def _noting(look: Callable[..., Any], kind: str, paths: list[str]) -> Callable[..., Any]:
    def noted(path: Any = ".", *arguments: Any, **more: Any) -> Any:
        text = "" if isinstance(path, int) else os.fsdecode(path)
        if "sessions" in text and not (kind == "stated" and text.endswith("sessions")):
            paths.append(text)
        return look(path, *arguments, **more)

    return noted
