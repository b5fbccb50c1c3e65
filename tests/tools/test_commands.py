"""The commands, as a person or a script calls them."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest

from tests.conformance.server import ROOT, environment_for
from tests.home import THREAD, event, meta
from tools.cli import COMMANDS, main

INDEX_FACTS = {
    "files",
    "unreadable_files",
    "lines",
    "bytes",
    "threads",
    "turns",
    "folded_bytes",
    "seconds",
    "cpu_seconds",
    "index_bytes",
    "index",
}

INTERRUPTED = """
import signal, tools.list_threads
from tools.cli import main

def interrupt(*arguments):
    signal.raise_signal(signal.SIGINT)

tools.list_threads.client_of = interrupt
main()
"""
"""A command that Ctrl-C meets in its work."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a live thread of two turns and an archived one; both carry control characters."""
    lines = [
        meta(),
        event("task_started", turn_id="one", started_at=1777629600),
        event("user_message", message="say\x1b[31m hi\u202e"),
        event("agent_message", message="hello"),
        event("task_complete", turn_id="one", duration_ms=1500),
        event("task_started", turn_id="two"),
        event("user_message", message="and again"),
        event("task_complete", turn_id="two"),
    ]
    path = tmp_path / "sessions" / "2026" / "05" / "01" / f"rollout-2026-05-01T10-00-00-{THREAD}.jsonl"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"".join(lines))
    archive = tmp_path / "archived_sessions"
    archive.mkdir()
    other = str(THREAD)[:-1] + "2"
    head = meta().replace(str(THREAD).encode(), other.encode())
    (archive / f"rollout-2026-04-01T10-00-00-{other}.jsonl").write_bytes(
        head + event("user_message", message="old")
    )
    return tmp_path


def run(home: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """A command on this home."""
    return subprocess.run(
        [sys.executable, "-m", "tools.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
        env=environment_for(home) | settings,
    )


def objects(output: str) -> list[dict[str, object]]:
    """The JSON lines of an output."""
    return [json.loads(line) for line in output.splitlines()]


def test_index_tells_what_it_did_and_does_nothing_twice(home: Path) -> None:
    first, second = (objects(run(home, "index", "--json").stdout)[0] for _ in range(2))
    size = sum(path.stat().st_size for path in home.rglob("rollout-*"))
    assert set(first) == INDEX_FACTS
    assert [first[key] for key in ("files", "lines", "bytes", "threads", "turns")] == [2, 10, size, 2, 3]
    assert first["folded_bytes"] == size
    assert second["folded_bytes"] == 0
    assert Path(str(first["index"])) == home / "threadstore" / "index.sqlite"


def test_index_reads_only_what_is_new(home: Path) -> None:
    run(home, "index")
    added = event("user_message", message="more")
    with next(home.glob("sessions/*/*/*/*.jsonl")).open("ab") as file:
        file.write(added)
    assert objects(run(home, "index", "--json").stdout)[0]["folded_bytes"] == len(added)


def test_index_forgets_files_that_are_gone(home: Path) -> None:
    run(home, "index")
    next(home.glob("archived_sessions/*")).unlink()
    facts = objects(run(home, "index", "--json").stdout)[0]
    assert [facts["files"], facts["threads"]] == [1, 1]


def test_index_goes_where_it_is_asked_to(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    asked = tmp_path_factory.mktemp("elsewhere") / "index.sqlite"
    done = run(home, "index", "--index", str(asked))
    assert done.returncode == 0
    assert asked.exists()
    assert not (home / "threadstore").exists()
    assert str(asked) in done.stdout


def test_list_shows_live_or_archived_threads_without_control_characters(home: Path) -> None:
    live, archived = run(home, "list"), run(home, "list", "--archived")
    assert str(THREAD) in live.stdout
    assert "say\\x1b[31m hi\\u202e" in live.stdout
    assert "\x1b" not in live.stdout
    assert "old" in archived.stdout


def test_list_gives_the_threads_of_the_protocol_as_json(home: Path) -> None:
    thread = objects(run(home, "list", "--json").stdout)[0]
    assert (thread["id"], thread["preview"]) == (str(THREAD), "say\x1b[31m hi\u202e")


def test_show_prints_the_last_turns_oldest_first(home: Path) -> None:
    shown = run(home, "show", str(THREAD), "--view", "full").stdout
    assert [line for line in shown.splitlines() if line.startswith("turn")] == [
        "turn one  completed  2026-05-01 10:00  1.5 s",
        "turn two  completed",
    ]
    assert "agentMessage      hello" in shown
    assert [
        turn["id"] for turn in objects(run(home, "show", str(THREAD), "--limit", "1", "--json").stdout)
    ] == ["two"]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["show", "nonsense"], 2, "invalid thread id"),
        (["list", "--home", "/dev/null"], 2, "is no folder"),
        (["index", "--index", "/dev/null"], 2, "null is no index"),
        (["show", str(THREAD), "--view", "half"], 2, "Invalid value for '--view'"),
        (["list", "--home", "/nowhere/at/all"], 2, "does not exist"),
        (["index", "--home", "/nowhere/at/all"], 2, "does not exist"),
        (["list", "--limit", "0"], 2, "Invalid value for '--limit'"),
        (["nonsense"], 2, "unrecognized subcommand"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(
    home: Path, arguments: Sequence[str], code: int, sentence: str
) -> None:
    done = run(home, *arguments)
    assert (done.returncode, sentence in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["list", "index"])
def test_nothing_found_is_exit_code_1(tmp_path: Path, command: str) -> None:
    assert run(tmp_path, command).returncode == 1


def test_bench_measures_a_home_and_leaves_it_alone(home: Path) -> None:
    figures = objects(run(home, "bench", "--json").stdout)
    assert [str(figure["what"]).split(",")[0] for figure in figures] == [
        "index the home",
        "list 25 threads",
        "20 turns",
        "20 turns",
        "20 turns",
    ]
    assert sorted(path.name for path in home.iterdir()) == ["archived_sessions", "sessions"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_stands_in_the_readme(name: str, home: Path) -> None:
    shown = run(home, name, "-h").stdout
    assert "Example:" in shown
    assert f"threadstore {name}" in (ROOT / "README.md").read_text()


def test_every_option_stands_in_the_help() -> None:
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_version_tells_the_protocol_too(home: Path) -> None:
    assert "protocol of release 0.131.0" in run(home, "--version").stdout


def test_a_thread_that_is_not_there_is_nothing_found(home: Path) -> None:
    unknown = "0196f0aa-0000-7000-8000-00000000dead"
    done = run(home, "show", unknown)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"no thread {unknown}\n")


def test_what_the_system_refuses_is_one_sentence(home: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tools.cli", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
            cwd=ROOT,
            env=environment_for(home),
        )
    assert (done.returncode, done.stderr) == (2, "threadstore: No space left on device\n")


def test_a_command_that_is_interrupted_says_so(home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, "list"],
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment_for(home),
    ) as process:
        assert process.wait(60) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b"threadstore: stopped\n"


def test_the_list_of_commands_has_whole_sentences(home: Path) -> None:
    told = run(home, "--help").stdout.partition("Commands:")[2]
    assert "..." not in told
    assert [name for name in COMMANDS if f"\n  {name} " not in told] == []


def test_a_narrow_terminal_still_shows_titles(home: Path) -> None:
    assert run(home, "list", COLUMNS="40").stdout.rstrip().endswith("say\\x1b[31m hi\\u202e")
