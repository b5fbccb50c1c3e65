"""Whether the last turn of a log has an end, and what a copy of the log is given when it has none.

Release 0.131.0 asks this when it forks a thread. A turn that was begun in so many words is unfinished until a
line completes or aborts it. Where no such turn is open, the question goes to the last message of the user
that a model saw: it is unanswered when no turn was completed or aborted behind it.

The turns are those of the history (`domain/history`), but only their names and what is open are kept: this
follows logs of any length in little memory.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from domain.hooks import fragments_of
from domain.session.user_input import is_user_input
from domain.thread.thread import Item

Payload = dict[str, Any]

NOTE = (
    "<turn_aborted>\n"
    "The user interrupted the previous turn on purpose. Any running unified exec processes may still be "
    "running in the background. If any tools/commands were aborted, they may have partially executed.\n"
    "</turn_aborted>"
)
"""What release 0.131.0 tells the model of an interrupted turn."""


@dataclass(slots=True)
class _OpenTurn:
    """The turn that is open: begun by a line of its own (`is_explicit`), or by what it holds."""

    turn_id: str
    is_explicit: bool
    is_in_progress: bool
    has_items: bool = False


class LastTurn:
    """Follows the kept lines of a log to its end."""

    def __init__(self) -> None:
        self._line_count = 0
        self._finished: list[str] = []
        self._open: _OpenTurn | None = None
        self._inputs: list[int] = []
        self._last_end = -1

    def take(self, topic: str, payload: Payload) -> None:
        """Take note of the next kept line."""
        handler = HANDLERS.get(topic)
        if handler is not None:
            handler(self, payload)
        self._line_count += 1

    def missing_end(self) -> Sequence[Item]:
        """The lines that end the last turn as interrupted; none when it has its end."""
        turn = self._open
        if turn is not None and turn.is_explicit:
            return _interruption(turn.turn_id) if turn.is_in_progress else ()
        is_unanswered = bool(self._inputs) and self._last_end < self._inputs[-1]
        return _interruption(None) if is_unanswered else ()

    def _need_turn(self) -> _OpenTurn:
        if self._open is None:
            turn_id = f"rollout-{self._line_count}"
            self._open = _OpenTurn(turn_id, is_explicit=False, is_in_progress=False)
        return self._open

    def _finish(self) -> None:
        if self._open is not None:
            self._finished.append(self._open.turn_id)
            self._open = None

    def _named_by(self, turn_id: str | None) -> _OpenTurn | None:
        """The open turn, unless the line names one that is finished."""
        turn = self._open
        if turn is None or turn_id is None or turn_id == turn.turn_id or turn_id not in self._finished:
            return turn
        return None

    # -- what each kind of line does ----------------------------------------------------------

    def started(self, payload: Payload) -> None:
        """A turn begins; one that was open is over."""
        self._finish()
        self._open = _OpenTurn(payload["turn_id"], is_explicit=True, is_in_progress=True)

    def completed(self, payload: Payload) -> None:
        """The turn named ends."""
        self._last_end = self._line_count
        if self._named_by(payload["turn_id"]) is not None:
            self._finish()

    def aborted(self, payload: Payload) -> None:
        """The turn named is interrupted; it stays open."""
        self._last_end = self._line_count
        turn = self._named_by(payload.get("turn_id"))
        if turn is not None:
            turn.is_in_progress = False

    def rolled_back(self, payload: Payload) -> None:
        """The last turns go, and as many messages of the user."""
        self._finish()
        for names in (self._finished, self._inputs):
            del names[max(0, len(names) - payload["num_turns"]) :]

    def compacted(self, _payload: Payload) -> None:
        """A compaction falls into a turn."""
        self._need_turn()

    def user_message(self, _payload: Payload) -> None:
        """A message ends a turn that began without words and holds something."""
        turn = self._open
        if turn is not None and not turn.is_explicit and turn.has_items:
            self._finish()
        self._need_turn().has_items = True

    def said(self, payload: Payload) -> None:
        """An empty answer is no item."""
        if payload["message"]:
            self._need_turn().has_items = True

    def thought(self, payload: Payload) -> None:
        """An empty thought is no item."""
        if payload["text"]:
            self._need_turn().has_items = True

    def marked(self, _payload: Payload) -> None:
        """What always is an item."""
        self._need_turn().has_items = True

    def patched(self, payload: Payload) -> None:
        """File changes are an item of the turn they name; without a name of the open one."""
        turn_id = payload.get("turn_id")
        turn = self._open if turn_id else self._need_turn()
        if turn is not None and (not turn_id or turn_id == turn.turn_id):
            turn.has_items = True

    def planned(self, payload: Payload) -> None:
        """A plan is an item of the turn it names, and of no other."""
        turn = self._open
        if turn is not None and turn.turn_id == payload["turn_id"] and payload["item"]["text"]:
            turn.has_items = True

    def message(self, payload: Payload) -> None:
        """What a model saw: words of the user, or prompts of hooks, which are items."""
        if is_user_input(payload):
            self._inputs.append(self._line_count)
        elif fragments_of(payload) is not None:
            self._need_turn().has_items = True


def _interruption(turn_id: str | None) -> Sequence[Item]:
    content = [{"type": "input_text", "text": NOTE}]
    return (
        ("response_item", {"type": "message", "role": "user", "content": content}),
        ("event_msg", {"type": "turn_aborted", "turn_id": turn_id, "reason": "interrupted"}),
    )


HANDLERS: dict[str, Callable[[LastTurn, Payload], None]] = {
    "compacted": LastTurn.compacted,
    "response_item:message": LastTurn.message,
    "event_msg:task_started": LastTurn.started,
    "event_msg:task_complete": LastTurn.completed,
    "event_msg:turn_aborted": LastTurn.aborted,
    "event_msg:thread_rolled_back": LastTurn.rolled_back,
    "event_msg:user_message": LastTurn.user_message,
    "event_msg:agent_message": LastTurn.said,
    "event_msg:agent_reasoning": LastTurn.thought,
    "event_msg:agent_reasoning_raw_content": LastTurn.thought,
    "event_msg:item_completed": LastTurn.planned,
    "event_msg:patch_apply_end": LastTurn.patched,
    "event_msg:context_compacted": LastTurn.marked,
    "event_msg:entered_review_mode": LastTurn.marked,
    "event_msg:exited_review_mode": LastTurn.marked,
    "event_msg:mcp_tool_call_end": LastTurn.marked,
    "event_msg:web_search_end": LastTurn.marked,
    "event_msg:image_generation_end": LastTurn.marked,
}
"""What a kept line does; the others only count."""
