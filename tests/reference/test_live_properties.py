"""The real server and the naive model of the history give the same turns, on logs that nobody recorded.

THREADSTORE_CODEX names the binary of release 0.131.0. THREADSTORE_LONG, when set, draws more logs:
twenty times as many, or so many times as it says. THREADSTORE_SEED draws others.
"""

import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from domain.cursors import TurnCursor
from tests.conformance.conversation import Conversation
from tests.conformance.corpus import PAGE_SIZE_MAX, walk
from tests.conformance.server import launcher
from tests.conformance.values import JsonObject, as_list, as_object
from tests.home import THREAD, meta
from tests.properties.lines import prompt
from tests.properties.model import difference, in_view, page_of, turns_of
from tests.properties.mutations import MUTATED_TEXT
from tests.properties.prompts import TEXTS
from tests.properties.scale import times_longer
from tests.properties.strategies import TEXT_LOGS

Drawn = TypeVar("Drawn")

CODEX = os.environ.get("THREADSTORE_CODEX", "")
SEED = int(os.environ.get("THREADSTORE_SEED", "1"))
LOGS_A_HOME = 250
PROMPTS_A_LOG = 1000
HOMES = 2 * times_longer()
PAGES = ((2, "desc", "summary"), (1, "asc", "full"), (3, "desc", "notLoaded"), (1, "desc", "summary"))
"""Length, direction and view of some pages; those of odd length lead onward, the others back."""

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not CODEX, reason="THREADSTORE_CODEX names no codex binary of release 0.131.0"),
]


def drawn(strategy: SearchStrategy[Drawn], count: int, seed_of: int) -> list[Drawn]:
    """So many examples, always the same for a seed."""
    found: list[Drawn] = []

    @seed(seed_of)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: Drawn) -> None:
        found.append(example)

    collect()
    return found


def lay(home: Path, logs: list[bytes]) -> Iterator[tuple[UUID, bytes]]:
    """Each log as a thread of its own: its id, and what its file holds."""
    folder = home / "sessions" / "2026" / "05" / "01"
    folder.mkdir(parents=True)
    for number, log in enumerate(logs):
        thread_id = UUID(int=THREAD.int + (number << 16))
        data = log.replace(str(THREAD).encode(), str(thread_id).encode())
        (folder / f"rollout-2026-05-01T10-00-00-{thread_id}.jsonl").write_bytes(data)
        yield thread_id, data


def disagreements(home: Path, logs: list[bytes]) -> list[tuple[bytes, str]]:
    """The logs whose turns the real server shows otherwise than the model, and how."""
    threads = list(lay(home, logs))
    found = []
    with closing(Conversation(launcher((CODEX, "app-server"))(home))) as talk:
        talk.greet({"experimentalApi": True})
        for thread_id, data in threads:
            turns = turns_of(data)
            shown = walk(talk, str(thread_id), limit=PAGE_SIZE_MAX, direction="asc")
            how = difference([as_object(turn) for turn in shown], turns)
            how = how or wrong_page(talk, str(thread_id), turns)
            if how is not None:
                found.append((data, how))
    return found


def wrong_page(talk: Conversation, thread_id: str, turns: list[JsonObject]) -> str | None:
    """What of a few pages, each begun by a cursor of the one before, is not as the model has it."""
    anchor: tuple[str, bool] | None = None
    for limit, direction, view in PAGES:
        cursor = None if anchor is None else TurnCursor(*anchor).text()
        params: JsonObject = {"limit": limit, "sortDirection": direction, "itemsView": view, "cursor": cursor}
        answer = talk.call("thread/turns/list", {"threadId": thread_id, **params})
        page = as_object(answer["result"])
        wanted, has_more = page_of(turns, anchor, limit, direction)
        how = difference([as_object(turn) for turn in as_list(page["data"])], in_view(wanted, view))
        if how is not None or (page["nextCursor"] is not None) is not has_more:
            return f"{params}: {how or answer}"
        if wanted:
            at = page["nextCursor"] if limit % 2 and has_more else page["backwardsCursor"]
            told = as_object(json.loads(str(at)))
            anchor = (str(told["turnId"]), told["includeAnchor"] is True)
            last = wanted[-1] if limit % 2 and has_more else wanted[0]
            if anchor[0] != last["id"]:
                return f"{params}: the cursor names {anchor[0]!r}"
    return None


@pytest.mark.parametrize("part", range(HOMES))
@pytest.mark.parametrize("logs", [TEXT_LOGS, MUTATED_TEXT], ids=["drawn", "damaged"])
def test_real_server_shows_the_turns_of_the_model(
    logs: SearchStrategy[bytes], part: int, tmp_path: Path
) -> None:
    assert disagreements(tmp_path.resolve(), drawn(logs, LOGS_A_HOME, SEED * 1000 + part)) == []


@pytest.mark.parametrize("part", range(HOMES))
def test_real_server_reads_hook_prompts_as_the_model_does(part: int, tmp_path: Path) -> None:
    texts = drawn(TEXTS, PROMPTS_A_LOG, SEED * 1000 + part)
    log = meta() + b"".join(prompt(text, f"prompt {number}") for number, text in enumerate(texts))
    assert disagreements(tmp_path.resolve(), [log]) == []
