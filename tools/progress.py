"""A bar that shows how far a long look has got, on a terminal alone."""

import sys
from types import TracebackType
from typing import Any, Self

import click


class ProgressBar:
    """Told what is done and what there is; shown from the first word on, on standard error."""

    def __init__(self, label: str, *, is_shown: bool) -> None:
        self._label = label
        self._is_shown = is_shown and sys.stderr.isatty()
        self._bar: Any = None  # click names the class of its bars in private only
        self._done = 0

    def __enter__(self) -> Self:
        """Nothing is shown yet."""
        return self

    def __call__(self, done: int, total: int) -> None:
        """So much is done of so much."""
        if not self._is_shown or not total:
            return
        if self._bar is None:
            self._bar = click.progressbar(length=total, label=self._label, file=sys.stderr)
            self._bar.__enter__()
        self._bar.update(done - self._done)
        self._done = done

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The bar ends where it is."""
        if self._bar is not None:
            self._bar.__exit__(kind, error, trace)
