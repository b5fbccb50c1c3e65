"""What happened below a home's two folders since somebody last asked, and who can be asked.

A rollout file is noticed by what `stat` says of it, so a change is told as a path to look at: telling one
too many costs a `stat`, one too few a stale answer.
"""

from dataclasses import dataclass, field
from typing import Protocol

from domain.rollout_name import ENDING, PACKED_ENDING

ENDINGS = (ENDING, PACKED_ENDING)
"""How names of logs end: as they are written, and as later releases pack them."""


@dataclass(slots=True)
class Changes:
    """Files that may have changed, by path, and whether anything else may have.

    `paths` are absolute, below `Home.sessions` or `Home.archived` as these spell them: files that were
    created, written, cut, moved in or out, removed, or given other times or modes. Each is called by the name
    of its log, a packed one too. With `is_walk_needed` the paths are not all: a folder moved, went or was
    replaced, or events were lost.
    """

    paths: set[str] = field(default_factory=set)
    is_walk_needed: bool = False


class Watch(Protocol):
    """Somebody who notices what other programs do below a home. Used by one thread at a time."""

    @property
    def is_exact(self) -> bool:
        """Whether `drain` tells everything that programs of this machine did before it was called.

        It may become false at a `drain` that says `is_walk_needed`, and stays so then.
        """
        ...

    @property
    def interval_s(self) -> float:
        """Seconds after which `drain` is to be called though nothing woke; fewer once it is not exact."""
        ...

    def descriptor(self) -> int | None:
        """What is readable when there may be changes, the same until `close`; None when nothing wakes."""
        ...

    def drain(self) -> Changes:
        """What changed since the last call, or since the watch was opened. Never waits."""
        ...

    def close(self) -> None:
        """Stop watching."""
        ...


def is_log_name(name: str) -> bool:
    """Whether a change of a file of this name is told: it ends like a log and is UTF-8."""
    return name.endswith(ENDINGS) and is_utf8(name)


def is_utf8(name: str) -> bool:
    """Whether a name from the file system is UTF-8: neither the protocol nor the index could tell another."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
