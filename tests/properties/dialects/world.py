"""A home of both dialects, and what its writers and its owner do to it, a small step at a time."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from zstandard import ZstdCompressor

from tests.domain.paginated_log import paginated_meta
from tests.home import event, meta
from tests.properties.dialects.lines import WORDS, written
from tests.properties.dialects.naive_home import Log, NaiveHome

Json = dict[str, Any]
Do = Callable[[int, int], None]
"""Does it, to the log of this number."""

Step = tuple[str, int, int]
"""What is done, to which of the logs there are, and how."""

THREADS_MAX = 6
TIMES = ("2026-05-01T10-00-00", "2026-05-01T10-00-01", "2026-05-02T00-00-00")


def thread_id(number: int) -> UUID:
    """The id of a thread."""
    return UUID(f"0196f0aa-0000-7000-8000-{number:012x}")


class World:
    """A home, and what happens to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._count = 0
        self._steps: dict[str, Do] = {name: getattr(self, f"_{name}") for name in STEPS}
        for folder in ("sessions", "archived_sessions", "aside"):
            (root / folder).mkdir(parents=True)

    @property
    def home(self) -> NaiveHome:
        """The home as it is now."""
        return NaiveHome(self.root)

    def do(self, step: Step) -> None:
        """Do one thing; nothing where there is no log to do it to."""
        name, which, how = step
        self._count += 1
        self._steps[name](which, how)

    # -- what is written ------------------------------------------------------------------------

    def _text(self, how: int) -> str:
        """A text that was not there before."""
        return f"{WORDS[how % len(WORDS)]} {self._count}"

    def _one(self, which: int) -> Log | None:
        logs = sorted(self.home.logs, key=lambda log: log.path.name)
        return logs[which % len(logs)] if logs else None

    def _file(self, name: str) -> Path:
        return self.root / "sessions" / name[:4] / name[5:7] / name[8:10] / f"rollout-{name}.jsonl"

    def _new_log(self, how: int, thread: UUID, head: list[bytes], rollout: UUID | None = None) -> None:
        name = f"{TIMES[how % len(TIMES)]}-{thread}" + (f"_{rollout}" if rollout else "")
        path = self._file(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(head))

    def _new_thread(self) -> UUID | None:
        known = {log.thread_id for log in NaiveHome(self.root).logs}
        known |= {UUID(path.name[28:64]) for path in (self.root / "aside").iterdir()}
        free = (thread_id(number) for number in range(THREADS_MAX) if thread_id(number) not in known)
        return next(free, None)

    def _legacy(self, thread: UUID, how: int) -> list[bytes]:
        said = event("user_message", message=self._text(how))
        turn = [event("task_started", turn_id="t1"), said, event("agent_message", message=self._text(how))]
        numbered = written(how, self._text(how), 0)
        variants: tuple[list[bytes], ...] = (
            [],
            [said],
            turn,
            [*turn, event("thread_rolled_back", num_turns=1)],
            [said, *numbered],
        )
        return [meta(thread), *variants[how % len(variants)]]

    def _paginated(self, thread: UUID, how: int, first: int = 0, **fields: object) -> list[bytes]:
        """A log with a head and, mostly, something said."""
        head = paginated_meta(first, thread, **fields)
        return [head, *(written(how, self._text(how), first) if how % 4 else [])]

    def _begin(self, which: int, how: int) -> None:
        thread = self._new_thread()
        if thread is not None:
            is_legacy = which % 4 == 0
            self._new_log(how, thread, (self._legacy if is_legacy else self._paginated)(thread, how))

    def _append(self, which: int, how: int) -> None:
        """What is said next, in the log's own dialect; now and then the last line stays unfinished."""
        log = self._one(which)
        if log is None:
            return
        self._unpacked(log)
        if log.is_paginated:
            first = log.base["end_ordinal_exclusive"] if log.base else 0
            last = max((ordinal for ordinal, _, _ in log.counted()), default=first)
            data = b"".join(written(how, self._text(how), last))
        else:
            data = event("user_message", message=self._text(how))
        cut = {0: 1, 1: 9}.get(how % 8, 0)
        ended = b"" if log.data.endswith(b"\n") else b"\n"
        with log.path.open("ab") as file:
            file.write(ended + data[: len(data) - cut])

    def _base(self, log: Log, how: int) -> Json:
        """What goes on from a log: up to one of its lines, or past its end; the offset right or wrong."""
        first = log.base["end_ordinal_exclusive"] if log.base else 0
        ordinals = [first, *(ordinal for ordinal, _, _ in log.counted())]
        end = ordinals[how % len(ordinals)] + (how // 7 % 5 == 0) * 3 + 1
        offset = (0, len(log.data) + 9, 17, _offset(log, end), _offset(log, end))[how % 5]
        return {
            "thread_id": str(log.rollout_id),
            "end_ordinal_exclusive": end,
            "end_byte_offset": offset,
        }

    def _fork(self, which: int, how: int) -> None:
        log, thread = self._one(which), self._new_thread()
        if log is not None and thread is not None and log.is_paginated:
            base = self._base(log, how)
            told = {"history_base": base, "forked_from_id": str(log.thread_id)}
            self._new_log(how, thread, self._paginated(thread, how, _end(base), **told))

    def _revert(self, which: int, how: int) -> None:
        """A further log of a thread, on one of its own logs, an ancestor's or any other, or on nothing."""
        log, other = self._one(which), self._one(which + how)
        if log is None or other is None or not (log.is_paginated and other.is_paginated):
            return
        base = self._base(log if how % 3 else other, how)
        rollout = UUID(int=thread_id(0x1000).int + self._count * 16 + how % 16)
        if how % 11 == 0:
            lines = self._paginated(log.thread_id, how)
        else:
            lines = self._paginated(log.thread_id, how, _end(base), history_base=base)
        self._new_log(how + which, log.thread_id, lines, rollout)

    # -- what is done to files ------------------------------------------------------------------

    def _unpacked(self, log: Log) -> None:
        packed = log.path.with_name(f"{log.path.name}.zst")
        if not log.path.exists():
            log.path.write_bytes(log.data)
            os.utime(log.path, ns=(log.mtime_ns, log.mtime_ns))
        packed.unlink(missing_ok=True)

    def _files(self, log: Log) -> list[Path]:
        both = (log.path, log.path.with_name(f"{log.path.name}.zst"))
        return [path for path in both if path.exists()]

    def _archive(self, which: int, how: int) -> None:
        """One log of a thread or all of them, there or back."""
        one = self._one(which)
        if one is None:
            return
        logs = [log for log in self.home.logs if log.thread_id == one.thread_id] if how % 3 else [one]
        for log in logs:
            name = log.path.name.removeprefix("rollout-").removesuffix(".jsonl")
            is_back = one.is_archived
            folder = self._file(name).parent if is_back else self.root / "archived_sessions"
            folder.mkdir(parents=True, exist_ok=True)
            if log.is_archived is is_back:
                for path in self._files(log):
                    path.rename(folder / path.name)

    def _pack(self, which: int, how: int) -> None:
        """Pack a log, or unpack it; sometimes an old packed one stays beside the plain one."""
        log = self._one(which)
        if log is None:
            return
        if not log.path.exists() or how % 4 == 0:
            self._unpacked(log)
            return
        packed = log.path.with_name(f"{log.path.name}.zst")
        packed.write_bytes(ZstdCompressor().compress(log.data if how % 3 else log.data + b"old\n"))
        os.utime(packed, ns=(log.mtime_ns, log.mtime_ns))
        if how % 3:
            log.path.unlink()

    def _lose(self, which: int, how: int) -> None:
        log = self._one(which)
        if log is not None:
            for path in self._files(log):
                path.rename(self.root / "aside" / path.name)

    def _find_again(self, which: int, how: int) -> None:
        names = sorted({path.name.removesuffix(".zst") for path in (self.root / "aside").iterdir()})
        if names:
            name = names[which % len(names)]
            day = self._file(name.removeprefix("rollout-").removesuffix(".jsonl")).parent
            folder = day if how % 3 else self.root / "archived_sessions"
            folder.mkdir(parents=True, exist_ok=True)
            for path in (self.root / "aside").glob(f"{name}*"):
                path.rename(folder / path.name)

    def _replace(self, which: int, how: int) -> None:
        """Another log under the same name, of either dialect."""
        log = self._one(which)
        if log is None:
            return
        made = self._legacy if how % 5 == 0 else self._paginated
        data = b"".join(made(log.thread_id, how + 1))
        self._unpacked(log)
        other = self.root / "other"
        other.write_bytes(data + b"\n" if len(data) == len(log.data) else data)
        other.replace(log.path)

    def _damage(self, which: int, how: int) -> None:
        """A byte too much in one of the lines behind the head."""
        log = self._one(which)
        if log is None:
            return
        head = log.data.index(b"\n") + 1
        at = head + (how * 37) % max(1, len(log.data) - head)
        self._unpacked(log)
        log.path.write_bytes(log.data[:at] + b"{" + log.data[at:])

    def _truncate(self, which: int, how: int) -> None:
        log = self._one(which)
        if log is None:
            return
        head = log.data.index(b"\n") + 1
        self._unpacked(log)
        os.truncate(log.path, head + (len(log.data) - head) * (how % 6) // 6)

    def _touch(self, which: int, how: int) -> None:
        log = self._one(which)
        if log is not None:
            for path in self._files(log):
                os.utime(path, ns=(0, 10**18 + how * 10**9))


def _end(base: Json) -> int:
    return int(base["end_ordinal_exclusive"])


def _offset(log: Log, end: int) -> int:
    """The position behind the last line below an ordinal: that of the first that reaches it."""
    values, at = dict[int, int](), 0
    counted = iter([*(ordinal for ordinal, _, _ in log.counted()), end])
    wanted = next(counted)
    for raw in log.data.split(b"\n"):
        at += len(raw) + 1
        if b'"ordinal":%d,' % wanted in raw or b'"ordinal": %d,' % wanted in raw:
            values[wanted] = at
            wanted = next(counted, end)
    return max((at for ordinal, at in values.items() if ordinal < end), default=0)


STEPS = {
    "begin": 4,
    "append": 8,
    "fork": 4,
    "revert": 4,
    "archive": 3,
    "pack": 3,
    "lose": 2,
    "find_again": 2,
    "replace": 1,
    "damage": 1,
    "truncate": 1,
    "touch": 1,
}
"""What happens, and how often."""

ONE_STEP: st.SearchStrategy[Step] = st.tuples(
    st.sampled_from([name for name, often in STEPS.items() for _ in range(often)]),
    st.integers(0, 11),
    st.integers(0, 119),
)

GROWING = ("begin", "append", "append", "append", "fork", "revert")
BEGUN: st.SearchStrategy[list[Step]] = st.builds(
    list.__add__,
    st.lists(st.tuples(st.just("begin"), st.integers(0, 11), st.integers(0, 119)), min_size=1, max_size=3),
    st.lists(
        st.tuples(st.sampled_from(GROWING), st.integers(0, 11), st.integers(0, 119)), min_size=2, max_size=9
    ),
)
"""How a home begins: some threads, that go on and branch."""
