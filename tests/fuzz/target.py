"""A target: reads an input, and fails in no other way than it says it may."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Read = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Target:
    """What is read, good inputs to begin with, and how many are drawn in an everyday run."""

    read: Read
    seeds: Sequence[bytes]
    count: int
