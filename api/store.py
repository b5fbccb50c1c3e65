"""The store of a home's threads beside an index that one thread of the service writes."""

from api.index_view import IndexedCatalogue, IndexView
from api.snapshots import IndexSnapshots
from domain.application import ThreadStore
from domain.durability import Durability
from rollout.counting import Counting
from rollout.held_paths import HeldPaths
from rollout.home import Home
from rollout.log import RolloutLog
from rollout.paths import ThreadPaths
from rollout.recorder import RolloutRecorder


def open_store(
    home: Home,
    view: IndexView,
    durability: Durability = Durability.DISK,
    thread_paths: ThreadPaths | None = None,
) -> ThreadStore:
    """The threads of this home, to be commanded; the index is read through the view and never written.

    The view is the caller's to close, after the store.
    """
    paths = HeldPaths(thread_paths or ThreadPaths(home))
    catalogue, log = IndexedCatalogue(), RolloutLog()
    recorder = RolloutRecorder(
        view, paths, catalogue, durability=durability, counting=Counting(view, catalogue, log)
    )
    return ThreadStore(recorder=recorder, snapshots=IndexSnapshots(view, paths.look, log))
