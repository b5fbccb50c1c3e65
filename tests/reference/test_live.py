"""The real server and ours, on copies of the same home, give the same answers.

The recorded answers are in the everyday suite; this asks the real server anew, also what nobody recorded.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conformance.case import cases_of, load, name_of
from tests.conformance.compare import Expectation, judge
from tests.conformance.conversation import Conversation
from tests.conformance.corpus import FILES, lay_corpus, unnamed_hooks
from tests.conformance.deviations import deviations
from tests.conformance.placeholders import generalised
from tests.conformance.server import Launch, launcher, server_command
from tests.conformance.values import JsonObject, as_list, as_object

CODEX = os.environ.get("THREADSTORE_CODEX", "")
SAMPLE_STEP = 5
"""Of the recorded homes every fifth is asked about."""
SAMPLE = {
    name_of(path): path for path in cases_of("history")[::SAMPLE_STEP] if name_of(path) not in deviations()
}
THREAD_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\.jsonl$)")
ORDERS = [(limit, direction) for limit in (2, 25) for direction in ("asc", "desc")]
VIEWS = ("notLoaded", "summary", "full")

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not CODEX, reason="THREADSTORE_CODEX names no codex binary of release 0.131.0"),
]

Question = tuple[str, JsonObject]


def questions(home: Path) -> Iterator[Question]:
    """What is asked about each thread of a home: itself, and its turns in every order and view."""
    ids = {match[0] for path in home.rglob("rollout-*.jsonl") if (match := THREAD_ID.search(path.name))}
    for thread_id in sorted(ids):
        yield "thread/read", {"threadId": thread_id, "includeTurns": True}
        for limit, direction in ORDERS:
            for view in VIEWS:
                yield (
                    "thread/turns/list",
                    {"threadId": thread_id, "limit": limit, "sortDirection": direction, "itemsView": view},
                )


def ask(talk: Conversation, home: Path, question: Question) -> list[JsonObject]:
    """The answers to a question, page after page, free of the home's own path and of random ids."""
    method, params = question
    answers: list[JsonObject] = []
    while True:
        answer = as_object(generalised(talk.call(method, params), str(home), {}))
        result = as_object(answer.get("result"))
        if "data" in result:
            result["data"] = list(unnamed_hooks(as_list(result["data"])))
        elif "thread" in result:
            thread = as_object(result["thread"])
            thread["turns"] = list(unnamed_hooks(as_list(thread["turns"])))
        answers.append(answer)
        if not result.get("nextCursor"):
            return answers
        params = params | {"cursor": result["nextCursor"]}


def answers(home: Path, launch: Launch) -> dict[str, list[JsonObject]]:
    """What a server says about everything in a home."""
    with closing(Conversation(launch(home))) as talk:
        talk.greet({"experimentalApi": True})
        return {f"{method} {params}": ask(talk, home, (method, params)) for method, params in questions(home)}


def compare(lay: Callable[[Path], None], folder: Path) -> list[str]:
    """Every difference between the two servers on copies of a home."""
    homes = [(folder / name).resolve() for name in ("reference", "ours")]
    for home in homes:
        home.mkdir()
        lay(home)
    theirs = answers(homes[0], launcher((CODEX, "app-server")))
    ours = answers(homes[1], launcher(server_command()))
    assert theirs.keys() == ours.keys()
    return [
        f"{question}: page {place}{difference}"
        for question in theirs
        for place, (want, got) in enumerate(zip(theirs[question], ours[question], strict=False))
        for difference in judge(Expectation(want), got)
    ]


def test_home_of_the_corpus_is_answered_alike(tmp_path: Path) -> None:
    assert FILES
    assert compare(lay_corpus, tmp_path) == []


@pytest.mark.parametrize("name", SAMPLE)
def test_recorded_home_is_answered_alike(name: str, tmp_path: Path) -> None:
    case = load(SAMPLE[name])
    assert compare(case.lay, tmp_path) == []
