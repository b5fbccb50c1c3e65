"""Rollouts that release 0.131.0 wrote, laid in one home, and what it answers about them."""

import json
import shutil
from pathlib import Path

from tests.conformance.conversation import Conversation
from tests.conformance.values import Json, JsonObject, as_list, as_object

CORPUS = Path(__file__).resolve().parents[1] / "data" / "corpus" / "real-0.131"
FILES = {path.stem: path for path in sorted(CORPUS.glob("rollout-*.jsonl"))}
PAGE_SIZE_MAX = 100


def lay_corpus(home: Path) -> None:
    """Put every file of the corpus where its name says."""
    for path in FILES.values():
        year, month, day = path.name.removeprefix("rollout-")[: len("2026-11-22")].split("-")
        folder = home / "sessions" / year / month / day
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, folder / path.name)


def expected(name: str) -> tuple[JsonObject, list[Json]]:
    """The recorded answers about a file: the thread, and its turns, oldest first.

    The thread was recorded without its turns, where 0.131.0 leaves out the thread's source (D4 of the
    design); it is put in from the file.
    """
    recorded = as_object(json.loads((CORPUS / "expected" / f"{name}.json").read_text("utf8")))
    with FILES[name].open("rb") as file:
        meta = as_object(as_object(json.loads(file.readline()))["payload"])
    thread = as_object(recorded["thread"]) | {"threadSource": meta.get("thread_source")}
    return thread, as_list(recorded["turns"])


def read_thread(talk: Conversation, thread_id: Json, *, include_turns: bool) -> JsonObject:
    """The thread that `thread/read` answers."""
    answer = talk.call("thread/read", {"threadId": thread_id, "includeTurns": include_turns})
    assert "result" in answer, answer
    return as_object(as_object(answer["result"])["thread"])


def walk(talk: Conversation, thread_id: Json, *, limit: int, direction: str) -> list[Json]:
    """Every turn of a thread in full, oldest first, met page by page."""
    params: JsonObject = {"threadId": thread_id, "limit": limit, "sortDirection": direction}
    turns: list[Json] = []
    cursor: Json = None
    while True:
        answer = talk.call("thread/turns/list", params | {"itemsView": "full", "cursor": cursor})
        page = as_object(answer.get("result"))
        assert "data" in page, answer
        turns += as_list(page["data"])
        cursor = page["nextCursor"]
        if cursor is None:
            return turns if direction == "asc" else turns[::-1]


def unnamed_hooks(turns: list[Json]) -> list[Json]:
    """The turns with the ids of hook prompts, random in 0.131.0, put out of the comparison."""
    return [_unnamed(as_object(turn)) for turn in turns]


def _unnamed(turn: JsonObject) -> Json:
    items: list[Json] = [
        item | {"id": "(random)"} if isinstance(item, dict) and item.get("type") == "hookPrompt" else item
        for item in as_list(turn["items"])
    ]
    return turn | {"items": items}
