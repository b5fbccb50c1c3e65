"""What must be there, written down from acknowledgements alone.

A request that was answered has happened, wholly. One that was not may have happened, and of its records
any first ones may be there; a client has one such request at most.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha1

Record = tuple[str, str]
"""A line of a log: its kind, and what tells it from all others."""

Fact = str | bool | None
Facts = dict[str, Fact]


def mark(text: str) -> str:
    """A text in short: its first word, which is its own, its length and its checksum."""
    return f"{text.partition(' ')[0]} {len(text)} {sha1(text.encode(), usedforsecurity=False).hexdigest()}"


@dataclass(slots=True)
class Account:
    """What one client knows of a thread.

    In a shared thread the records of others stand among its own, which begin with its `tag`.
    """

    thread_id: str
    is_shared: bool = False
    tag: str = ""
    is_stored: bool = False
    records: list[Record] = field(default_factory=list)
    tried: list[Record] = field(default_factory=list)
    facts: Facts = field(default_factory=dict)
    tried_facts: Facts = field(default_factory=dict)
    is_touched: bool = True

    @contextmanager
    def trying(self, records: list[Record] | None = None, **facts: Fact) -> Iterator[None]:
        """Within, the request is on its way; behind, it is acknowledged, unless an exception passes."""
        self.tried, self.tried_facts, self.is_touched = list(records or []), dict(facts), True
        yield
        self.records += self.tried
        self.facts |= self.tried_facts
        self.tried, self.tried_facts, self.is_stored = [], {}, True

    def settle_records(self, found: list[Record]) -> None:
        """Compare with what was found, and take it over; AssertionError where something is lost or twice."""
        if self.is_shared:
            found = [record for record in found if record[1].startswith(self.tag)]
        count = len(self.records)
        assert found[:count] == self.records, self._difference(found)
        rest = found[count:]
        assert rest == self.tried[: len(rest)], f"{self.thread_id}: {rest} behind what was acknowledged"
        self.records, self.tried = found, []

    def settle_fact(self, name: str, found: Fact) -> None:
        """Compare one fact, and take it over."""
        allowed = {self.facts.get(name), self.tried_facts.get(name, self.facts.get(name))}
        assert found in allowed, f"{self.thread_id}: {name} is {found!r} and should be one of {allowed!r}"
        self.facts[name] = found
        self.tried_facts.pop(name, None)

    def _difference(self, found: list[Record]) -> str:
        place = next(
            (at for at, (one, other) in enumerate(zip(found, self.records, strict=False)) if one != other),
            min(len(found), len(self.records)),
        )
        return (
            f"{self.thread_id}: of {len(self.records)} acknowledged records {len(found)} are there; "
            f"{place} is {found[place : place + 1]} and should be {self.records[place : place + 1]}"
        )
