"""`threadstore verify` and `threadstore doctor`, as a person runs them."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.api.lasting import path_of, thread_id, write
from tests.conformance.server import ROOT, environment_for
from tests.damaged_index.answers import fill, index_of, make_home
from tests.damaged_index.kinds import damage

Json = dict[str, Any]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home without damage, with its index."""
    make_home(tmp_path)
    asyncio.run(fill(tmp_path))
    return tmp_path


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What a command prints, and how it ends."""
    return subprocess.run(
        [sys.executable, "-m", "tools.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
        env=environment_for(home),
    )


def state_of(home: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below the sessions, with its time."""
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in home.rglob("*.jsonl")}


def test_a_home_without_damage_is_clean(home: Path) -> None:
    done = run(home, "verify", "--against", "full")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "9 files of the index held against their logs"


def test_damage_is_told_with_its_place_and_changes_nothing(home: Path) -> None:
    path = path_of(home, 2)
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(b'{"no json\n')
    before = state_of(home)
    done = run(home, "verify", "--json")
    assert done.returncode == 4
    report = json.loads(done.stdout)
    [finding] = [each for each in report["findings"] if each["severity"] == "error"]
    assert report["mode"] == "verify"
    assert finding["file"] == str(path.relative_to(home))
    assert (finding["offset"], finding["length"]) == (size, 9)
    assert (finding["thread_id"], finding["action"]) == (str(thread_id(2)), "none")
    assert "no json" not in done.stdout
    assert state_of(home) == before


def test_what_is_asked_for_is_looked_at_alone(home: Path) -> None:
    for number in (2, 3):
        with path_of(home, number).open("ab") as file:
            file.write(b"no json\n")
    lines = run(home, "verify", "--jsonl", "--thread", str(thread_id(2))).stdout.splitlines()
    files = {json.loads(line)["file"] for line in lines[:-1]}
    assert files == {str(path_of(home, 2).relative_to(home))}
    assert json.loads(lines[-1])["summary"]["files"] == 1
    assert run(home, "verify", str(path_of(home, 1))).returncode == 0
    assert run(home, "verify", "nowhere").returncode == 16


def test_a_name_cannot_steer_the_terminal(home: Path) -> None:
    evil = path_of(home, 1)
    evil = evil.with_name(evil.name.replace(".jsonl", "\x1b[2J\u202e\x9b.jsonl"))
    evil.write_bytes(b"no json\n")
    done = run(home, "verify")
    assert done.returncode == 4
    assert not set(done.stdout) & {"\x1b", "\u202e", "\x9b"}
    assert max(map(len, done.stdout.splitlines())) <= 200


@pytest.mark.parametrize("command", ["verify", "doctor"])
def test_a_damaged_index_is_told_and_left(home: Path, command: str) -> None:
    damage(index_of(home), "bit")
    data = index_of(home).read_bytes()
    done = run(home, command)
    assert done.returncode == 4
    assert "its pages are not as they were left" in done.stdout
    assert index_of(home).read_bytes() == data


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--thread", "x"], 16), (["--against", "x"], 16), (["--no"], 16), (["--home", "/nowhere"], 8)],
)
def test_what_cannot_be_done_has_its_exit_code(home: Path, arguments: list[str], code: int) -> None:
    assert run(home, "verify", *arguments).returncode == code


def test_a_doctor_finds_nothing_wrong_with_a_healthy_home(home: Path) -> None:
    done = run(home, "doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert "9 files" in done.stdout
    assert "7 live, 2 archived, 0 names" in done.stdout
    assert "9 of 9 files as they are now" in done.stdout
    assert "advice" not in done.stdout


def test_a_doctor_counts_what_lists_hide(home: Path) -> None:
    write(home, 20, source="exec")
    write(home, 21, source={"subagent": "review"})
    write(home, 22, model_provider="other")
    write(home, 23, "")
    path_of(home, 24).write_bytes(b"")
    (home / "sessions" / path_of(home, 25).name).write_bytes(path_of(home, 1).read_bytes())
    path_of(home, 26).symlink_to(path_of(home, 1))
    facts = json.loads(run(home, "doctor", "--json").stdout)
    hidden = {each["what"]: (each["count"], each["shown_by"]) for each in facts["census"]["hidden"]}
    assert hidden["threads of exec runs"] == (1, 'sourceKinds: ["exec"]')
    assert hidden["threads of subagents"] == (1, 'sourceKinds: ["subAgent"]')
    assert hidden["threads of other model providers"][0] == 1
    assert hidden["files without a first message of the user"][0] == 1
    assert hidden["files without a usable head"][0] == 1
    assert hidden["files in places, or with names, that no list looks at"][0] == 1
    assert facts["census"]["odd"] == [["links to files", 1]]


def test_a_deep_look_counts_damage_by_severity(home: Path) -> None:
    with path_of(home, 2).open("ab") as file:
        file.write(b"no json\n")
    facts = json.loads(run(home, "doctor", "--deep", "--json").stdout)
    assert facts["severities"]["error"] == 1
    assert "warning" not in facts["severities"]
    assert facts["advice"][0]["helps"] == "threadstore verify, then threadstore repair --dry-run"


def test_the_index_is_looked_at_where_the_settings_have_it(home: Path, tmp_path: Path) -> None:
    (home / "config.toml").write_text('sqlite_home = "elsewhere"\n')
    assert run(home, "verify").stdout.splitlines()[-1] == "0 files of the index held against their logs"
    assert run(home, "index").returncode == 0
    assert run(home, "verify").stdout.splitlines()[-1] == "9 files of the index held against their logs"
    told = json.loads(run(home, "doctor", "--json").stdout)["index"]
    assert told["path"] == str(tmp_path / "elsewhere" / "threadstore" / "index.sqlite")
    assert told["is_there"]


def test_a_packed_log_is_listed_and_one_beside_its_plain_log_is_not(home: Path) -> None:
    for number in (1, 2):
        path = path_of(home, number)
        path.with_name(f"{path.name}.zst").write_bytes(zstandard.compress(path.read_bytes()))
    path_of(home, 1).unlink()
    done = run(home, "doctor")
    assert done.returncode == 0
    assert "packed        2 files (.jsonl.zst)" in done.stdout
    shown = [line for line in done.stdout.splitlines() if line.startswith("not listed")]
    assert shown == [
        "not listed    packed files beside their plain log: 1; shown by the plain log, which counts"
    ]


def test_a_doctor_says_that_somebody_elses_file_is_no_index(home: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("mine\n")
    facts = json.loads(run(home, "doctor", "--json", "--index", str(notes)).stdout)
    assert [each["helps"] for each in facts["advice"]] == ["another --index"]
    assert notes.read_text() == "mine\n"


def test_a_report_that_nobody_reads_on_ends_quietly(home: Path) -> None:
    with path_of(home, 2).open("ab") as file:
        file.write(b"no json\n")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "tools.cli", "verify"],
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
        cwd=ROOT,
        env=environment_for(home),
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (8, b"")
