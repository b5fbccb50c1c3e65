"""A home: the folder that Codex keeps its threads in, and what lies where below it."""

import os
from dataclasses import dataclass
from pathlib import Path

from domain.errors import HomeMissing

ENVIRONMENT = "CODEX_HOME"
INDEX_ENVIRONMENT = "THREADSTORE_INDEX"
DEFAULT_HOME = "~/.codex"


@dataclass(frozen=True, slots=True)
class Home:
    """A home, its links resolved."""

    root: Path
    index_path: Path | None = None

    @classmethod
    def at(cls, path: str | os.PathLike[str], index_path: Path | None = None) -> "Home":
        """The home at this path, its index there or elsewhere; HomeMissing when there is no such folder."""
        root = Path(path).expanduser()
        if not root.is_dir():
            raise HomeMissing(str(path))
        return cls(root.resolve(), index_path)

    @classmethod
    def of_user(cls, index_path: Path | None = None) -> "Home":
        """The home that `$CODEX_HOME` names, else `~/.codex`."""
        return cls.at(os.environ.get(ENVIRONMENT) or DEFAULT_HOME, index_path)

    def with_sqlite_home(self, folder: Path | None) -> "Home":
        """The home whose index lies in this folder, unless a place for it was named already."""
        if folder is None or self.index_path is not None or os.environ.get(INDEX_ENVIRONMENT):
            return self
        return Home(self.root, folder / "threadstore" / "index.sqlite")

    @property
    def sessions(self) -> Path:
        """Where live threads are: `sessions/YYYY/MM/DD/rollout-….jsonl`."""
        return self.root / "sessions"

    @property
    def archived(self) -> Path:
        """Where archived threads are, without further folders."""
        return self.root / "archived_sessions"

    @property
    def names(self) -> Path:
        """The file of thread names."""
        return self.root / "session_index.jsonl"

    @property
    def thread_locks(self) -> Path:
        """Where release 0.169.0 locks threads: an empty file for each one that a program has loaded."""
        return self.root / "thread-writer-locks"

    @property
    def notes(self) -> Path:
        """Where we note what the log has no line for: one file a thread."""
        return self.root / "threadstore_events"

    @property
    def index(self) -> Path:
        """Where our index is: where it was asked for, else `$THREADSTORE_INDEX`, else inside the home."""
        named = self.index_path or os.environ.get(INDEX_ENVIRONMENT)
        return Path(named).expanduser() if named else self.root / "threadstore" / "index.sqlite"

    @property
    def plain(self) -> Path:
        """Where the plain bytes of long packed logs are kept, beside the index; anybody may delete it."""
        return self.index.parent / "plain"
