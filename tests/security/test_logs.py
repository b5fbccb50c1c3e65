"""Our log is JSON lines that tell where something failed, and not a word of what was said."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from domain.limits import LOG_LINE_SIZE_MAX
from tests.conformance.server import ROOT
from tests.end_to_end.doors import STDIO, served
from tests.end_to_end.homes import lay_thread, thread_id
from tools.app_server.logs import PLACES, JsonLines

SECRET = "sk-nobody may read this"


def written(message: str, *arguments: object, failure: BaseException | None = None) -> str:
    """A record as the log has it."""
    told = None if failure is None else (type(failure), failure, failure.__traceback__)
    return JsonLines().format(
        logging.LogRecord("threadstore", logging.ERROR, __file__, 1, message, arguments, told)
    )


def failing(depth: int) -> None:
    """Fail in the depth, with words that quote somebody."""
    if depth:
        failing(depth - 1)
    raise ValueError(SECRET * 1000)


@pytest.mark.parametrize("depth", [0, 3, 100])
def test_of_a_failure_its_class_and_its_places_are_told_and_not_its_words(depth: int) -> None:
    try:
        failing(depth)
    except ValueError as caught:
        line = written("request %s failed", "thread/read", failure=caught)
    told = json.loads(line)
    assert told["message"] == "request thread/read failed"
    assert told["class"] == "ValueError"
    assert 1 <= len(told["at"]) <= PLACES
    assert all(place.startswith("test_logs.py:") for place in told["at"])
    assert SECRET not in line


ODD = {
    "long": "x" * 100_000,
    "escapes": "\x1b[2J\x9b" * 1000,
    "not ASCII": "\U0001f600" * 1000,
    "halves": "\ud800" * 1000,
    "quotes": '"\\' * 1000,
    "lines": 'a bad line\n{"level":"info"}\n',
    "nothing": "",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_a_line_is_one_line_of_ascii_of_at_most_a_kibibyte(text: str) -> None:
    for line in (
        written(text),
        written("%s", text),
        written("request %s failed", text, failure=KeyError(text)),
    ):
        assert line.isascii()
        assert line.isprintable()
        assert len(line) <= LOG_LINE_SIZE_MAX
        assert json.loads(line)["logger"] == "threadstore"


def test_a_record_whose_words_do_not_fit_is_told_all_the_same() -> None:
    assert json.loads(written("%s and %s", "one"))["message"] == "%s and %s"


async def test_what_a_server_logs_is_json_without_content(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lay_thread(tmp_path, 1, answer=SECRET)
    (tmp_path / "threadstore").mkdir()
    (tmp_path / "threadstore" / "index.sqlite").write_text(SECRET * 100)
    async with served(tmp_path, STDIO) as server, server.client() as client:
        assert (await client.read(thread_id(1), has_turns=True))["turns"]
    lines = capfd.readouterr().err.splitlines()
    assert [json.loads(line)["level"] for line in lines] == ["warning"]
    assert SECRET not in "".join(lines)


PROGRAM = """
from threading import Thread
from tools.app_server.logs import log_to_stderr
log_to_stderr()
def fail():
    raise ValueError("nobody may read this")
thread = Thread(target=fail)
thread.start()
thread.join()
"""


def test_a_thread_that_nobody_waits_for_is_told_of_so_too() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, cwd=ROOT
    )
    told = json.loads(done.stderr)
    assert (told["message"], told["class"]) == ("a thread ended", "ValueError")
    assert "nobody may read" not in done.stderr


def test_other_programs_that_use_the_code_keep_their_own_log() -> None:
    assert not any(isinstance(handler.formatter, JsonLines) for handler in logging.getLogger().handlers)
