"""The store of a home's threads beside an index that one thread of the service writes."""

from api.commanding.snapshots import IndexSnapshots
from api.indexing.index_view import IndexedCatalogue, IndexView
from domain.durability import Durability
from domain.thread.application import ThreadStore
from rollout.catalogue.counting import Counting
from rollout.finding.home import Home
from rollout.finding.paths import ThreadPaths
from rollout.log import RolloutLog
from rollout.recording.recorder import RolloutRecorder
from rollout.writing.held_paths import HeldPaths
from rollout.writing.thread_locks import ThreadLocks


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
    catalogue, log = IndexedCatalogue(), RolloutLog(home.plain)
    recorder = RolloutRecorder(
        view,
        paths,
        catalogue,
        durability=durability,
        counting=Counting(view, catalogue, log),
        locks=ThreadLocks(home),
    )
    return ThreadStore(recorder=recorder, snapshots=IndexSnapshots(view, paths.look, log))
