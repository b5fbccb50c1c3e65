"""Files that lists no longer show: each of them moved, and is followed, or is gone, and so is its thread.

A list row goes as soon as its file is not where it was. What became of the file is found out here, behind
that, so that the journal of changes tells a move as a move and a removal as a removal.
"""

from uuid import UUID

from api.files import Files
from api.indexing.keeper import IndexKeeper
from domain.rollout_name import read_rollout_name
from projections.changes import unlisted_paths


async def settle_vanished(files: Files, keeper: IndexKeeper) -> None:
    """Find out what became of every file that was folded and is listed no more."""
    for path in await keeper.ask(unlisted_paths()):
        told = read_rollout_name(path.rpartition("/")[2])
        if told is not None:
            await _follow(files, keeper, told.thread_id)
        await keeper.remove(path)


async def _follow(files: Files, keeper: IndexKeeper, thread_id: UUID) -> None:
    """Catch up with the thread where it is now: that notices a move."""
    place = await files.find(thread_id)
    if place is not None:
        await keeper.catch_up(place)
