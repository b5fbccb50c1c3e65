"""The demonstration runs on the sample home and on a home of one's own, and changes neither."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.demo.errors import NoThreads
from tools.demo.homes import SAMPLE_HOME, users_home
from tools.demo.page import cut, printable, width_of

ROOT = Path(__file__).resolve().parents[2]
WIDTH = 90


def run_demo(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The demonstration as a person runs it, with this as CODEX_HOME."""
    settings = {"CODEX_HOME": str(home), "COLUMNS": str(WIDTH), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "tools.demo", *arguments],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def content(folder: Path) -> dict[str, bytes]:
    """Every file's bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_without_a_home_the_sample_is_shown(tmp_path: Path) -> None:
    before = content(SAMPLE_HOME)
    shown = run_demo(tmp_path)
    assert (shown.returncode, shown.stderr) == (0, "")
    for method in ("thread/list", "thread/turns/list", "thread/turns/items/list"):
        assert f'"method":"{method}"' in shown.stdout
    for kind in ("userMessage", "reasoning", "fileChange", "mcpToolCall", "webSearch"):
        assert kind in shown.stdout
    assert all(width_of(line) <= WIDTH and line.isprintable() for line in shown.stdout.splitlines())
    assert content(SAMPLE_HOME) == before


def test_a_home_of_ones_own_is_only_read(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE_HOME, tmp_path / "own")
    shown = run_demo(tmp_path, "--home", str(tmp_path / "own"))
    assert shown.returncode == 0
    assert f"The home {tmp_path / 'own'}"[: WIDTH - 1] in shown.stdout
    assert content(tmp_path / "own") == content(SAMPLE_HOME)


def test_a_folder_without_threads_is_refused_in_a_sentence(tmp_path: Path) -> None:
    shown = run_demo(tmp_path, "--home", str(tmp_path))
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr == f"demo: {NoThreads(tmp_path)}\n"


def test_the_users_home_counts_only_when_it_holds_threads(tmp_path: Path) -> None:
    assert users_home(None, {"CODEX_HOME": str(tmp_path)}) is None
    assert users_home(None, {"CODEX_HOME": str(SAMPLE_HOME)}) == SAMPLE_HOME


@pytest.mark.parametrize(
    ("text", "shown"), [("a\x1b[2Jb", "a\\x1b[2Jb"), ("\u202eabc", "\\u202eabc"), ("東京", "東京")]
)
def test_what_could_steer_the_terminal_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize("text", ["", "short", "x" * 200, "東" * 200, "é" * 90, "e\u0301" * 200])
@pytest.mark.parametrize("width", [1, 9, 89])
def test_a_text_is_cut_at_the_width(text: str, width: int) -> None:
    shown = cut(text, width)
    assert width_of(shown) <= width
    assert shown == text or shown.endswith("…")
