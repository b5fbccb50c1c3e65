"""The server as a process: what it does with whatever comes in."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.conversation import Conversation
from tests.conformance.server import ROOT, ProcessServer, environment_for, server_command
from tests.conformance.values import JsonObject
from tests.home import THREAD, event, meta

Json = Any
EXPERIMENTAL: JsonObject = {"experimentalApi": True}
INITIALIZE = {
    "id": 0,
    "method": "initialize",
    "params": {"clientInfo": {"name": "t", "version": "1"}, "capabilities": EXPERIMENTAL},
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one thread of one turn."""
    path = tmp_path / "sessions" / "2026" / "05" / "01" / f"rollout-2026-05-01T10-00-00-{THREAD}.jsonl"
    path.parent.mkdir(parents=True)
    path.write_bytes(meta() + event("user_message", message="hi") + event("agent_message", message="yo"))
    return tmp_path


@pytest.fixture
def talk(home: Path) -> Iterator[Conversation]:
    """A conversation with the server on this home, before any greeting."""
    conversation = Conversation(ProcessServer(server_command(), home))
    yield conversation
    conversation.close()


def ask(talk: Conversation, method: str, params: Json) -> Json:
    """The answer to one request."""
    return talk.request({"method": method, "params": params})


def test_nothing_but_initialize_is_served_before_it(talk: Conversation) -> None:
    assert ask(talk, "thread/list", {})["error"] == {"code": -32600, "message": "Not initialized"}
    talk.greet(EXPERIMENTAL)
    assert len(ask(talk, "thread/list", {})["result"]["data"]) == 1


BAD: list[tuple[str, Json, int, str]] = [
    (
        "thread/read",
        {"threadId": "0196f0aa-0000-7000-8000-00000000dead"},
        -32600,
        "thread not loaded: 0196f0aa",
    ),
    ("thread/read", {"threadId": "nope"}, -32600, "invalid thread id: invalid character"),
    ("thread/read", {"threadId": 5}, -32600, "Invalid request: invalid type: integer `5`, expected a string"),
    ("thread/read", {}, -32600, "Invalid request: missing field `threadId`"),
    ("thread/turns/list", {"threadId": str(THREAD), "cursor": "x"}, -32600, "invalid cursor: x"),
    ("thread/turns/list", {"threadId": str(THREAD), "limit": 1.0}, -32600, "expected u32"),
    ("thread/turns/list", {"threadId": str(THREAD), "itemsView": "all"}, -32600, "unknown variant `all`"),
    ("thread/turns/items/list", {"threadId": str(THREAD), "turnId": "x"}, -32600, "turn not found: x"),
    (
        "thread/turns/items/list",
        {"threadId": str(THREAD), "turnId": "rollout-1", "cursor": "{}"},
        -32600,
        "invalid cursor: {}",
    ),
    (
        "thread/turns/items/list",
        {"threadId": str(THREAD), "turnId": "rollout-1", "cursor": '{"itemPosition":9,"includeAnchor":true}'},
        -32600,
        "invalid cursor: anchor item is no longer present",
    ),
    ("thread/list", {"cursor": "yesterday"}, -32600, "invalid cursor: yesterday"),
    ("thread/nope", {}, -32600, "unknown variant `thread/nope`"),
    ("process/kill", {"processHandle": "x"}, -32601, "runs no programs"),
]


def test_each_bad_request_has_its_error_and_the_next_is_served(talk: Conversation) -> None:
    talk.greet(EXPERIMENTAL)
    for method, params, code, sentence in BAD:
        error = ask(talk, method, params)["error"]
        assert (error["code"], sentence in error["message"]) == (code, True), error
    assert ask(talk, "thread/read", {"threadId": str(THREAD)})["result"]["thread"]["preview"] == "hi"


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"method":"thread/list"',
        b"[" * 100_000,
    ],
    ids=["torn", "empty", "batch", "no UTF-8", "no end", "nested 100,000 times"],
)
def test_a_line_that_is_no_message_is_dropped_and_the_next_is_served(talk: Conversation, line: bytes) -> None:
    talk.greet(EXPERIMENTAL)
    talk.send_line(line)
    assert len(ask(talk, "thread/list", {})["result"]["data"]) == 1
    assert {told["method"] for told in talk.notifications} <= {"remoteControl/status/changed"}


@pytest.mark.parametrize("head", [b'{"id":1,"method":"', b'{"method":"thread/list", "id" : 1 ,"params":"'])
def test_a_message_of_64_mb_is_refused_and_the_next_is_served(talk: Conversation, head: bytes) -> None:
    talk.greet(EXPERIMENTAL)
    talk.send_line(head + b"x" * (64 << 20) + b'"}')
    refusal: Json = talk.answer(1)["error"]
    assert refusal["code"] == -32600
    assert len(ask(talk, "thread/list", {})["result"]["data"]) == 1


def test_an_unreadable_file_is_an_error_of_its_own(home: Path, talk: Conversation) -> None:
    (home / "sessions" / f"rollout-2026-05-01T10-00-00-{str(THREAD)[:-1]}7.jsonl").write_bytes(b"no record\n")
    talk.greet(EXPERIMENTAL)
    answer = ask(talk, "thread/turns/list", {"threadId": str(THREAD)[:-1] + "7"})
    assert answer["error"]["code"] == -32603
    assert answer["error"]["message"].endswith("is empty")
    assert ask(talk, "thread/read", {"threadId": str(THREAD)})["result"]["thread"]["id"] == str(THREAD)


def run(home: Path, data: bytes, *options: str, **settings: str) -> "subprocess.CompletedProcess[bytes]":
    """The server fed with these bytes at once, until it ends."""
    return subprocess.run(
        [sys.executable, "-m", "tools.cli", "app-server", *options],
        input=data,
        capture_output=True,
        timeout=30,
        check=False,
        cwd=ROOT,
        env=environment_for(home) | settings,
    )


def lines(*messages: Json) -> bytes:
    """The messages, a line each."""
    return b"".join(json.dumps(message).encode() + b"\n" for message in messages)


def test_everything_asked_is_answered_before_the_end(home: Path) -> None:
    asked = [{"id": number, "method": "thread/list", "params": {}} for number in range(1, 301)]
    done = run(home, lines(INITIALIZE, *asked))
    answers = [answer for line in done.stdout.splitlines() if "id" in (answer := json.loads(line))]
    assert sorted(answer["id"] for answer in answers) == list(range(301))
    assert all("result" in answer for answer in answers)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_last_request_without_line_feed_is_answered(home: Path) -> None:
    done = run(home, lines(INITIALIZE)[:-1])
    assert json.loads(done.stdout.splitlines()[0])["result"]["codexHome"] == str(home)


def test_input_may_be_a_file(home: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    asked.write_bytes(lines(INITIALIZE))
    with asked.open("rb") as source:
        done = subprocess.run(
            [sys.executable, "-m", "tools.cli", "app-server"],
            stdin=source,
            capture_output=True,
            timeout=30,
            check=True,
            cwd=ROOT,
            env=environment_for(home),
        )
    assert json.loads(done.stdout.splitlines()[0])["id"] == 0


def test_a_home_that_does_not_exist_is_a_clear_error(tmp_path: Path) -> None:
    done = run(tmp_path / "nowhere", lines(INITIALIZE))
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"nowhere" in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_unknown_transport_is_refused(home: Path) -> None:
    done = run(home, b"", "--listen", "carrier-pigeon://")
    assert done.returncode == 2
    assert b"carrier-pigeon" in done.stderr


def test_starting_opens_neither_the_index_nor_the_log(home: Path) -> None:
    done = run(home, lines(INITIALIZE))
    assert done.returncode == 0
    assert not (home / "threadstore").exists()


def test_the_index_may_lie_elsewhere(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "deep" / "index.sqlite"
    page = {"id": 1, "method": "thread/turns/list", "params": {"threadId": str(THREAD)}}
    done = run(home, lines(INITIALIZE, page), THREADSTORE_INDEX=str(elsewhere))
    assert json.loads(done.stdout.splitlines()[-1])["result"]["data"][0]["id"] == "rollout-1"
    assert elsewhere.exists()
    assert [entry.name for entry in os.scandir(home)] == ["sessions"]
