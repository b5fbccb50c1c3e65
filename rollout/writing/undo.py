"""Steps that can be taken back."""

from collections.abc import Callable


class Undo:
    """What takes back the steps made so far."""

    def __init__(self) -> None:
        self._back: list[Callable[[], None]] = []

    def add(self, back: Callable[[], None]) -> None:
        """A step was made, and this takes it back."""
        self._back.append(back)

    def take_back(self) -> bool:
        """Takes all steps back, the last first, up to one that cannot be; tells whether none is left."""
        while self._back:
            try:
                self._back[-1]()
            except OSError:
                return False
            self._back.pop()
        return True
