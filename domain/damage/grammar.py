"""What a record looks like in a file of lines, and where one may begin among damaged bytes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_KIND = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Grammar:
    """The records of one kind of file.

    `starts` matches the first bytes of a record, a brace and a first key: what cannot begin so is not
    taken for one. `is_record` tells whether a parsed object is a record and not a part of one.
    """

    starts: re.Pattern[bytes]
    is_record: Callable[[dict[str, Any]], bool]


def _starting_with(*keys: str) -> re.Pattern[bytes]:
    return re.compile(rb'\{[ \t\r\n]*"(?:' + "|".join(keys).encode() + rb')"[ \t\r\n]*:')


def _is_rollout_line(value: dict[str, Any]) -> bool:
    kind = value.get("type")
    return (
        isinstance(value.get("timestamp"), str)
        and isinstance(kind, str)
        and _KIND.fullmatch(kind) is not None
        and isinstance(value.get("payload"), dict)
    )


def _is_name_entry(value: dict[str, Any]) -> bool:
    return all(isinstance(value.get(key), str) for key in ("id", "thread_name"))


ROLLOUT = Grammar(_starting_with("timestamp", "ordinal", "type", "payload"), _is_rollout_line)
"""Lines of a rollout, of both dialects, the keys in any order."""

NAMES = Grammar(_starting_with("id", "thread_name", "updated_at"), _is_name_entry)
"""Lines of the file of thread names."""
