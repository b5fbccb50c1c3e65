"""What there is to do until the index of a home is complete: files by what has to be done with them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from api.filling.batches import Batch, Kind, plan_batches
from domain.limits import WORKERS_FILES_MIN, WORKERS_SIZE_MIN
from domain.log import RolloutPlace
from projections.coverage import Covered


@dataclass(frozen=True, slots=True)
class Work:
    """The files of a home, newest first, by what is to be done.

    `unlisted` have no list row, the newest by start first. The rest are sorted by modification time:
    `unfolded` are not known at all, `changed` go on from what is known of them or of a former path,
    `done` are as they were at the last fold.
    """

    unlisted: Sequence[RolloutPlace]
    unfolded: Sequence[RolloutPlace]
    changed: Sequence[RolloutPlace]
    done: Sequence[RolloutPlace]

    @classmethod
    def of(cls, places: Iterable[RolloutPlace], covered: Mapping[str, Covered]) -> "Work":
        """The work that is left when so much is covered."""
        found = sorted(places, key=lambda place: place.state.mtime_ns, reverse=True)
        unfolded, changed, done = [], [], []
        threads = {file.thread_id for file in covered.values() if file.state is not None}
        for place in found:
            file = covered.get(place.path)
            is_unknown = file is None or not (file.state or file.line_count)
            if file is not None and file.state == place.state.text():
                done.append(place)
            elif is_unknown and str(place.thread_id) not in threads:
                unfolded.append(place)
            else:
                changed.append(place)
        unlisted = [place for place in found if (file := covered.get(place.path)) is None or not file.has_row]
        unlisted.sort(key=lambda place: place.started_s, reverse=True)
        return cls(unlisted, unfolded, changed, done)

    @property
    def is_much(self) -> bool:
        """Whether worker processes are worth their start."""
        if max(len(self.unfolded), len(self.unlisted)) >= WORKERS_FILES_MIN:
            return True
        return sum(place.state.size for place in self.unfolded) >= WORKERS_SIZE_MIN

    def batches(self) -> Iterator[Batch]:
        """What workers can do: list rows before turns."""
        return chain(plan_batches(Kind.HEADS, self.unlisted), plan_batches(Kind.TURNS, self.unfolded))
