"""A finding: one place where a file or an entry of a home is not as it should be.

A finding never carries text from a file: a class, a place and a sentence of ours say what there is to say.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.damage.damage_class import SENTENCES, SEVERITIES, DamageClass, Severity

__all__ = ["SENTENCES", "SEVERITIES", "UNTOUCHED", "Action", "DamageClass", "Finding", "Severity", "finding"]


class Action(StrEnum):
    """What a repair does, or did, about a finding."""

    NONE = "none"
    """Nothing: only a person can decide, or there is nothing to decide."""
    KEPT = "kept"
    """The bytes stay as they are although readers pass them over: they parse."""
    REWRITTEN = "rewritten"
    """The same record in other bytes, or the same bytes without what is around them."""
    JOINED = "joined"
    """A record that stood on several lines stands on one."""
    SPLIT = "split"
    """Records that stood on one line stand on several."""
    DECODED = "decoded"
    """The text was brought to UTF-8."""
    SYNTHESISED = "synthesised"
    """A session_meta was made up from the name and the contents of the file."""
    MOVED = "moved"
    """The record stands, or the file lies, where readers look for it."""
    QUARANTINED = "quarantined"
    """Taken out, and kept below `repair/`."""


UNTOUCHED = frozenset({Action.NONE, Action.KEPT})
"""Actions that change no file."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that is not as it should be.

    `file` is the path below the home; bytes of it that are no UTF-8 are surrogates, as `os.fsdecode` gives
    them. `thread_id` is the one in the name, else in the session_meta. `line` counts from 1, 0 is the file
    as a whole; `offset` and `length` are bytes. `action` is what a repair would do, or did. `is_lossless`:
    after that, every record that these bytes held is whole. `count` is more than 1 where many of a kind are
    told as one; the place is that of the first.
    """

    file: str
    thread_id: UUID | None
    damage: DamageClass
    severity: Severity
    line: int
    offset: int
    length: int
    action: Action
    is_lossless: bool
    note: str
    count: int = 1

    @property
    def is_harmful(self) -> bool:
        """Whether a check has found damage with it: more than a notice, or something to be put right."""
        return self.severity is not Severity.NOTICE or self.action not in UNTOUCHED

    @property
    def is_left(self) -> bool:
        """Whether it is still there when the action is done."""
        return self.severity is not Severity.NOTICE and self.action in UNTOUCHED


def finding(
    file: str,
    thread_id: UUID | None,
    damage: DamageClass,
    *,
    line: int = 0,
    offset: int = 0,
    length: int = 0,
    action: Action = Action.NONE,
    is_lossless: bool = True,
    note: str = "",
) -> Finding:
    """A finding with the severity and the sentence of its kind; `note` is added to the sentence."""
    sentence = f"{SENTENCES[damage]} ({note})" if note else SENTENCES[damage]
    severity = SEVERITIES[damage]
    return Finding(file, thread_id, damage, severity, line, offset, length, action, is_lossless, sentence)
