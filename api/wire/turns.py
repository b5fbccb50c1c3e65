"""Whose request begins now: a client alone may have many at work, those that ask at the same time a few each.

All requests share one event loop and one interpreter, so what one client has at work is what another waits
for. Nobody waits for another's request to end, though: each client may always have one of each kind at work.
A request waits where its client waits, so that what it sends behind it stays in its own socket.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from domain.limits import (
    ADDING_ALONE_MAX,
    ADDING_TOGETHER_MAX,
    ASKING_ALONE_MAX,
    ASKING_TOGETHER_MAX,
    CALM_SECONDS,
    MESSAGES_A_TURN,
    MESSAGES_A_TURN_ALONE,
    WHOLE_ANSWERS_MAX,
)


class Kind(Enum):
    """What a request is like to those who wait for it."""

    ASKING = auto()
    """Answered from memory, the index, or some of a log."""
    ADDING = auto()
    """Adds lines: many that wait together are saved at once, and cost less each."""
    WHOLE = auto()
    """Answered with a whole history, which is held until it is sent."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many requests of a kind may be at work: of one client alone, and of all that ask at the time."""

    alone: int
    together: int

    def share(self, clients: int) -> int:
        """How many each of so many clients may have."""
        return self.alone if clients <= 1 else max(1, min(self.alone, self.together // clients))


ALLOWANCES = {
    Kind.ASKING: Allowance(ASKING_ALONE_MAX, ASKING_TOGETHER_MAX),
    Kind.ADDING: Allowance(ADDING_ALONE_MAX, ADDING_TOGETHER_MAX),
    Kind.WHOLE: Allowance(WHOLE_ANSWERS_MAX, WHOLE_ANSWERS_MAX),
}

ADDING = frozenset({"thread/inject_items", "threadStore/append"})
"""Methods that add lines and no more; the next of them may begin before they are done (`api.wire.lanes`)."""

Params = Mapping[str, Any]


def _with_turns(params: Params) -> bool:
    return not params.get("excludeTurns", False)


WHOLE: dict[str, Callable[[Params], bool]] = {
    "thread/read": lambda params: bool(params.get("includeTurns", False)),
    "thread/resume": _with_turns,
    "thread/fork": _with_turns,
    "thread/rollback": lambda _: True,
}
"""Methods that can answer with a whole history, and whether they do."""


def kind_of(method: str, params: Params) -> Kind:
    """The kind of a request."""
    if method in ADDING:
        return Kind.ADDING
    is_whole = WHOLE.get(method)
    return Kind.WHOLE if is_whole is not None and is_whole(params) else Kind.ASKING


class Turns:
    """The clients of a service that ask at the same time. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._asked_at: dict[Place, float] = {}

    def place(self) -> "Place":
        """A place for one more client."""
        return Place(self)

    def note(self, place: "Place") -> None:
        """This client asks for something."""
        self._asked_at[place] = self._clock()

    def has_other(self, place: "Place") -> bool:
        """Whether another client than this one asks."""
        return self.clients() > (place in self._asked_at)

    def clients(self) -> int:
        """How many ask at the same time: they asked a moment ago, or have something at work."""
        since = self._clock() - CALM_SECONDS
        calm = [one for one, asked_at in self._asked_at.items() if asked_at < since and not one.is_busy]
        for one in calm:
            del self._asked_at[one]
        return len(self._asked_at)


class Place:
    """What one client has at work."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._at_work: Counter[Kind] = Counter()
        self._taken_count = 0
        self._first = asyncio.Lock()
        self._ended = asyncio.Event()

    @property
    def is_busy(self) -> bool:
        """Whether anything is at work."""
        return self._at_work.total() > 0

    def is_turn_over(self) -> bool:
        """Count one more message; whether others should get their turn before it."""
        self._taken_count += 1
        if self._taken_count % MESSAGES_A_TURN or not (
            self._taken_count >= MESSAGES_A_TURN_ALONE or self._turns.has_other(self)
        ):
            return False
        self._taken_count = 0
        return True

    async def begin(self, kind: Kind) -> None:
        """Wait until one more request of this kind may begin; who waits first begins first."""
        self._turns.note(self)
        async with self._first:
            while self._is_full(kind):
                self._ended.clear()
                await self._ended.wait()
            self._at_work[kind] += 1

    def end(self, kind: Kind) -> None:
        """One that had begun is done."""
        self._at_work[kind] -= 1
        self._ended.set()

    def _is_full(self, kind: Kind) -> bool:
        at_work = self._at_work[kind]
        return at_work > 0 and at_work >= ALLOWANCES[kind].share(self._turns.clients())
