"""Several processes save to one thread: every line is whole, is there once, and has one position."""

import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

from tests.rollout.recorders import HEAD, OTHER_THREAD, THREAD, Place, message

PROCESSES = 4
SAVES = 40
ROOT = Path(__file__).parents[2]


def test_writers_in_four_processes_lose_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.rollout.appender", str(tmp_path)]
    running = [
        subprocess.Popen([*command, f"p{number}", str(SAVES)], cwd=ROOT) for number in range(PROCESSES)
    ]
    assert [process.wait(60) for process in running] == [0] * PROCESSES
    place = Place(tmp_path)
    lines = place.lines()
    assert lines[0] == HEAD + b"\n"
    assert sorted(lines[1:]) == sorted(
        message(f"p{process} {number}") + b"\n" for process in range(PROCESSES) for number in range(SAVES)
    )
    recorder = place.recorder()
    found = recorder.select_events(THREAD)
    assert [event.originator_version for event in found] == list(range(1, len(lines) + 1))
    notifications = recorder.select_notifications(None, 10 * len(lines))
    assert [(one.id, one.originator_version) for one in notifications] == [
        (number, number) for number in range(1, len(lines) + 1)
    ]
    place.database.close()


def test_a_program_without_locks_at_the_same_time_loses_nothing_either(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(HEAD)
    is_over = Event()
    written = 0

    def write() -> None:
        nonlocal written
        while not is_over.is_set():
            place.write(message(f"foreign {written}"))
            written += 1
            is_over.wait(0.0005)

    writer = Thread(target=write)
    writer.start()
    try:
        command = [sys.executable, "-m", "tests.rollout.appender", str(tmp_path), "ours", str(SAVES)]
        assert subprocess.run(command, cwd=ROOT, timeout=60, check=True).returncode == 0
    finally:
        is_over.set()
        writer.join()
    found = [event.state for event in place.recorder().select_events(THREAD)]
    ours = [message(f"ours {number}") for number in range(SAVES)]
    assert [raw for raw in found if raw in set(ours)] == ours
    assert len(found) == 1 + SAVES + written
    notifications = place.recorder().select_notifications(None, 10 * len(found))
    assert [one.id for one in notifications] == list(range(1, len(found) + 1))
    assert OTHER_THREAD not in {one.originator_id for one in notifications}
    place.database.close()
