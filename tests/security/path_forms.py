"""Paths as clients may write them, and whom each of them leads to which thread.

What a form means is decided by what lies around it: `Surroundings` is a home with two threads, and beside it
a folder of everything that is no thread of the home.
"""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from domain.limits import EXTERNAL_SIZE_MAX
from rollout.writing.packing import pack
from tests.api.lifecycle import lines

HOME_ID, SECOND_ID, FOREIGN_ID, PACKED_ID, EMPTY_ID = (
    f"0196f0aa-0000-7000-8000-00000000000{number}" for number in range(1, 6)
)
DAY = "sessions/2026/05/01"


def name_of(thread_id: str) -> str:
    """The name of a thread's file."""
    return f"rollout-2026-05-01T10-00-00-{thread_id}.jsonl"


NAME, SECOND, FOREIGN = map(name_of, (HOME_ID, SECOND_ID, FOREIGN_ID))
PACKED, EMPTY = map(name_of, (PACKED_ID, EMPTY_ID))


class Leads(Enum):
    """Where a path leads somebody."""

    HOME = auto()
    SECOND = auto()
    FOREIGN = auto()
    PACKED = auto()
    NOWHERE = auto()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The home, and the folder beside it."""

    home: Path
    outside: Path

    @property
    def thread(self) -> str:
        """The path of the first thread."""
        return f"{self.home}/{DAY}/{NAME}"


def laid_out(root: Path) -> Surroundings:
    """Everything that the forms speak of, below this folder."""
    home, outside = root / "home", root / "outside"
    day = home / DAY
    for folder in (day, outside, home / "copies", home / "archived_sessions", home / "sessions" / "links"):
        folder.mkdir(parents=True)
    (day / NAME).write_bytes(lines(thread_id=HOME_ID))
    (day / SECOND).write_bytes(lines(thread_id=SECOND_ID))
    for place in (outside, home / "copies"):
        (place / FOREIGN).write_bytes(lines(thread_id=FOREIGN_ID))
    (outside / PACKED).write_bytes(lines(thread_id=PACKED_ID))
    pack(str(outside / PACKED))
    _lay_links(home, outside)
    _lay_oddities(home, outside)
    return Surroundings(home, outside)


def _lay_links(home: Path, outside: Path) -> None:
    links = home / "sessions" / "links"
    (links / NAME).symlink_to(home / DAY / NAME)
    (links / FOREIGN).symlink_to(outside / FOREIGN)
    (links / "passwords.jsonl").symlink_to("/etc/passwd")
    (home / "sessions" / "out").symlink_to(outside)
    (home / "alias").symlink_to(home / "sessions")
    (outside / "dangling.jsonl").symlink_to("nothing.jsonl")
    (outside / "loop.jsonl").symlink_to("loop.jsonl")
    (home / "archived_sessions" / NAME).symlink_to(outside / FOREIGN)


def _lay_oddities(home: Path, outside: Path) -> None:
    (home / "config.toml").write_text("")
    (home / "auth.json").write_text('{"OPENAI_API_KEY":"secret"}')
    (outside / "backup.jsonl").write_bytes(lines(thread_id=FOREIGN_ID))
    (outside / EMPTY).touch()
    os.mkfifo(outside / f"pipe-{NAME}")
    os.mkfifo(home / "sessions" / NAME)
    (home / "sessions" / "folder" / NAME).mkdir(parents=True)
    huge = outside / "huge" / FOREIGN
    huge.parent.mkdir()
    huge.write_bytes(lines(thread_id=FOREIGN_ID))
    os.truncate(huge, EXTERNAL_SIZE_MAX + 1)
    closed = outside / "closed"
    closed.mkdir()
    (closed / FOREIGN).write_bytes(lines(thread_id=FOREIGN_ID))
    closed.chmod(0)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(home / "sessions" / "s.jsonl"))


FORBIDDEN = Leads.FOREIGN if os.geteuid() == 0 else Leads.NOWHERE
"""Root reads whatever the modes say."""

Form = Callable[[Surroundings], str]

FORMS: dict[str, tuple[Form, Leads, Leads]] = {
    "absolute": (lambda at: at.thread, Leads.HOME, Leads.HOME),
    "below the home": (lambda at: f"{DAY}/{NAME}", Leads.HOME, Leads.HOME),
    "dot first": (lambda at: f"./{DAY}/{NAME}", Leads.HOME, Leads.NOWHERE),
    "dot inside": (lambda at: at.thread.replace("/05/", "/./05/"), Leads.HOME, Leads.NOWHERE),
    "two slashes": (lambda at: f"{DAY}//{NAME}", Leads.HOME, Leads.NOWHERE),
    "three slashes first": (lambda at: f"//{at.thread}", Leads.HOME, Leads.NOWHERE),
    "slash last": (lambda at: f"{at.thread}/", Leads.HOME, Leads.NOWHERE),
    "up and down": (lambda at: f"{DAY}/../01/{NAME}", Leads.HOME, Leads.NOWHERE),
    "up to the home": (lambda at: f"sessions/../{DAY}/{NAME}", Leads.HOME, Leads.NOWHERE),
    "out and in": (lambda at: f"../{at.home.name}/{DAY}/{NAME}", Leads.HOME, Leads.NOWHERE),
    "far up": (lambda at: "../" * 60 + at.thread.lstrip("/"), Leads.HOME, Leads.NOWHERE),
    "by the working directory": (lambda at: f"/proc/self/cwd/{DAY}/{NAME}", Leads.HOME, Leads.NOWHERE),
    "by the root": (lambda at: f"/proc/self/root{at.thread}", Leads.HOME, Leads.NOWHERE),
    "link to a thread": (lambda at: f"sessions/links/{NAME}", Leads.HOME, Leads.NOWHERE),
    "folder that is a link": (lambda at: f"alias/2026/05/01/{NAME}", Leads.HOME, Leads.NOWHERE),
    "another thread's file": (lambda at: f"{DAY}/{SECOND}", Leads.SECOND, Leads.NOWHERE),
    "foreign": (lambda at: f"{at.outside}/{FOREIGN}", Leads.FOREIGN, Leads.NOWHERE),
    "foreign, up": (lambda at: f"../outside/{FOREIGN}", Leads.FOREIGN, Leads.NOWHERE),
    "foreign, up from sessions": (
        lambda at: f"sessions/../../outside/{FOREIGN}",
        Leads.FOREIGN,
        Leads.NOWHERE,
    ),
    "foreign, by a link": (lambda at: f"sessions/links/{FOREIGN}", Leads.FOREIGN, Leads.NOWHERE),
    "foreign, by a linked folder": (lambda at: f"sessions/out/{FOREIGN}", Leads.FOREIGN, Leads.NOWHERE),
    "foreign, by a link of the archive": (
        lambda at: f"archived_sessions/{NAME}",
        Leads.FOREIGN,
        Leads.NOWHERE,
    ),
    "of the home, beside its folders": (lambda at: f"copies/{FOREIGN}", Leads.FOREIGN, Leads.NOWHERE),
    "packed, plain name": (lambda at: f"{at.outside}/{PACKED}", Leads.PACKED, Leads.NOWHERE),
    "packed": (lambda at: f"{at.outside}/{PACKED}.zst", Leads.PACKED, Leads.NOWHERE),
    "in a closed folder": (lambda at: f"{at.outside}/closed/{FOREIGN}", FORBIDDEN, Leads.NOWHERE),
}

NOWHERE: dict[str, Form] = {
    "nothing": lambda at: "",
    "root": lambda at: "/",
    "dot": lambda at: ".",
    "dots": lambda at: "..",
    "three dots": lambda at: "...",
    "tilde": lambda at: "~",
    "tilde's": lambda at: f"~/.codex/{DAY}/{NAME}",
    "variable": lambda at: f"$CODEX_HOME/{DAY}/{NAME}",
    "home": lambda at: str(at.home),
    "sessions": lambda at: "sessions",
    "sessions, slash": lambda at: "sessions/",
    "archive": lambda at: "archived_sessions",
    "absent": lambda at: f"sessions/2026/05/02/{NAME}",
    "absent, absolute": lambda at: f"{at.home}/sessions/{name_of(HOME_ID)}.jsonl",
    "absent, foreign": lambda at: f"{at.outside}/{NAME}",
    "zeros": lambda at: "/dev/zero",
    "null": lambda at: "/dev/null",
    "full": lambda at: "/dev/full",
    "terminal": lambda at: "/dev/tty",
    "random": lambda at: "/dev/random",
    "standard input": lambda at: "/dev/stdin",
    "descriptor 0": lambda at: "/proc/self/fd/0",
    "descriptor 1": lambda at: "/proc/self/fd/1",
    "descriptor 3": lambda at: "/proc/self/fd/3",
    "descriptor 99": lambda at: "/proc/self/fd/99",
    "descriptor of devices": lambda at: "/dev/fd/0",
    "memory": lambda at: "/proc/self/mem",
    "environment": lambda at: "/proc/self/environ",
    "passwords": lambda at: "/etc/passwd",
    "passwords, up": lambda at: "sessions/../../../../../../../../../../etc/passwd",
    "passwords, by a link": lambda at: "sessions/links/passwords.jsonl",
    "configuration": lambda at: "config.toml",
    "configuration, up": lambda at: "sessions/../config.toml",
    "secrets of the home": lambda at: "auth.json",
    "index": lambda at: "threadstore/index.sqlite",
    "names": lambda at: "session_index.jsonl",
    "no rollout's name": lambda at: f"{at.outside}/backup.jsonl",
    "empty file": lambda at: f"{at.outside}/{EMPTY}",
    "too large": lambda at: f"{at.outside}/huge/{FOREIGN}",
    "pipe": lambda at: f"sessions/{NAME}",
    "foreign pipe": lambda at: f"{at.outside}/pipe-{NAME}",
    "socket": lambda at: "sessions/s.jsonl",
    "folder with a rollout's name": lambda at: f"sessions/folder/{NAME}",
    "below a file": lambda at: f"{DAY}/{NAME}/{NAME}",
    "link to nothing": lambda at: f"{at.outside}/dangling.jsonl",
    "link to itself": lambda at: f"{at.outside}/loop.jsonl",
    "NUL": lambda at: "\0",
    "NUL behind": lambda at: f"{at.thread}\0",
    "NUL and an ending": lambda at: f"{at.outside}/backup.jsonl\0{NAME}",
    "5,000 characters": lambda at: "x" * 5000,
    "5,000 characters of folders": lambda at: "sessions/" + "a/" * 2500 + NAME,
    "a long name": lambda at: f"{DAY}/{'x' * 300}{NAME}",
    "dot behind": lambda at: f"{at.thread}.",
    "dots behind": lambda at: f"{at.thread}...",
    "blank behind": lambda at: f"{at.thread} ",
    "blank before": lambda at: f" {at.thread}",
    "line feed behind": lambda at: f"{at.thread}\n",
    "capitals": lambda at: at.thread.upper(),
    "a folder in capitals": lambda at: f"{DAY.upper()}/{NAME}",
    "a capital letter": lambda at: f"{DAY}/{NAME.replace('rollout', 'Rollout')}",
    "an id in capitals": lambda at: f"{DAY}/{name_of(HOME_ID.upper())}",
    "an ending in capitals": lambda at: f"{DAY}/{NAME.replace('.jsonl', '.JSONL')}",
    "percent signs": lambda at: f"%2e%2e/outside/{FOREIGN}",
    "a slash spelt": lambda at: f"..%2foutside%2f{FOREIGN}",
    "address of a file": lambda at: f"file://{at.thread}",
    "backslashes": lambda at: f"{DAY}/{NAME}".replace("/", "\\"),
    "backslashes, up": lambda at: "..\\..\\etc\\passwd",
    "drive": lambda at: "C:\\Windows\\win.ini",
    "wide dots": lambda at: f"\uff0e\uff0e/outside/{FOREIGN}",
    "wide slashes": lambda at: f"sessions\uff0f..\uff0f..\uff0foutside\uff0f{FOREIGN}",
    "turned round": lambda at: f"{DAY}/\u202e{NAME}",
    "composed otherwise": lambda at: f"{DAY}/{NAME}".replace("o", "o\u0308"),
    "escape": lambda at: f"\x1b]0;title\x07{NAME}",
    "wildcard": lambda at: f"{DAY}/*.jsonl",
    "question mark": lambda at: f"{DAY}/{NAME[:-1]}?",
    "quote": lambda at: f"{DAY}/'; DROP TABLE thread; --.jsonl",
}

FORMS |= {name: (form, Leads.NOWHERE, Leads.NOWHERE) for name, form in NOWHERE.items()}
