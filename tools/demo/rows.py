"""Threads, turns and items, each in one line."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath

from tools.demo.page import cut, moment, one_line
from tools.demo.server import Payload

TITLE_WIDTH = 40


def title_of(thread: Payload) -> str:
    """What a thread is called: its name, else how it begins."""
    return cut(one_line(thread["name"] or thread["preview"]), TITLE_WIDTH)


def thread_row(thread: Payload) -> Sequence[str]:
    """Its id, when it changed, what it is called, where it ran."""
    return thread["id"], moment(thread["updatedAt"]), title_of(thread), PurePath(thread["cwd"]).name


def turn_row(turn: Payload) -> Sequence[str]:
    """Its id, when it started, how long it took, how it ended."""
    took = f"{turn['durationMs'] / 1000:.1f} s" if turn["durationMs"] is not None else "-"
    return turn["id"], moment(turn["startedAt"]), f"{took:>8}", turn["status"]


def item_row(item: Payload) -> Sequence[str]:
    """What kind it is, and what there is to say of that kind."""
    return f"{item['type']:17}", one_line(ITEM_WORDS.get(item["type"], _nothing)(item))


def _user(item: Payload) -> str:
    pictures = sum(part["type"] in {"image", "localImage"} for part in item["content"])
    texts = [part["text"] for part in item["content"] if part["type"] == "text"]
    return " ".join([*texts, *([f"(pictures: {pictures})"] if pictures else [])])


def _changes(item: Payload) -> str:
    return ", ".join(
        f"{change['kind']['type']} {PurePath(change['path']).name}" for change in item["changes"]
    )


def _text(item: Payload) -> str:
    return str(item["text"])


def _nothing(_item: Payload) -> str:
    return ""


ITEM_WORDS: Mapping[str, Callable[[Payload], str]] = {
    "userMessage": _user,
    "agentMessage": _text,
    "plan": _text,
    "reasoning": lambda item: " ".join(item["summary"]),
    "fileChange": _changes,
    "mcpToolCall": lambda item: f"{item['server']}.{item['tool']} {json.dumps(item['arguments'])}",
    "webSearch": lambda item: str(item["query"]),
    "commandExecution": lambda item: str(item["command"]),
}
"""What is said of an item, by its kind."""
