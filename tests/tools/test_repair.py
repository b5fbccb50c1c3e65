"""`threadstore repair` and `threadstore restore`, as a person or a script calls them."""

import fcntl
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rollout.repairing.home_lock import locked
from tests.conformance.server import ROOT, environment_for
from tests.damage.kinds import CONTENTS
from tests.damage.repairing import home_at, runs_of, states
from tests.damage.talk import Talk, thread_id, write
from tools.cli import main

TORN = CONTENTS["torn"]


def run(home: Path, *arguments: str) -> Result:
    """A command on this home."""
    command, *rest = arguments
    return CliRunner().invoke(main, [command, "--home", str(home), *rest])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a torn thread, one with a line twice, and a healthy one."""
    write(tmp_path, Talk(1).file, TORN.data)
    write(
        tmp_path,
        Talk(2).file,
        CONTENTS["a turn twice"].data.replace(str(thread_id(1)).encode(), str(thread_id(2)).encode()),
    )
    write(tmp_path, Talk(3).file, Talk(3).data())
    return tmp_path


def test_exit_codes_add_up(home: Path) -> None:
    first = ["--thread", str(thread_id(1))]
    assert run(home, "repair").exit_code == 4
    assert run(home, "repair", "--dry-run").exit_code == 4
    assert run(home, "repair", "--apply").exit_code == 1 + 4
    assert run(home, "repair", "--apply").exit_code == 4
    assert run(home, "repair", *first).exit_code == 0
    assert run(home, "repair", "--apply", *first).exit_code == 0


def test_a_look_finds_damage_wherever_a_repair_would_change_something(tmp_path: Path) -> None:
    head, _, rest = Talk(1).data().partition(b"\n")
    write(tmp_path, Talk(1).file, head + b"\n\n" + rest)
    looks = [run(tmp_path, *words).exit_code for words in (["verify"], ["repair"], ["repair", "--dry-run"])]
    assert looks == [4, 4, 4]
    assert run(tmp_path, "repair", "--apply").exit_code == 1
    assert run(tmp_path, "verify").exit_code == 0


def test_everything_corrected_is_exit_code_1(home: Path) -> None:
    assert run(home, "repair", "--apply", Talk(1).file).exit_code == 1


@pytest.mark.parametrize("mode", [[], ["--dry-run"]])
def test_nothing_is_changed_without_apply(home: Path, mode: list[str]) -> None:
    before = states(home)
    run(home, "repair", *mode)
    assert states(home) == before
    assert not (home / "repair").exists()


def test_a_check_tells_what_is_found_and_a_dry_run_what_would_be_done(home: Path) -> None:
    check = json.loads(run(home, "repair", "--json").stdout)
    dry = json.loads(run(home, "repair", "--dry-run", "--json").stdout)
    apply = json.loads(run(home, "repair", "--apply", "--json").stdout)
    assert [told["mode"] for told in (check, dry, apply)] == ["check", "dry-run", "apply"]
    assert {each["action"] for each in check["findings"]} == {"none"}
    assert dry["findings"] == apply["findings"]
    assert [each["class"] for each in check["findings"]] == [each["class"] for each in dry["findings"]]
    assert apply["summary"]["rewritten"] == 1
    assert [each["file"] for each in apply["originals"]] == [Talk(1).file]


def test_a_line_a_finding(home: Path) -> None:
    lines = [json.loads(line) for line in run(home, "repair", "--jsonl").stdout.splitlines()]
    assert [line["class"] for line in lines[:-1]] == ["torn-tail", "turn-open", "duplicate-turn"]
    assert lines[-1]["format"] == 1


def test_the_text_names_each_file_and_nothing_from_it(home: Path) -> None:
    told = run(home, "repair").stdout
    assert Talk(1).file in told
    assert "error torn-tail: line 16" in told
    assert "answer" not in told
    assert "3 files" in told


def test_a_look_can_be_narrowed(home: Path) -> None:
    def files(*options: str) -> int:
        told = json.loads(run(home, "repair", "--json", *options).stdout)
        return int(told["summary"]["files"])

    assert files("--since", "2025-05-22") == 3
    assert files("--since", "2026-01-01") == 0
    assert files("--max-bytes", str(len(TORN.data))) == 1
    assert files("--thread", str(thread_id(3))) == 1
    assert files(str(home / Talk(2).file)) == 1


def test_restore_puts_back_what_a_repair_changed(home: Path) -> None:
    before = states(home)
    run(home, "repair", "--apply")
    (name,) = runs_of(home)
    done = run(home, "restore", name, "--json")
    assert done.exit_code == 0
    assert states(home) == before
    assert [each["class"] for each in json.loads(done.stdout)["findings"]] == ["restored"]


def test_a_run_that_only_moved_a_file_tells_how_it_is_taken_back(tmp_path: Path) -> None:
    talk = Talk(3)
    write(tmp_path, f"sessions/{talk.file.rpartition('/')[2]}", talk.data())
    told = run(tmp_path, "repair", "--apply").stdout
    assert f"0 originals are kept; `threadstore restore {runs_of(tmp_path)[0]}` takes it back" in told
    assert (tmp_path / talk.file).exists()


def test_what_was_written_since_is_left_and_told(home: Path) -> None:
    run(home, "repair", "--apply")
    with (home / Talk(1).file).open("ab") as file:
        file.write(b"{}\n")
    assert run(home, "restore", runs_of(home)[0]).exit_code == 4


USAGE = [
    ["repair", "--nonsense"],
    ["repair", "--since", "yesterday"],
    ["repair", "--max-bytes", "-1"],
    ["repair", "--thread", "none"],
    ["repair", "/etc/passwd"],
    ["repair", "sessions/nothing"],
    ["restore"],
    ["restore", "no-such-run"],
]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_wrong_usage_is_exit_code_16(home: Path, arguments: list[str]) -> None:
    done = run(home, *arguments)
    assert done.exit_code == 16
    assert done.stderr


def test_what_cannot_work_is_exit_code_8(home: Path) -> None:
    assert run(home / "nowhere", "repair").exit_code == 8
    with locked(home_at(home)):
        assert run(home, "repair", "--apply").exit_code == 8


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_exit_code_32_and_leaves_the_home_as_it_was(home: Path, number: signal.Signals) -> None:
    before = states(home)
    with (home / Talk(1).file).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        process = subprocess.Popen(
            [sys.executable, "-c", STARTED, "repair", "--apply", "--home", str(home)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
            env=environment_for(home),
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(number)
        process.communicate(timeout=30)
    assert process.returncode == 32
    assert states(home) == before


STARTED = """
import signal
from rollout.writing import storage
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may have it ignored
pause = storage.pause
def told(seconds):
    print("waiting", flush=True)
    storage.pause = pause
    pause(seconds)
storage.pause = told
from tools.cli import main
main()
"""


def test_a_report_ends_with_what_was_done_and_what_may_be_next(home: Path) -> None:
    looked = "3 files, 52 records: 2 damaged files"
    hint = "`threadstore repair --dry-run` tells what a repair would do"
    check = run(home, "repair").stdout.splitlines()
    assert check[-1] == hint
    assert check[-2].startswith(looked)
    trial = run(home, "repair", "--dry-run").stdout.splitlines()
    assert trial[-1].startswith("nothing was changed; `threadstore repair --apply` does it")
    assert "would be salvaged" in trial[-2]
    assert " would " not in run(home, "repair", "--apply").stdout
    restored = run(home, "restore", *runs_of(home)).stdout.splitlines()
    assert restored[-2].startswith("1 files: 1 put back, 0 moved, 0 findings left")
    assert hint not in run(home, "repair", "--thread", str(thread_id(3))).stdout
