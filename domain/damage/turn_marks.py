"""What the marks of turns say of a log: a turn still open, begun twice, or mixed with another."""

from collections.abc import Mapping
from typing import Any

from domain.damage.finding import DamageClass
from domain.shapes.events import ALIASES

STARTED = "task_started"
ENDED = frozenset({"task_complete", "turn_aborted"})


class TurnMarks:
    """The turns of a log, as far as their marks tell. Ids are kept as hashes: logs have many turns."""

    def __init__(self) -> None:
        self._begun: set[int] = set()
        self._ended: set[int] = set()
        self._open: int | None = None

    @property
    def has_open_turn(self) -> bool:
        """Whether the last turn has no end."""
        return self._open is not None

    def take(self, payload: Mapping[str, Any]) -> DamageClass | None:
        """What is odd about this event; mostly nothing."""
        kind = payload.get("type")
        if not isinstance(kind, str):
            return None
        kind = ALIASES.get(kind, kind)
        turn = hash(payload.get("turn_id")) if isinstance(payload.get("turn_id"), str) else None
        if kind == STARTED and turn is not None:
            return self._begin(turn)
        return self._end(turn) if kind in ENDED else None

    def _begin(self, turn: int) -> DamageClass | None:
        is_repeated = turn in self._begun
        self._begun.add(turn)
        self._open = turn
        return DamageClass.DUPLICATE_TURN if is_repeated else None

    def _end(self, turn: int | None) -> DamageClass | None:
        ended = self._open if turn is None else turn
        is_of_another = ended != self._open and ended in self._begun and ended not in self._ended
        if ended is not None:
            self._ended.add(ended)
        if not is_of_another:
            self._open = None
        return DamageClass.TURNS_MIXED if is_of_another else None
