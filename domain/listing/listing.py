"""What a list shows of a thread, from the beginning of its log: its meta line and its preview.

The first session_meta counts, whatever follows. The preview is the first user message, or the objective
of a goal that came before it. Reading ends when both are known and the first text of the user too.
"""

from dataclasses import dataclass
from typing import Any

from domain.lines import PASSED_OVER, PREFIX_AT, parse_at
from domain.listing.meta import shown_facts
from domain.log import LogSlice
from domain.shapes.kept import kept_topic
from domain.text import is_blank, trim

Payload = dict[str, Any]

REQUEST_MARK = "## My request for Codex:"
"""What editors put between their context and the user's words; the preview begins behind the first."""

PICTURE_PREVIEW = "[Image]"


@dataclass(slots=True)
class ListFacts:
    """What is known so far, and up to which offset the log was read for it."""

    end: int = 0
    meta: Payload | None = None
    preview: str | None = None
    first_text: str | None = None
    begins_with_picture: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether further lines can change nothing."""
        return self.meta is not None and self.preview is not None and self.first_text is not None

    @property
    def is_listed(self) -> bool:
        """Whether a list shows the thread."""
        return self.meta is not None and bool(self.preview)

    @property
    def title(self) -> str | None:
        """What a thread without a name is called: its first text, where a picture came before it."""
        return self.first_text if self.begins_with_picture else None


class ListFold:
    """Folds the beginning of a log into its list facts."""

    def __init__(self, facts: ListFacts, passed_over: tuple[bytes, ...] = PASSED_OVER) -> None:
        self.facts = facts
        self._passed_over = passed_over

    def feed(self, piece: LogSlice) -> bool:
        """Take a run of whole lines; tells whether more are wanted."""
        facts, at = self.facts, piece.start
        for raw in piece:
            if not raw.startswith(self._passed_over, PREFIX_AT):
                self.line(at, raw)
            at += len(raw)
            if facts.is_complete:
                facts.end = at
                return False
        facts.end = piece.end
        return True

    def line(self, at: int, raw: bytes) -> None:
        """Take one line, beginning at this offset."""
        value = parse_at(at, raw)
        topic = None if value is None else kept_topic(value)
        if value is None or topic is None:
            return
        if topic == "session_meta":
            if self.facts.meta is None:
                self.facts.meta = shown_facts(value["payload"])
        elif topic == "event_msg:user_message":
            self._user_message(value["payload"])
        elif topic == "event_msg:thread_goal_updated" and self.facts.preview is None:
            self.facts.preview = trim(value["payload"]["goal"]["objective"]) or None

    def _user_message(self, payload: Payload) -> None:
        text = own_words(payload["message"])
        has_images = bool(payload.get("images") or payload.get("local_images"))
        if text:
            self.facts.first_text = self.facts.first_text or text
        elif has_images and self.facts.first_text is None:
            self.facts.begins_with_picture = True
        if self.facts.preview is None and (text or has_images):
            self.facts.preview = text or PICTURE_PREVIEW


def own_words(message: str) -> str:
    """The user's own words in a message: what follows the editor's context, trimmed."""
    _, mark, behind = message.partition(REQUEST_MARK)
    text = behind if mark else message
    return "" if is_blank(text) else trim(text)
