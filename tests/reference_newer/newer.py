"""The newer real server, kept from the network, and threads that it wrote."""

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.conformance.values import JsonObject, as_list, as_object
from tests.crash.served import Served
from tests.reference.sealed import PROXIES

CODEX_NEWER = os.environ.get("THREADSTORE_CODEX_NEWER", "")
REASON = "THREADSTORE_CODEX_NEWER names no codex binary of release 0.169.0"

REAL = Path(__file__).parents[1] / "data" / "real-0.169"
DAY = Path("sessions") / "2026" / "11" / "22"


@cache
def newer_command() -> tuple[str, ...]:
    """Its command: in a network of its own, else with proxies that lead nowhere."""
    unshare = shutil.which("unshare")
    if unshare is not None and subprocess.run([unshare, "-rn", "true"], check=False).returncode == 0:
        return unshare, "-rn", CODEX_NEWER, "app-server"
    return "env", *PROXIES, CODEX_NEWER, "app-server"


def newer_server(home: Path) -> Served:
    """The newer server on a home."""
    return Served(home, command=newer_command())


def lay_real(home: Path) -> list[str]:
    """Its own paginated logs, laid into a home; the ids of their threads."""
    folder = home / DAY
    folder.mkdir(parents=True)
    found = []
    for path in sorted(REAL.glob("*.jsonl")):
        head = json.loads(path.read_bytes().split(b"\n", 1)[0])["payload"]
        if head.get("history_mode") == "paginated" and head.get("history_base") is None:
            shutil.copy(path, folder)
            found.append(str(head["id"]))
    assert found
    return found


def path_of(thread: JsonObject) -> Path:
    """The path of a thread's current log."""
    return Path(str(thread["path"]))


def resumed(served: Served, thread_id: str) -> JsonObject:
    """The thread, loaded, with its turns."""
    return as_object(served.call("thread/resume", {"threadId": thread_id})["thread"])


def turns_of(thread: JsonObject) -> list[JsonObject]:
    """Its turns."""
    return list(map(as_object, as_list(thread["turns"])))


def ordinals(path: Path) -> list[int]:
    """The ordinals of a log whose every line has one."""
    return [json.loads(raw)["ordinal"] for raw in path.read_bytes().splitlines()]


def are_gapless(numbers: list[int]) -> bool:
    """Whether each is one more than the one before."""
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))
