"""A naive model of `thread-history.md`: the bytes of a file in, the turns of the protocol out.

It reads everything anew, holds everything, and knows nothing of the index. Written from the documents
alone; release 0.131.0 proves it (`test_model.py`, and `tests/reference/test_live_properties.py`).
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from tests.properties import showing
from tests.properties.reading import kept_lines
from tests.properties.showing import RANDOM_ID

Json = dict[str, Any]

NUMBERED: dict[str, Callable[[Json], Json]] = {
    "user_message": showing.user_message,
    "agent_message": showing.agent_message,
    "context_compacted": lambda _: {"type": "contextCompaction"},
    "entered_review_mode": showing.entered_review,
    "exited_review_mode": showing.exited_review,
}
NAMED: dict[str, Callable[[Json], Json]] = {
    "mcp_tool_call_end": showing.mcp_call,
    "web_search_end": showing.web_search,
    "image_generation_end": showing.image_generation,
}
REASONING = {"agent_reasoning": "summary", "agent_reasoning_raw_content": "content"}
SHOWN = ("id", "items", "status", "startedAt", "completedAt", "durationMs")


class Thread:
    """The state of section 1, moved on by one kept line after the other."""

    def __init__(self) -> None:
        self.turns: list[Json] = []
        self.open: Json | None = None
        self.line = 0
        self.next = 1

    def play(self, topic: str, payload: Json) -> None:
        """What a kept line does."""
        kind, _, name = topic.partition(":")
        if kind == "compacted":
            self._need()["compacted"] = True
        elif topic == showing.HOOK_PROMPT:
            prompt = showing.hook_prompt(payload)
            if prompt is not None:
                self._need()["items"].append(prompt)
        elif kind == "event_msg":
            self._play_event(name, payload)
        self.line += 1

    def _play_event(self, name: str, event: Json) -> None:
        turn_events = {
            "task_started": self._start,
            "task_complete": self._complete,
            "turn_aborted": self._abort,
            "thread_rolled_back": self._roll_back,
            "user_message": self._hear,
            "patch_apply_end": self._patch,
            "item_completed": self._plan,
        }
        if name in turn_events:
            turn_events[name](event)
        elif name in REASONING and event["text"]:
            self._reason(REASONING[name], event["text"])
        elif name in NAMED:
            self._upsert(self._need(), NAMED[name](event))
        elif name in NUMBERED and not (name == "agent_message" and not event["message"]):
            self._append(NUMBERED[name](event))

    def _start(self, event: Json) -> None:
        self.finish()
        self._begin(
            event["turn_id"], status="inProgress", is_explicit=True, started_at=event.get("started_at")
        )

    def _begin(self, turn_id: str, *, status: str, is_explicit: bool, started_at: int | None) -> Json:
        self.open = {
            "id": turn_id,
            "items": [],
            "status": status,
            "startedAt": started_at,
            "completedAt": None,
            "durationMs": None,
            "explicit": is_explicit,
            "compacted": False,
        }
        return self.open

    def _need(self) -> Json:
        if self.open is None:
            return self._begin(f"rollout-{self.line}", status="completed", is_explicit=False, started_at=None)
        return self.open

    def finish(self) -> None:
        """Close the open turn; one that nothing speaks for vanishes."""
        turn = self.open
        if turn is not None and (turn["items"] or turn["explicit"] or turn["compacted"]):
            self.turns.append(turn)
        self.open = None

    def _find(self, turn_id: str) -> Json | None:
        if self.open is not None and self.open["id"] == turn_id:
            return self.open
        return next((turn for turn in self.turns if turn["id"] == turn_id), None)

    def _append(self, item: Json) -> None:
        self._need()["items"].append(item | {"id": f"item-{self.next}"})
        self.next += 1

    def _upsert(self, turn: Json, item: Json) -> None:
        items = turn["items"]
        for place, known in enumerate(items):
            if known["id"] == item["id"]:
                items[place] = item
                return
        items.append(item)

    def _hear(self, event: Json) -> None:
        turn = self.open
        if turn is not None and not turn["explicit"] and not (turn["compacted"] and not turn["items"]):
            self.finish()
        self._append(showing.user_message(event))

    def _reason(self, where: str, text: str) -> None:
        items = self.open["items"] if self.open is not None else []
        if not (items and items[-1]["type"] == "reasoning"):
            self._append({"type": "reasoning", "summary": [], "content": []})
            assert self.open is not None
            items = self.open["items"]
        items[-1][where].append(text)

    def _patch(self, event: Json) -> None:
        turn_id = event.get("turn_id", "")
        turn = self._find(turn_id) if turn_id else self._need()
        if turn is not None:
            self._upsert(turn, showing.file_change(event))

    def _plan(self, event: Json) -> None:
        turn, plan = self._find(event["turn_id"]), event["item"]
        if turn is not None and plan["text"]:
            self._upsert(turn, {"type": "plan", "id": plan["id"], "text": plan["text"]})

    def _complete(self, event: Json) -> None:
        turn = self._find(event["turn_id"]) or self.open
        if turn is None:
            return
        turn["completedAt"], turn["durationMs"] = event.get("completed_at"), event.get("duration_ms")
        if turn["status"] == "inProgress":
            turn["status"] = "completed"
        if turn is self.open:
            self.finish()

    def _abort(self, event: Json) -> None:
        turn_id = event.get("turn_id")
        turn = (None if turn_id is None else self._find(turn_id)) or self.open
        if turn is not None:
            turn["completedAt"], turn["durationMs"] = event.get("completed_at"), event.get("duration_ms")
            turn["status"] = "interrupted"

    def _roll_back(self, event: Json) -> None:
        self.finish()
        self.turns = self.turns[: max(0, len(self.turns) - event["num_turns"])]
        self.next = 1 + sum(len(turn["items"]) for turn in self.turns)


def turns_of(data: bytes) -> list[Json]:
    """The turns of a rollout file in the `full` view, oldest first."""
    thread = Thread()
    for topic, payload in kept_lines(data):
        thread.play(topic, payload)
    thread.finish()
    return [_shown(turn) for turn in thread.turns]


def _shown(turn: Json) -> Json:
    status = "interrupted" if turn["status"] == "inProgress" else turn["status"]
    return {name: turn[name] for name in SHOWN} | {"itemsView": "full", "status": status, "error": None}


def in_view(turns: Sequence[Json], view: str) -> list[Json]:
    """Turns of the `full` view in another one."""
    items: dict[str, Callable[[Json], list[Json]]] = {
        "full": lambda turn: turn["items"],
        "summary": _summary,
        "notLoaded": lambda _: [],
    }
    return [turn | {"items": items[view](turn), "itemsView": view} for turn in turns]


def _summary(turn: Json) -> list[Json]:
    users = [item for item in turn["items"] if item["type"] == "userMessage"]
    agents = [item for item in turn["items"] if item["type"] == "agentMessage"]
    return users[:1] + agents[-1:]


def page_of(
    turns: Sequence[Json], anchor: tuple[str, bool] | None, limit: int, direction: str
) -> tuple[list[Json], bool]:
    """A page of turns, and whether more follow; `anchor` is the turn id and the flag of a cursor.

    The anchor has to be there.
    """
    ordered, start = list(turns), 0
    if direction == "desc":
        ordered.reverse()
    if anchor is not None and turns:
        first = next(turn for turn in turns if turn["id"] == anchor[0])
        at = next(place for place, turn in enumerate(ordered) if turn is first)
        start = at if anchor[1] else at + 1
    page = ordered[start : start + limit]
    return page, bool(page) and start + limit < len(ordered)


def difference(got: Sequence[Json], turns: Sequence[Json]) -> str | None:
    """The first turn that is not the model's, key for key and number for number; None when all are.

    A hook prompt whose id is random may have any.
    """
    for place, turn in enumerate(turns):
        if place >= len(got):
            return f"turn {place} is missing: {_text(turn)}"
        if _text(_unnamed(got[place], turn)) != _text(turn):
            return f"turn {place} is {_text(got[place])} and should be {_text(turn)}"
    return None if len(got) == len(turns) else f"turn {len(turns)} is too much: {_text(got[len(turns)])}"


def _text(turn: Json) -> str:
    return json.dumps(turn, sort_keys=True, ensure_ascii=False)


def _unnamed(got: Json, turn: Json) -> Json:
    """The turn with its random ids as the model's."""
    if len(got["items"]) != len(turn["items"]):
        return got
    pairs = zip(got["items"], turn["items"], strict=True)
    return got | {"items": [_unnamed_item(item, known) for item, known in pairs]}


def _unnamed_item(item: Json, known: Json) -> Json:
    is_random = known["id"] == RANDOM_ID and isinstance(item.get("id"), str)
    return item | {"id": RANDOM_ID} if is_random else item
