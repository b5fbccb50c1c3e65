"""A process that saves lines to one thread, beside others.

python -m tests.rollout.appender FOLDER NAME COUNT
"""

import sys
from pathlib import Path

from eventsourcing.persistence import IntegrityError

from tests.rollout.recorders import HEAD, THREAD, Place, events, message


def append(folder: str, name: str, count: int) -> None:
    """Saves that many messages of its own, each again until it is in."""
    place = Place(Path(folder))
    recorder = place.recorder()
    for number in range(count):
        is_saved = False
        while not is_saved:
            last = recorder.select_events(THREAD, desc=True, limit=1)
            version = last[0].originator_version + 1 if last else 1
            lines = [message(f"{name} {number}")] if last else [HEAD, message(f"{name} {number}")]
            try:
                recorder.insert_events(events(THREAD, version, *lines))
                is_saved = True
            except IntegrityError:
                continue
    place.database.close()


if __name__ == "__main__":
    append(sys.argv[1], sys.argv[2], int(sys.argv[3]))
