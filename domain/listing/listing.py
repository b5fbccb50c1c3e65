"""What a list shows of a thread, from the beginning of its log: its meta line and its preview.

The first session_meta counts, whatever follows. The preview is the first user message, or the objective
of a goal that came before it. Reading ends when both are known and the first text of the user too.

In a paginated log what came before that meta shows nothing, lines count by their ordinals, and user messages
are items. A log that goes on from others begins with these, which have no say in its meta.
"""

from dataclasses import dataclass
from typing import Any

from domain.history.dialect import dialect_of
from domain.history.ordinals import counted_after, ordinal_in
from domain.history.rows import Dialect
from domain.lines import PASSED_OVER, PREFIX_AT, WHOLE_END, not_recognised, parse_at, unlisted_line
from domain.listing.meta import shown_facts
from domain.listing.said import Said, said_in_event, said_in_item
from domain.log import LogSlice
from domain.shapes.events import EVENTS
from domain.shapes.kept import kept_topic
from domain.shapes.paginated import counted_topic
from domain.text import trim

Payload = dict[str, Any]

PICTURE_PREVIEW = "[Image]"


@dataclass(slots=True)
class ListFacts:
    """What is known so far, and up to which offset the log was read for it.

    `last_ordinal` is that of the last line of a paginated log that counted.
    """

    end: int = 0
    meta: Payload | None = None
    preview: str | None = None
    first_text: str | None = None
    begins_with_picture: bool = False
    last_ordinal: int = -1

    @property
    def dialect(self) -> Dialect:
        """How the log is to be read, as far as its meta is known."""
        return Dialect.LEGACY if self.meta is None else dialect_of(self.meta)

    @property
    def is_complete(self) -> bool:
        """Whether further lines can change nothing."""
        if self.meta is None:
            return False
        is_known = self.preview is not None and self.first_text is not None
        return is_known or self.dialect is Dialect.UNKNOWN

    @property
    def is_listed(self) -> bool:
        """Whether a list shows the thread."""
        return self.meta is not None and bool(self.preview) and self.dialect is not Dialect.UNKNOWN

    @property
    def title(self) -> str | None:
        """What a thread without a name is called: its first text, where a picture came before it."""
        return self.first_text if self.begins_with_picture else None


class ListFold:
    """Folds the beginning of a log, after those of its bases, into its list facts."""

    def __init__(self, facts: ListFacts, passed_over: tuple[bytes, ...] = PASSED_OVER) -> None:
        self.facts = facts
        self._passed_over = passed_over
        self._recognise = unlisted_line if passed_over else not_recognised
        self._is_base = False
        self._has_bases = False
        self._is_paginated = facts.dialect is Dialect.PAGINATED

    def begin_log(self, floor: int, *, is_base: bool) -> None:
        """The next lines are those of another log: of these count what has an ordinal above the floor."""
        self._is_base = is_base
        self._has_bases = self._has_bases or is_base
        self._is_paginated = self._is_paginated or is_base
        self.facts.last_ordinal = floor

    def feed(self, piece: LogSlice) -> bool:
        """Take a run of whole lines; tells whether more are wanted."""
        facts, at = self.facts, piece.start
        for raw in piece:
            is_passed = self._passes(raw)
            if not is_passed:
                self.line(at, raw)
            at += len(raw)
            if not is_passed and facts.is_complete:
                facts.end = at
                return False
        facts.end = piece.end
        return True

    def _passes(self, raw: bytes) -> bool:
        """Whether the line's first bytes say that it is not needed; in a paginated log its ordinal counts."""
        if not self._is_paginated:
            return raw.startswith(self._passed_over, PREFIX_AT)
        found = self._recognise(raw)
        if found is None or not raw.endswith(WHOLE_END):
            return False
        self.facts.last_ordinal = max(self.facts.last_ordinal, int(found[1]))
        return True

    def line(self, at: int, raw: bytes) -> None:
        """Take one line, beginning at this offset."""
        value = parse_at(at, raw)
        if value is not None and self._is_paginated:
            self._paginated_line(value, is_base=self._is_base or at < 0)
        elif value is not None:
            self._legacy_line(value)

    def _legacy_line(self, value: Payload) -> None:
        topic = kept_topic(value)
        if topic == "session_meta":
            self._meta(value)
        elif topic == "event_msg:user_message":
            self._said(said_in_event(value["payload"]))
        elif topic == "event_msg:thread_goal_updated":
            self._goal(value["payload"])
        elif topic is None and counted_topic(value) == "event_msg:item_completed":
            self._said(said_in_item(value["payload"]["item"]))  # written by the newer release

    def _meta(self, value: Payload) -> None:
        """The first meta; when it tells of a paginated log, what came before shows nothing."""
        facts = self.facts
        if facts.meta is not None:
            return
        facts.meta = shown_facts(value["payload"])
        if facts.dialect is Dialect.PAGINATED and not self._has_bases:
            facts.preview, facts.first_text, facts.begins_with_picture = None, None, False
        self._is_paginated = self._has_bases or facts.dialect is Dialect.PAGINATED
        if self._is_paginated and (ordinal := ordinal_in(value)) is not None:
            facts.last_ordinal = max(facts.last_ordinal, ordinal)

    def _paginated_line(self, value: Payload, *, is_base: bool) -> None:
        facts, payload = self.facts, value.get("payload", {})
        awaits_head = facts.meta is None and not is_base
        topic, facts.last_ordinal = counted_after(value, facts.last_ordinal, awaits_head=awaits_head)
        if awaits_head:
            if topic == "session_meta":
                self._meta(value)
        elif topic == "event_msg:item_completed":
            self._said(said_in_item(payload["item"]))
        elif topic == "event_msg:user_message" and EVENTS["user_message"](payload):
            self._said(said_in_event(payload))
        elif topic == "event_msg:thread_goal_updated":
            self._goal(payload)

    def _goal(self, payload: Payload) -> None:
        if self.facts.preview is None:
            self.facts.preview = trim(payload["goal"]["objective"]) or None

    def _said(self, said: Said | None) -> None:
        if said is None:
            return
        facts, (text, has_images) = self.facts, said
        if text:
            facts.first_text = facts.first_text or text
        elif has_images and facts.first_text is None:
            facts.begins_with_picture = True
        if facts.preview is None and (text or has_images):
            facts.preview = text or PICTURE_PREVIEW
