"""thread/goal/get, set and clear: what a thread is to reach."""

from asyncio import to_thread
from functools import partial
from uuid import UUID

from api.clock import now_ms
from api.context import Context
from api.handlers.describing import stored_place
from api.showing.shown import nothing, shown
from api.wire.connection import Connection, Followed, Params, Result
from domain.errors import EphemeralGoal, GoalsDisabled, RolloutNotFound, ThreadNotFound
from domain.ids import parse_thread_id
from domain.notes.goal import GoalChange


async def get_goal(connection: Connection, params: Params) -> Result:
    """The goal, null when there is none."""
    thread_id = await _checked(connection.context, params, is_stored=False)
    goal = (await to_thread(connection.context.noted.of, thread_id)).goal
    return {"goal": None if goal is None else goal.at_wire(thread_id)}


async def set_goal(connection: Connection, params: Params) -> Followed:
    """Begin or patch the goal; everyone with the experimental API is told."""
    context = connection.context
    thread_id = await _checked(context, params, is_stored=True)
    place = await stored_place(context, thread_id, is_active=True)
    found = await shown(context, place, nothing, with_turns=False, needs_head=False)
    goal = await to_thread(
        context.notes.set_goal,
        thread_id,
        GoalChange.of_params(params),
        now_ms(),
        has_preview=bool(found.thread["preview"]),
    )
    wire = goal.at_wire(thread_id)
    told = {"threadId": str(thread_id), "turnId": None, "goal": wire}
    return Followed({"goal": wire}, [partial(context.hub.tell_experimental, "thread/goal/updated", told)])


async def clear_goal(connection: Connection, params: Params) -> Followed:
    """Drop the goal; everyone with the experimental API is told if there was one."""
    context = connection.context
    thread_id = await _checked(context, params, is_stored=False)
    was_there = await to_thread(context.notes.clear_goal, thread_id, now_ms())
    told = {"threadId": str(thread_id)}
    after = [partial(context.hub.tell_experimental, "thread/goal/cleared", told)] if was_there else []
    return Followed({"cleared": was_there}, after)


async def goal_snapshot(context: Context, thread_id: UUID) -> list[partial[None]]:
    """What is told of the goal behind a resume, where goals are switched on."""
    if not context.engine.config.has_goals:
        return []
    goal = (await to_thread(context.noted.of, thread_id)).goal
    told: Result = {"threadId": str(thread_id)}
    if goal is None:
        return [partial(context.hub.tell_experimental, "thread/goal/cleared", told)]
    told |= {"turnId": None, "goal": goal.at_wire(thread_id)}
    return [partial(context.hub.tell_experimental, "thread/goal/updated", told)]


async def _checked(context: Context, params: Params, *, is_stored: bool) -> UUID:
    """The thread of the request: a stored one that is not archived, or one that gets stored for its goal."""
    if not context.engine.config.has_goals:
        raise GoalsDisabled
    thread_id = parse_thread_id(params["threadId"])
    live = context.live.get(thread_id)
    if live is not None and live.is_ephemeral:
        raise EphemeralGoal(str(thread_id))
    if live is not None and not live.is_stored and not is_stored:
        return thread_id
    try:
        if live is None or live.is_stored:
            await stored_place(context, thread_id, is_active=True)
    except RolloutNotFound:
        raise ThreadNotFound(str(thread_id)) from None
    return thread_id
