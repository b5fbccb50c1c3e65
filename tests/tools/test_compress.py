"""`threadstore compress` packs what is cold, says what it would do, and never loses a log."""

import fcntl
import json
import os
import time
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from domain.limits import PACKED_FRAME_SIZE
from tests.home import THREAD, Json, event, meta
from tests.rollout.packed.streams import frames
from tests.rollout.writing.packed_logs import content
from tests.tools.test_commands import run
from tools.compress import command

LATER = UUID("0196f0aa-0000-7000-8000-0000000000bb")
OTHER = UUID("0196f0aa-0000-7000-8000-000000000002")
DAY = "sessions/2026/05/01"
FIRST = f"{DAY}/rollout-2026-05-01T10-00-00-{THREAD}.jsonl"
SECOND = f"{DAY}/rollout-2026-05-01T11-00-00-{THREAD}_{LATER}.jsonl"
ARCHIVED = f"archived_sessions/rollout-2026-04-01T10-00-00-{OTHER}.jsonl"
LOGS = (FIRST, SECOND, ARCHIVED)
DATA = meta() + event("user_message", message="hello") + event("agent_message", message="hi " * 500)

DAY_S = 86_400


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of three logs, written eight days ago."""
    for name in LOGS:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(DATA)
        age(path, 8)
    (tmp_path / "session_index.jsonl").write_bytes(b"{}\n")
    return tmp_path


def age(path: Path, days: float) -> None:
    """Have it be written so long ago."""
    os.utime(path, (time.time() - days * DAY_S,) * 2)


def compress(home: Path, *arguments: str) -> Result:
    """The command on this home."""
    return CliRunner().invoke(command, ["--home", str(home), *arguments])


def told(result: Result) -> Json:
    """What it reports as JSON."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    found: Json = json.loads(result.stdout)
    return found


def packed(home: Path) -> set[str]:
    """The logs that are packed."""
    return {str(path.relative_to(home)).removesuffix(".zst") for path in home.rglob("*.zst")}


def test_without_a_word_it_only_says_what_it_would_do(home: Path) -> None:
    result = compress(home)
    assert result.exit_code == 0
    assert "would pack 3 logs" in result.stdout
    assert "0.131.0 cannot read packed threads" in result.stderr
    assert packed(home) == set()


def test_it_packs_logs_of_both_folders_and_reports_their_bytes(home: Path) -> None:
    report = told(compress(home, "--apply", "--json"))
    assert packed(home) == set(LOGS)
    size = sum(path.stat().st_size for path in home.rglob("*.zst"))
    assert report == {
        "is_applied": True,
        "logs": 3,
        "bytes_before": 3 * len(DATA),
        "bytes_after": size,
        "left": [],
        "failed": [],
    }
    assert [content(home / name) for name in LOGS] == [DATA] * 3
    assert not any((home / name).exists() for name in LOGS)
    assert (home / "session_index.jsonl").exists()


def test_doing_it_again_finds_nothing(home: Path) -> None:
    compress(home, "--apply")
    before = {path: path.stat() for path in home.rglob("*.zst")}
    result = compress(home, "--apply")
    assert (result.exit_code, "packed 0 logs" in result.stdout) == (0, True)
    assert {path: path.stat() for path in home.rglob("*.zst")} == before


def test_what_was_packed_is_unpacked_byte_for_byte(home: Path) -> None:
    times = [(home / name).stat().st_mtime_ns for name in LOGS]
    compress(home, "--apply")
    assert "would unpack 3 logs" in compress(home, "--unpack").stdout
    report = told(compress(home, "--unpack", "--apply", "--json"))
    assert (report["logs"], report["bytes_after"]) == (3, 3 * len(DATA))
    assert packed(home) == set()
    assert [(home / name).read_bytes() for name in LOGS] == [DATA] * 3
    assert [(home / name).stat().st_mtime_ns for name in LOGS] == times


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), {FIRST}),
        (("--older-than", "30"), set()),
        (("--older-than", "0"), {FIRST, SECOND, ARCHIVED}),
        (("--older-than", "0.5"), {FIRST, SECOND}),
        (("--older-than", "0", "--thread", str(THREAD)), {FIRST, SECOND}),
        (("--older-than", "0", "--thread", str(OTHER)), {ARCHIVED}),
        (("--older-than", "0", "--thread", str(LATER)), set()),
    ],
    ids=["a week", "a month", "any age", "half a day", "a thread", "an archived thread", "no thread"],
)
def test_only_what_was_asked_for_and_is_old_enough_is_packed(
    home: Path, options: tuple[str, ...], expected: set[str]
) -> None:
    age(home / SECOND, 6)
    age(home / ARCHIVED, 0.1)
    assert compress(home, "--apply", *options).exit_code == 0
    assert packed(home) == expected


def test_files_may_be_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home / DAY)
    compress(home, "--apply", Path(SECOND).name, str(home / ARCHIVED))
    assert packed(home) == {SECOND, ARCHIVED}
    compress(home, "--apply", "--unpack", f"{Path(SECOND).name}.zst")
    assert packed(home) == {ARCHIVED}


@pytest.mark.parametrize(
    "arguments", [("nowhere.jsonl",), ("--thread", "x"), ("--level", "20"), ("--level", "0")]
)
def test_what_makes_no_sense_is_refused(home: Path, arguments: tuple[str, ...]) -> None:
    assert compress(home, "--apply", *arguments).exit_code == 2
    assert packed(home) == set()


def test_a_log_that_a_program_writes_is_left_and_told(home: Path) -> None:
    with (home / FIRST).open("ab"):
        result = compress(home, "--apply")
    assert result.exit_code == 1
    assert f"{home / FIRST} is left as it is: a program has it open" in result.stdout
    assert packed(home) == {SECOND, ARCHIVED}


def test_a_thread_that_another_program_keeps_loaded_is_left_and_told(home: Path) -> None:
    """Release 0.169.0 holds this lock while a thread is loaded, its log open or not."""
    folder = home / "thread-writer-locks"
    folder.mkdir()
    with (folder / f"{THREAD}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        report = told(compress(home, "--apply", "--json"))
    assert report["logs"] == 1
    assert len(report["left"]) == 2
    assert packed(home) == {ARCHIVED}


def test_a_packed_log_that_is_broken_is_left_and_told(home: Path) -> None:
    compress(home, "--apply")
    (home / f"{FIRST}.zst").write_bytes(frames(DATA)[:-3])
    report = told(compress(home, "--unpack", "--apply", "--json"))
    assert report["logs"] == 2
    (left,) = report["left"]
    assert "incomplete frame" in left
    assert packed(home) == {FIRST}


def test_a_failing_disk_is_told_and_costs_that_log_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rollout.writing import storage  # noqa: PLC0415 - to fail in it

    create, made = storage.create, []

    def fail_once(path: str) -> int:
        made.append(path)
        if len(made) == 1:
            raise OSError(28, "No space left on device")
        return create(path)

    monkeypatch.setattr(storage, "create", fail_once)
    result = compress(home, "--apply", "--json")
    assert result.exit_code == 2
    assert len(packed(home)) == 2
    assert not list(home.rglob("*.partial"))


def test_a_longer_log_is_packed_in_several_frames(home: Path) -> None:
    data = meta() + event("agent_message", message="x" * 1000) * (PACKED_FRAME_SIZE // 500)
    (home / FIRST).write_bytes(data)
    age(home / FIRST, 8)
    compress(home, "--apply", "--level", "1")
    assert content(home / FIRST) == data


def test_packed_threads_are_listed_and_shown_as_before(home: Path) -> None:
    asked = (("list", "--json"), ("list", "--archived", "--json"), ("show", str(THREAD)))
    before = [run(home, *words).stdout for words in asked]
    assert "hello" in before[0]
    done = run(home, "compress", "--apply")
    assert done.returncode == 0, done.stderr
    assert packed(home) == set(LOGS)
    assert [run(home, *words).stdout for words in asked] == before
