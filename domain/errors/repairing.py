"""Repairs that cannot begin."""

from domain.errors.base import ThreadstoreError


class RepairRunning(ThreadstoreError):
    """Another repair works on the home."""

    def __init__(self, home: str) -> None:
        super().__init__(f"another repair works on {home!r}")


class UnknownRun(ThreadstoreError):
    """A run that the home knows nothing of."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no run {name!r} below repair/ of this home")
