"""Forks of paginated threads: a new log that goes on from the source's, or a copy if none can name that."""

from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from api.clock import now_text
from api.commanding.storing import first_line
from api.context import Context
from domain.events import Payload
from domain.limits import BASES_MAX
from domain.log import OpenLog, RolloutPlace
from domain.thread.branch import BranchPoint, branch_head, interruption
from domain.thread.draft import Draft
from domain.thread.thread import Item, Thread
from domain.topics import HEAD
from projections.ending import Ending, ending
from rollout.joined.cutting import end_behind
from rollout.writing.flattening import Flattened, flatten_log


@dataclass(frozen=True, slots=True)
class _Source:
    """What is to be forked: how its log ends, and behind which byte; None when no line is the last."""

    place: RolloutPlace
    ending: Ending
    end_offset: int | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing counts but the log's head."""
        return self.ending.base_count == 0 and self.end_offset == self.ending.head_end


async def write_branch(
    context: Context, place: RolloutPlace, source_head: Payload, draft: Draft, path: str
) -> None:
    """Write the log of a fork of the paginated thread at this place, which has this head.

    FileNotFoundError, UnreadableThread or ThreadNotLoaded when the source is no more; ForkFailed or
    AppendFailed when the fork cannot be written.
    """

    def cut(source: OpenLog, found: Ending) -> _Source:
        return _Source(place, found, end_behind(source, found.last_ordinal))

    source = await context.engine.answer_at(place, ending, cut)
    told = await first_line(context, replace(draft, dynamic_tools=()))
    turn = source.ending.open_turn
    endings = () if turn is None else interruption(turn.turn_id, turn.started_at)
    if await _can_be_named(context, source):
        head = branch_head(told, source_head, _point(source))
        await _branch(context, UUID(draft.id), head, endings)
    else:
        copy = Flattened((HEAD, branch_head(told, source_head, None)), endings, now_text())
        await to_thread(flatten_log, context.engine.files.log, place.path, path, copy, context.durability)


async def _branch(context: Context, thread_id: UUID, head: Payload, endings: Sequence[Item]) -> None:
    """A log of this head and these lines."""
    await context.commands.run(
        thread_id,
        lambda thread: thread.append(endings, now_text()),
        begin=lambda: Thread.start(thread_id, head, now_text()),
    )


async def _can_be_named(context: Context, source: _Source) -> bool:
    """Whether the log is found by its rollout id, and how much of it counts can be said."""
    if source.end_offset is None or source.ending.base_count >= BASES_MAX:
        return False
    found = await context.engine.files.run(context.engine.files.find_log, source.place.rollout_id)
    return found is not None and found.state.is_same_file(source.place.state)


def _point(source: _Source) -> BranchPoint | None:
    """Where the fork goes on; None of a log that has its head alone and goes on from nothing."""
    assert source.end_offset is not None
    if source.is_empty:
        return None
    return BranchPoint(source.place.rollout_id, source.ending.last_ordinal + 1, source.end_offset)
