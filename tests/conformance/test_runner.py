"""The harness itself: what it plays, what it lets pass and what it does not."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.case import load
from tests.conformance.errors import BadCase, ServerEnded
from tests.conformance.files import content
from tests.conformance.placeholders import filled_in, generalised
from tests.conformance.runner import play, play_file
from tests.conformance.server import Connection, launcher
from tests.conformance.values import Json, JsonObject, without

Answers = Callable[[JsonObject, Path], list[JsonObject]]


class ScriptedServer:
    """A server inside this process: a function from a message to what is sent back."""

    def __init__(self, answers: Answers, home: Path) -> None:
        self.answers = answers
        self.home = home
        self.pending: list[bytes] = []

    def send(self, line: bytes) -> None:
        """Take a message, and have its answers ready."""
        message = json.loads(line)
        self.pending += [json.dumps(answer).encode() for answer in self.answers(message, self.home)]

    def receive(self, timeout_s: float) -> bytes | None:
        """The next answer; nothing is ever late here."""
        return self.pending.pop(0) if self.pending else None

    def close(self) -> None:
        """Forget what was not fetched."""
        self.pending.clear()


def told(message: JsonObject, home: Path) -> list[JsonObject]:
    """A server that repeats its parameters, lists its files, and notes every request."""
    if "id" not in message:
        return []
    files: list[Json] = [str(path) for path in sorted(home.rglob("*.*"))]
    result: Json = {"params": message.get("params"), "files": files, "nextCursor": "mine"}
    note: JsonObject = {"method": "noted", "params": {"about": message["method"]}}
    return [note, {"id": message["id"], "result": result}]


def case_file(folder: Path, *steps: JsonObject, **parts: Json) -> Path:
    path = folder / "area" / "case.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"about": "", "home": {}, "steps": list(steps), **parts}))
    return path


def played(path: Path, answers: Answers = told) -> list[str]:
    def launch(home: Path) -> Connection:
        return ScriptedServer(answers, home)

    return play(load(path), launch)


def step(expect: JsonObject, **parts: Json) -> JsonObject:
    return {"method": "ask", "params": {"where": "$HOME/x"}, "expect": expect, **parts}


RESULT: JsonObject = {"params": {"where": "$HOME/x"}, "files": [], "nextCursor": "theirs"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (step({"result": RESULT}), []),
        (step({"result": {**RESULT, "nextCursor": None}}), ['.result.nextCursor: got "mine", want null']),
        (step({"result": {"files": []}}, match="subset"), []),
        (step({"result": {"files": ["a"]}}, match="subset"), [".result.files: 0 items, want 1"]),
        (step({"result": {}}, match="code"), []),
        (step({"result": {**RESULT, "files": ["a"]}}, ignore=["result.files"]), []),
        (step({"result": {**RESULT, "files": 0}}), [".result.files: got [], want 0"]),
        (step({"error": {"code": 1}}, match="code"), ["want an error"]),
        (
            step({"result": RESULT, "notifications": [{"method": "noted", "params": {"about": "ask"}}]}),
            ["missing"],
        ),
        (
            step({"result": RESULT, "notifications": []}, notifications=["noted"]),
            [".notifications: 1 items, want 0"],
        ),
        (step({"result": RESULT, "notifications": []}, notifications=["other"]), []),
    ],
)
def test_an_answer_is_judged_as_far_as_the_step_says(
    asked: JsonObject, found: list[str], tmp_path: Path
) -> None:
    got = played(case_file(tmp_path, asked))
    assert len(got) == len(found)
    assert all(part in line for part, line in zip(found, got, strict=True))


@pytest.mark.parametrize(
    ("wanted", "given", "is_same"),
    [
        ({"code": 1, "message": "a"}, {"code": 1, "message": "b"}, True),
        ({"code": 1, "message": "a"}, {"code": 2, "message": "a"}, False),
        ({"code": 1, "message": "a"}, {"code": 1, "message": ""}, False),
    ],
)
def test_an_error_is_judged_by_its_code(
    wanted: JsonObject, given: JsonObject, *, is_same: bool, tmp_path: Path
) -> None:
    def refuses(message: JsonObject, home: Path) -> list[JsonObject]:
        return told(message, home) if message["method"] != "ask" else [{"id": message["id"], "error": given}]

    assert (played(case_file(tmp_path, step({"error": wanted})), refuses) == []) is is_same


def test_files_come_change_and_go(tmp_path: Path) -> None:
    path = case_file(
        tmp_path,
        {"append": "a.txt", "lines": [{"b": "ü"}, {"raw": "torn"}], "mtime": 7},
        {"read_file": "a.txt", "expect": {"file": [{"b": "ü"}, "torn"]}},
        {"rename": "a.txt", "to": "deep/c.txt"},
        {"method": "ask", "save": {"seen": "result.files.0"}, "expect": {"result": {}}, "match": "code"},
        {"read_file": "${seen}", "expect": {"file": [{"b": "ü"}, "torn"]}},
        {"remove": "deep/c.txt"},
        {"read_file": "$HOME/deep/c.txt", "expect": {"file": None}},
        {"restart": True},
        step({"result": {"files": ["$HOME/laid.txt"]}}, match="subset"),
        home={"laid.txt": [{"type": "x"}, {"raw": "y"}]},
    )
    assert played(path) == []


def test_a_file_can_be_lines_a_text_or_bytes(tmp_path: Path) -> None:
    assert content("", [{"a": [1]}, {"raw": "{"}], tmp_path) == b'{"a":[1]}\n{\n'
    assert content("", "no end", tmp_path) == b"no end"
    assert content("", {"hex": "00ff"}, tmp_path) == b"\x00\xff"


def test_saved_values_and_the_home_have_fixed_names() -> None:
    saved: dict[str, Json] = {"thread": "0196f000-0000", "count": 3, "short": "x"}
    sent = filled_in({"$HOME/k": ["${thread}", "${count}", "a ${count}", "${unknown}"]}, "/h", saved)
    assert sent == {"/h/k": ["0196f000-0000", 3, "a 3", "${unknown}"]}
    assert generalised(["/h/0196f000-0000 x"], "/h", saved) == ["$HOME/${thread} x"]


def test_ignored_paths_are_left_out() -> None:
    assert without({"a": [{"b": 1, "c": 2}]}, "a.*.b") == {"a": [{"c": 2}]}
    assert without({"a": [1, 2]}, "a.0") == {"a": ["(ignored)", 2]}


def test_a_case_that_needs_system_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCase, match="system_files"):
        load(case_file(tmp_path, system_files=True))


def test_a_server_that_ends_is_a_difference_with_its_last_words(tmp_path: Path) -> None:
    dying = launcher(("sh", "-c", "echo no more >&2"))
    assert play_file(case_file(tmp_path, step({})), dying) == [
        "the server did not start: the server ended: no more"
    ]


def test_a_server_that_was_cut_off_is_noticed(tmp_path: Path) -> None:
    connection = launcher(("true",))(tmp_path)
    with pytest.raises(ServerEnded):
        connection.receive(5.0)
    connection.close()
