"""Many processes command the same threads: every acknowledged line is there once, whole and in its place."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random
from threading import Event, Thread
from uuid import UUID

from api.commanding.store import open_store
from api.indexing.index_view import IndexView
from domain.durability import Durability
from rollout.finding.home import Home
from tests.home import THREAD, IndexedHome, event, meta
from tests.properties.scale import times_longer

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 600

IS_LONG = times_longer() > 1
PROCESS_COUNT = 8 if IS_LONG else 3
THREAD_COUNT = 20 if IS_LONG else 4
LINES_EACH = 1000 if IS_LONG else 80
FOREIGN_COUNT = 2000 if IS_LONG else 100
FOREIGN_PAUSE_S = 0.001
CATCH_UP_EVERY = 10

THREADS = [UUID(int=THREAD.int + number) for number in range(THREAD_COUNT)]


class Foreigner(Thread):
    """A program that appends without a lock or a look, and one that keeps the index up."""

    def __init__(self, home: IndexedHome) -> None:
        super().__init__()
        self._home = home
        self.over = Event()
        self.count = 0

    def run(self) -> None:
        """Appends; the index follows now and then."""
        random = Random(1)
        while self.count < FOREIGN_COUNT and not self.over.wait(FOREIGN_PAUSE_S):
            thread_id = random.choice(THREADS)
            self._home.append(event("user_message", message=f"foreign {self.count}"), thread_id)
            self.count += 1
            if self.count % CATCH_UP_EVERY == 0:
                self._home.catch_up(thread_id)


def messages(path: Path) -> list[str]:
    """The texts of a file's lines, all of which are whole."""
    lines = path.read_bytes().splitlines()
    assert json.loads(lines[0])["type"] == "session_meta"
    return [json.loads(line)["payload"]["message"] for line in lines[1:]]


def test_commands_of_many_processes_lose_and_repeat_nothing(tmp_path: Path) -> None:
    home = IndexedHome(tmp_path)
    for thread_id in THREADS:
        home.write(meta(thread_id), thread_id)
        home.catch_up(thread_id)
    foreigner = Foreigner(home)
    command = [sys.executable, "-m", "tests.api.commander", str(tmp_path)]
    running = [
        subprocess.Popen(
            [*command, f"p{number}", str(LINES_EACH), "writing" if number % 4 == 1 else "reading"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESS_COUNT)
    ]
    foreigner.start()
    try:
        told = [process.communicate(timeout=TIMEOUT_S)[0] for process in running]
    except BaseException:
        foreigner.over.set()
        raise
    finally:
        foreigner.join()
    assert [process.returncode for process in running] == [0] * PROCESS_COUNT
    acknowledged = [text for one in told for text in one.splitlines()]
    assert len(acknowledged) == PROCESS_COUNT * LINES_EACH
    found = [text for thread_id in THREADS for text in messages(home.path_of(thread_id))]
    assert Counter(found) == Counter(
        [*acknowledged, *(f"foreign {number}" for number in range(FOREIGN_COUNT))]
    )
    view = IndexView(home.store.path)
    with open_store(Home.at(tmp_path), view, Durability.PROCESS) as store:
        for thread_id in THREADS:
            line_count = home.path_of(thread_id).read_bytes().count(b"\n")
            versions = [one.originator_version for one in store.recorder.select_events(thread_id)]
            assert versions == list(range(1, line_count + 1))
            assert store.thread(thread_id).version == line_count
            home.catch_up(thread_id)
            assert store.thread(thread_id).version == line_count
    view.close()
    home.close()
