"""What is said in drawn logs of the newer dialect: a few lines at a time, with or without their ordinals."""

import json

from tests.domain.paginated_log import (
    Numbered,
    abort,
    agent,
    end,
    numbered,
    paginated_meta,
    plan,
    start,
    tokens,
    user,
)
from tests.home import event

TURN_IDS = ("t1", "t2", "t3")
WORDS = ("apple", "pear", " ", "日本語 \\", "")


def whole_turn(turn_id: str, text: str) -> list[Numbered]:
    """A turn as it is mostly written."""
    return [
        start(turn_id, started_at=5),
        tokens,
        user(f"u {text}", turn_id, text),
        agent(f"c {text}", turn_id, "well", "commentary"),
        agent(f"a {text}", turn_id, text),
        end(turn_id, started_at=5, completed_at=7, duration_ms=2000),
    ]


def other_writer(told: Numbered) -> Numbered:
    """The line as no release writes it, which says the same."""
    return lambda ordinal: json.dumps(json.loads(told(ordinal))).encode() + b"\r\n"


def without_ordinal(ordinal: int) -> bytes:
    """A line as release 0.131.0 adds it."""
    return event("user_message", message="lost")


def garbage(ordinal: int) -> bytes:
    """A line that is none."""
    return b'{"timestamp":"2026-05-01T10:00:00.000Z","ordinal":%d,"type":\n' % ordinal


def said(how: int, text: str) -> list[tuple[int, Numbered]]:
    """Some lines, each with the step from the ordinal before it."""
    turn_id = TURN_IDS[how % len(TURN_IDS)]
    words = f"{WORDS[how % len(WORDS)]}{text}"
    blank = user(f"u {text}", turn_id, WORDS[how % len(WORDS)] if how % 2 else "")
    failed = end(turn_id, error={"message": text, "codex_error_info": "other"}, completed_at=9)
    choices: tuple[list[tuple[int, Numbered]], ...] = (
        [(1, one) for one in whole_turn(turn_id, words)],
        [(1, one) for one in whole_turn(f"turn {text}", words)],
        [(1, start(turn_id, started_at=how)), (1, blank)],
        [(1, failed), (1, agent("late", turn_id, text, None))],
        [(1, abort(turn_id, completed_at=3)), (2, plan("item-1", turn_id, text))],
        [(1, user("u", "nobody", words)), (7, start(f"turn {text}"))],
        [(1, numbered("user_message", message=words)), (1, tokens)],
        [(1, garbage), (0, without_ordinal), (1, other_writer(agent("late", turn_id, words)))],
        [(0, user("hidden", turn_id, words)), (-1, end(turn_id)), (2, agent("late", turn_id, words))],
        [(1, paginated_meta), (1, plan("late", turn_id, words))],
        [(40, tokens), (-30, agent("hidden", turn_id, words))],
    )
    return choices[how // 3 % len(choices)]


def written(how: int, text: str, last: int) -> list[bytes]:
    """The same as they stand in a log whose last ordinal was this."""
    lines, ordinal = [], last
    for step, told in said(how, text):
        ordinal = max(0, ordinal + step)
        lines.append(told(ordinal))
    return lines
