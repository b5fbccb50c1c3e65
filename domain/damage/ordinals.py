"""The ordinals of a paginated log: a line counts when its own is greater than all counted before it."""

from domain.damage.finding import DamageClass


class Ordinals:
    """The ordinals of a log in order; one far too large hides every line up to its number."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._last = -1

    def take(self, ordinal: int | None, offset: int, *, is_head: bool) -> DamageClass | None:
        """What is wrong with the ordinal of the line at this offset; the head needs none."""
        if ordinal is None:
            return None if is_head else DamageClass.ORDINAL_MISSING
        if ordinal <= self._last:
            return DamageClass.ORDINAL_REPEATED
        first = ordinal if self._first is None else self._first
        self._first, self._last = first, ordinal
        return DamageClass.ORDINAL_TOO_LARGE if ordinal - first > offset else None
