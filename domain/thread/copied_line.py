"""One line of a thread's log as it stands in a fork.

A fork takes over what release 0.131.0 would itself store: lines that read, of kinds that are kept, in the
spelling of that release, each with the time of the copy. Most bytes are in lines that are spelt so already;
of them only the time is replaced, so that copying costs little more than reading.
"""

import re
from typing import NamedTuple

import orjson

from domain.events import Payload
from domain.lines import parse
from domain.shapes.kept import kept_topic
from domain.thread.normal_payload import normal_payload

_BEGIN = re.compile(rb'\{"timestamp":"[^"\\]*(?=","type":"\w+","payload":\{)')
_END = b"}}"

FIELD_COUNT = 3
"""Timestamp, type and payload: newer releases write more, which would say the source's line numbers."""


class CopiedLine(NamedTuple):
    """A line of the copy: its canonical topic, its payload, and its bytes without line feed."""

    topic: str
    payload: Payload
    raw: bytes


def copy_line(raw: bytes, now: str) -> CopiedLine | None:
    """The line in a copy made `now`, RFC 3339 with milliseconds and Z; None when it is not taken over."""
    value = parse(raw)
    topic = None if value is None else kept_topic(value)
    if value is None or topic is None:
        return None
    payload = normal_payload(topic, value["payload"])
    if len(value) == FIELD_COUNT and payload == value["payload"]:
        begins = _BEGIN.match(raw)
        end = -1 if raw.endswith(_END + b"\n") else len(raw)
        if begins is not None and raw.endswith(_END, 0, end):
            return CopiedLine(topic, payload, b'{"timestamp":"' + now.encode() + raw[begins.end() : end])
    written = orjson.dumps({"timestamp": now, "type": topic.partition(":")[0], "payload": payload})
    return CopiedLine(topic, payload, written)


def copied(raw: bytes, now: str) -> bytes | None:
    """The bytes of the line in a copy, without line feed; None when it is not taken over."""
    line = copy_line(raw, now)
    return None if line is None else line.raw
