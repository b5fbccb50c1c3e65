"""A line of the log as a domain event: parsed when somebody looks inside, and only then."""

from typing import Any
from uuid import UUID

from domain.lines import parse

Payload = dict[str, Any]


class RolloutLine:
    """One line of one rollout file.

    The originator is the thread that the file's name tells, the version the line's number in the file
    (from 1, every line counted, damaged ones too), the topic its wire tag (`event_msg:user_message`),
    `raw` its bytes without the line feed.
    """

    __slots__ = ("_value", "originator_id", "originator_version", "raw", "topic")

    def __init__(self, originator_id: UUID, originator_version: int, topic: str, raw: bytes) -> None:
        self.originator_id = originator_id
        self.originator_version = originator_version
        self.topic = topic
        self.raw = raw
        self._value: Payload | None = None

    @property
    def value(self) -> Payload:
        """The whole line as JSON; empty when the line is damaged."""
        if self._value is None:
            self._value = parse(self.raw) or {}
        return self._value

    @property
    def payload(self) -> Payload:
        """The payload; empty when there is none."""
        payload = self.value.get("payload")
        return payload if isinstance(payload, dict) else {}
