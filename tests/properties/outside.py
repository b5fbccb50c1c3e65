"""Programs beside ours that change a home: each step a small change, as it happens in life."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from hypothesis import strategies as st

from tests.home import event, meta

Step = tuple[str, int, int]
"""What is done, to which of the files there are, and how."""

Do = Callable[[int, int], object]
"""Does it, to the file of this number."""

THREADS = 6
LINKS = 100
TIMES = ("2026-05-01T10-00-00", "2026-05-01T10-00-01", "2026-05-02T00-00-00")
DAYS = ("2026/05/01", "2026/05/02", "2026/5/1", "2025/12/31", "2026/99/255", "2026/xx/01")
TOUCHED_NS = (10**18, 10**18 + 1, 10**18 + 10**6, -1, 0)
SOURCES = ("cli", "vscode", "exec", {"subagent": "review"}, None)
PROVIDERS = ("openai", "ollama", "", None)
WORDS = ("apple", "apricot", "pear ap", "日本語", "a", "apple pie\0x")


def thread_id(number: int) -> UUID:
    """The id of a thread."""
    return UUID(f"0196f0aa-0000-7000-8000-{number:012x}")


def goal(number: int, objective: str) -> bytes:
    """A goal of the thread."""
    counts = dict.fromkeys(("tokensUsed", "timeUsedSeconds", "createdAt", "updatedAt"), 1)
    told = {
        "threadId": str(thread_id(number)),
        "objective": objective,
        "status": "active",
        "tokenBudget": None,
    }
    return event("thread_goal_updated", threadId=told["threadId"], turnId=None, goal=told | counts)


class Outside:
    """A home, and what other programs do to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._count = 0
        self._halves: dict[Path, bytes] = {}
        self._steps: dict[str, Do] = {name: getattr(self, f"_{name}") for name in STEPS}
        for folder in ("sessions", "archived_sessions", "desk/real"):
            (root / folder).mkdir(parents=True)

    def do(self, step: Step) -> None:
        """Do one thing; nothing where there is no file to do it to."""
        name, which, how = step
        self._count += 1
        self._steps[name](which, how)

    # -- contents -------------------------------------------------------------------------------

    def _text(self, how: int) -> str:
        """A text that was not there before, so that no two files are alike."""
        return f"{WORDS[how % len(WORDS)]} {self._count}"

    def _meta(self, number: int, how: int) -> bytes:
        cwds = (f"{self.root}/desk/real", f"{self.root}/desk/link/", "/nowhere/at//all", "desk/real")
        facts = {
            "source": SOURCES[how % len(SOURCES)],
            "model_provider": PROVIDERS[how // 2 % len(PROVIDERS)],
            "cwd": cwds[how // 3 % len(cwds)],
            "git": {"branch": "main"} if how % 2 else None,
        }
        return meta(thread_id(number), **{name: fact for name, fact in facts.items() if fact is not None})

    def _content(self, number: int, how: int) -> bytes:
        first = self._meta(number, how)
        said = event("user_message", message=f" {self._text(how)}\n")
        picture = event("user_message", message="", images=["data:"])
        contents = (
            first + said,
            said + b"broken\n\n" + first,
            first + picture + said,
            first + goal(number, self._text(how)) + said,
            first + picture,
            meta(thread_id(number), source=None) + first + self._meta(number, how + 1) + said,
            first + event("user_message", message=f"context {self._count}\n## My request for Codex: do it"),
            first + event("agent_message", message=self._text(how)) + (said + said)[:-7],
            first + b"x" * (how + 1),
            said,
        )
        return contents[how % len(contents)]

    def _other_size(self, data: bytes, path: Path) -> bytes:
        """These bytes, not as many as there are: a rewrite in the same instant would not be seen."""
        return data + b"\n" if len(data) == path.stat().st_size else data

    # -- files ----------------------------------------------------------------------------------

    def _files(self, top: str = "*sessions") -> list[Path]:
        return sorted(path for path in self.root.glob(f"{top}/**/rollout-*.jsonl") if not path.is_symlink())

    def _one(self, which: int, top: str = "*sessions") -> Path | None:
        files = self._files(top)
        return files[which % len(files)] if files else None

    @staticmethod
    def _number_of(path: Path) -> int:
        return int(path.stem[-12:], 16)

    def _create(self, which: int, how: int) -> None:
        number = which % THREADS
        folder = self.root / "sessions" / DAYS[how // 3 % len(DAYS)]
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"rollout-{TIMES[how % len(TIMES)]}-{thread_id(number)}.jsonl"
        if not path.exists():
            path.write_bytes(self._content(number, how))

    def _append(self, which: int, how: int) -> None:
        path = self._one(which)
        if path is None:
            return
        half = self._halves.pop(path, None)
        said = event("user_message", message=self._text(how))
        if half is None and how % 3 == 0:
            cut = 1 + how % (len(said) - 1)
            said, self._halves[path] = said[:cut], said[cut:]
        with path.open("ab") as file:
            file.write(said if half is None else half)

    def _archive(self, which: int, how: int) -> None:
        path = self._one(which, "sessions")
        if path is not None:
            path.rename(self.root / "archived_sessions" / path.name)

    def _bring_back(self, which: int, how: int) -> None:
        path = self._one(which, "archived_sessions")
        if path is not None:
            self._move(path, how)

    def _rename(self, which: int, how: int) -> None:
        path = self._one(which, "sessions")
        if path is not None:
            self._move(path, how)

    def _move(self, path: Path, how: int) -> None:
        folder = self.root / "sessions" / DAYS[how % len(DAYS)]
        folder.mkdir(parents=True, exist_ok=True)
        path.rename(folder / path.name)

    def _copy(self, which: int, how: int) -> None:
        """A second file of a thread, in the folder of another day."""
        path = self._one(which)
        if path is not None:
            folder = self.root / "sessions" / DAYS[how % len(DAYS)]
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / path.name).exists():
                shutil.copyfile(path, folder / path.name)

    def _touch(self, which: int, how: int) -> None:
        path = self._one(which)
        if path is not None:
            os.utime(path, ns=(0, TOUCHED_NS[how % len(TOUCHED_NS)]))

    def _rewrite(self, which: int, how: int) -> None:
        path = self._one(which)
        if path is not None:
            path.write_bytes(self._other_size(self._content(self._number_of(path), how), path))

    def _replace(self, which: int, how: int) -> None:
        path = self._one(which)
        if path is not None:
            other = path.with_name("other")
            other.write_bytes(self._other_size(self._content(self._number_of(path), how), path))
            other.replace(path)

    def _truncate(self, which: int, how: int) -> None:
        path = self._one(which)
        if path is not None:
            os.truncate(path, path.stat().st_size * (how % 4) // 4)

    def _delete(self, which: int, how: int) -> None:
        path = self._one(which)
        if path is not None:
            path.unlink()

    def _link(self, which: int, how: int) -> None:
        """A link beside a file, of a name that lists would take."""
        path = self._one(which)
        if path is not None:
            link = path.with_name(path.name.replace(path.stem[-36:], str(thread_id(LINKS + how % 2))))
            link.unlink(missing_ok=True)
            link.symlink_to(path)

    # -- folders and names ----------------------------------------------------------------------

    def _move_folder(self, which: int, how: int) -> None:
        folders = sorted(path for path in self.root.glob("sessions/*/*") if path.is_dir())
        target = self.root / "sessions" / ("2026/05", "2027/01")[how % 2]
        if folders and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            folders[which % len(folders)].rename(target)

    def _remove_folder(self, which: int, how: int) -> None:
        folders = sorted(path for path in self.root.glob("sessions/*/*/*") if path.is_dir())
        if folders:
            shutil.rmtree(folders[which % len(folders)])

    def _work_folder(self, which: int, how: int) -> None:
        real, link = self.root / "desk" / "real", self.root / "desk" / "link"
        if which % 2:
            real.rmdir() if real.exists() else real.mkdir()
        elif link.is_symlink():
            link.unlink()
        else:
            link.symlink_to("real")

    def _name(self, which: int, how: int) -> None:
        said = {
            "id": str(thread_id(which % THREADS)),
            "thread_name": f" {self._text(how)} ",
            "updated_at": "",
        }
        variants = (said, said | {"thread_name": " "}, {**said, "updated_at": None})
        text = json.dumps(variants[how % 3 if how % 7 == 0 else 0]).encode() + b"\n"
        with (self.root / "session_index.jsonl").open("ab") as file:
            file.write(b"broken\n" + text if how % 5 == 0 else text)


STEPS = {
    "create": 6,
    "append": 4,
    "archive": 2,
    "bring_back": 2,
    "rename": 1,
    "copy": 1,
    "touch": 2,
    "rewrite": 2,
    "replace": 1,
    "truncate": 1,
    "delete": 1,
    "link": 1,
    "move_folder": 1,
    "remove_folder": 1,
    "work_folder": 1,
    "name": 2,
}
"""What other programs do, and how often."""

ONE_STEP: st.SearchStrategy[Step] = st.tuples(
    st.sampled_from([name for name, often in STEPS.items() for _ in range(often)]),
    st.integers(0, 7),
    st.integers(0, 59),
)

SOME_THREADS: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(st.just("create"), st.integers(0, 7), st.integers(0, 59)), min_size=2, max_size=8
)
