"""What the tests of appending build on."""

from collections.abc import Callable
from pathlib import Path

from domain.durability import Durability
from rollout.writing.append import Appended, RolloutFile
from tests.rollout.recorders import message

ONE, TWO = message("one"), message("two")

Happening = Callable[[], object]


class Pauses:
    """Takes the place of waiting: nothing waits, and things happen instead."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.count = 0
        self.happen: Happening = lambda: None

    def __call__(self, seconds: float) -> None:
        """Waits, as the program believes."""
        self.seconds += seconds
        self.count += 1
        self.happen()


def append(
    path: Path, *lines: bytes, create: bool = False, durability: Durability = Durability.PROCESS
) -> Appended:
    """Appends lines once."""
    with RolloutFile(str(path), create=create, durability=durability) as file:
        return file.append(lines)


def write_behind(path: Path, data: bytes) -> None:
    """What a program without a lock does."""
    with path.open("ab") as file:
        file.write(data)
