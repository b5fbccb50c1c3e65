"""Which home is shown: the user's own, or a copy of the sample in the checkout."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from tools.demo.errors import NoThreads

SAMPLE_HOME = Path(__file__).resolve().parents[1] / "sample_home"
FOLDERS = ("sessions", "archived_sessions")


def rollouts(home: Path) -> Iterator[Path]:
    """The rollout files of a home."""
    for folder in FOLDERS:
        yield from (home / folder).rglob("rollout-*.jsonl*")


def holds_threads(home: Path) -> bool:
    """Whether there is any rollout file."""
    return next(rollouts(home), None) is not None


def users_home(asked: Path | None, environment: Mapping[str, str] = os.environ) -> Path | None:
    """The home asked for, else CODEX_HOME or ~/.codex; None when that holds no threads."""
    if asked is not None:
        home = asked.expanduser().resolve()
        if not holds_threads(home):
            raise NoThreads(home)
        return home
    home = Path(environment.get("CODEX_HOME") or "~/.codex").expanduser().resolve()
    return home if holds_threads(home) else None


def sample_copy(home: Path) -> Path:
    """A copy of the sample, its files as old as their last lines: a checkout has times of its own."""
    shutil.copytree(SAMPLE_HOME, home)
    for path in rollouts(home):
        last = path.read_bytes().splitlines()[-1]
        changed_s = datetime.fromisoformat(json.loads(last)["timestamp"]).timestamp()
        os.utime(path, (changed_s, changed_s))
    return home
