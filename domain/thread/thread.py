"""A thread as commands see it: how long its log is, what the log tells of it, and what is to be added.

An aggregate of the plain kind: it follows lines, its commands add lines, and whoever saves it collects
them. It holds no turns and no items; those are read models.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

import orjson

from domain.errors import NoRollback, ThreadWithoutHead, TooFewTurns, UnfitItem
from domain.events import Payload, RolloutLine
from domain.limits import LINE_SIZE_MAX
from domain.rollout_name import written_uuid
from domain.thread.ordinals import Ordinals
from domain.thread.session_meta import DEFAULT_MEMORY_MODE, GIT_FIELDS, git_of, restated, told_by
from domain.topics import HEAD, topic_of_raw

Item = tuple[str, Mapping[str, Any]]
"""A line to be: its type and its payload."""


@dataclass(frozen=True, slots=True)
class ThreadSnapshot:
    """A thread as of a line: what following all lines up to it gives.

    `head` is the payload of the first usable session_meta line as it was written. `git` and
    `memory_mode` are what the last line of the thread's own id says that says anything of them.
    `last_ordinal` is the greatest that counted, None in a log without ordinals.
    """

    originator_id: UUID
    originator_version: int
    head: Payload | None = None
    git: dict[str, str] | None = None
    memory_mode: str | None = None
    last_ordinal: int | None = None


class Thread:
    """One thread; `version` counts the lines of its log, the added ones included."""

    version: int
    head: Payload | None
    git: dict[str, str] | None
    memory_mode: str | None

    def __init__(self, snapshot: ThreadSnapshot) -> None:
        self.id = snapshot.originator_id
        self._pending: list[RolloutLine] = []
        self._ordinals = Ordinals(None)
        self._restore(snapshot)

    @classmethod
    def start(cls, thread_id: UUID, meta_payload: Mapping[str, Any], now: str) -> Self:
        """A new thread with this first line; `now` is RFC 3339 with milliseconds and Z, here as below."""
        thread = cls(ThreadSnapshot(thread_id, 0))
        thread._ordinals = Ordinals.before_head(dict(meta_payload))
        thread.append([(HEAD, meta_payload)], now)
        return thread

    @staticmethod
    def project(thread: "Thread | None", lines: "Iterable[RolloutLine | ThreadSnapshot]") -> "Thread | None":
        """The thread behind these lines; for `Repository.get`, which puts a snapshot before them."""
        for line in lines:
            if isinstance(line, ThreadSnapshot):
                thread = Thread(line)
            else:
                thread = thread or Thread(ThreadSnapshot(line.originator_id, 0))
                thread.follow(line)
        return thread

    def collect_events(self) -> Sequence[RolloutLine]:
        """The lines that were added since the last time."""
        pending, self._pending = self._pending, []
        return pending

    @property
    def has_pending(self) -> bool:
        """Whether there is anything to save."""
        return bool(self._pending)

    def snapshot(self) -> ThreadSnapshot:
        """The thread as it stands."""
        return ThreadSnapshot(
            self.id, self.version, self.head, self.git, self.memory_mode, self._ordinals.last
        )

    @contextmanager
    def whole_or_not(self) -> Iterator[None]:
        """Commands that all happen, or, when one raises, leave the thread as it was."""
        before, ordinals, count = self.snapshot(), self._ordinals.copy(), len(self._pending)
        try:
            yield
        except BaseException:
            del self._pending[count:]
            self._restore(before)
            self._ordinals = ordinals
            raise

    # -- commands -----------------------------------------------------------------------------

    def append(self, items: Iterable[Item], now: str) -> None:
        """Add these lines; UnfitItem when one of them is none, and then none is added."""
        items = list(items)
        ordinals = self._ordinals.following(len(items))
        for raw in [raw_line(item, ordinal, now) for item, ordinal in zip(items, ordinals, strict=True)]:
            line = RolloutLine(self.id, self.version + 1, topic_of_raw(raw), raw)
            self.follow(line)
            self._pending.append(line)

    def inject(self, items: Iterable[Mapping[str, Any]], now: str) -> None:
        """Add these response items."""
        self.append([("response_item", item) for item in items], now)

    def roll_back(self, num_turns: int, token_count_payload: Mapping[str, Any] | None, now: str) -> None:
        """Take the last turns away, however many there are; first tells how large the context is then.

        NoRollback in a log that has no line for it.
        """
        if num_turns < 1:
            raise TooFewTurns
        if self._ordinals.last is not None:
            raise NoRollback(str(self.id))
        marker = {"type": "thread_rolled_back", "num_turns": num_turns}
        payloads = [marker] if token_count_payload is None else [token_count_payload, marker]
        self.append([("event_msg", payload) for payload in payloads], now)

    def restate_git(self, changes: Mapping[str, str | None], now: str) -> None:
        """Replace git facts, or clear those given as None; their names are those of the log."""
        assert changes.keys() <= set(GIT_FIELDS)
        wanted = {**(self.git or {}), **changes}
        git = {name: value for name, value in wanted.items() if value is not None}
        mode = DEFAULT_MEMORY_MODE if self.memory_mode is None else self.memory_mode
        self.append([(HEAD, restated(self._known_head(), mode, git))], now)

    def restate_memory_mode(self, mode: str, now: str) -> None:
        """Replace the memory mode; as in release 0.131.0 that line says nothing of git, which stays."""
        self.append([(HEAD, restated(self._known_head(), mode))], now)

    # -- following ----------------------------------------------------------------------------

    def follow(self, line: RolloutLine) -> None:
        """Take note of a line that is in the log."""
        self.version = line.originator_version
        payload = told_by(line)
        counts = self.head is None or self._ordinals.follow(line)
        if payload is None or not counts:
            return
        if self.head is None:
            self.head = payload
            self._ordinals = Ordinals.of_head(line, payload)
        elif written_uuid(payload["id"]) != written_uuid(self.head["id"]):
            return  # a line that a fork copied tells of another thread
        git, mode = git_of(payload), payload.get("memory_mode")
        self.git = self.git if git is None else git
        self.memory_mode = self.memory_mode if mode is None else mode

    def _known_head(self) -> Payload:
        if self.head is None:
            raise ThreadWithoutHead(str(self.id))
        return self.head

    def _restore(self, snapshot: ThreadSnapshot) -> None:
        self.version = snapshot.originator_version
        self.head = snapshot.head
        self.git = snapshot.git
        self.memory_mode = snapshot.memory_mode
        self._ordinals = Ordinals(snapshot.last_ordinal)


def raw_line(item: Item, ordinal: int | None, now: str) -> bytes:
    """A line in the key order of real ones, without its line feed; UnfitItem when it cannot be one."""
    line_type, payload = item
    numbered = {} if ordinal is None else {"ordinal": ordinal}
    try:
        raw = orjson.dumps({"timestamp": now, **numbered, "type": line_type, "payload": payload})
    except orjson.JSONEncodeError as error:
        raise UnfitItem(str(error)) from None
    if len(raw) >= LINE_SIZE_MAX:
        raise UnfitItem(f"its line would have {len(raw)} bytes")
    return raw
