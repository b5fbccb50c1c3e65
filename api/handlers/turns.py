"""Turns on a server that runs no model: what can be refused is, and a turn that starts fails at once."""

import time
from collections.abc import Callable
from functools import partial
from secrets import randbits
from uuid import UUID

from api.clock import now_s
from api.context import Context
from api.handlers.changing import loaded
from api.wire.connection import Connection, Followed, Params, Result
from domain.errors import NoActiveTurn, NoElicitation, NoModel
from domain.ids import new_thread_id, parse_thread_id
from domain.session.turn_checks import (
    check_input_size,
    check_review_target,
    check_shell_command,
    check_turn_start,
    check_turn_steer,
)

NO_MODEL = "This server stores threads and runs no model"


async def start_turn(connection: Connection, params: Params) -> Followed:
    """A turn that fails as soon as it is told; nothing of it is stored."""
    context = connection.context
    check_input_size(params["input"])
    thread_id = parse_thread_id(params["threadId"])
    loaded(context, thread_id)
    check_turn_start(params)
    turn, told = _failing_turn(context, thread_id, "nothing was done with the message, nor stored")
    return Followed({"turn": turn}, told)


def _failing_turn(context: Context, thread_id: UUID, what: str) -> tuple[Result, list[Callable[[], None]]]:
    """A turn that runs, and the telling that it began and that it failed.

    An error instead ends the terminal client (releases 0.131.0 and 0.169.0): for what it asks on the way to a
    turn it knows no refusal.
    """
    started_s = now_s()
    turn: Result = {
        "id": str(new_thread_id(int(time.time() * 1000), randbits(74))),
        "items": [],
        "itemsView": "notLoaded",
        "status": "inProgress",
        "error": None,
        "startedAt": started_s,
        "completedAt": None,
        "durationMs": None,
    }
    error = {"message": f"{NO_MODEL}; {what}.", "codexErrorInfo": None, "additionalDetails": None}
    failed = turn | {"status": "failed", "error": error, "completedAt": started_s, "durationMs": 0}
    told = (("turn/started", turn), ("turn/completed", failed))
    return turn, [
        partial(context.hub.tell_subscribers, thread_id, method, {"threadId": str(thread_id), "turn": state})
        for method, state in told
    ]


async def steer_turn(connection: Connection, params: Params) -> Result:
    """Refused: no turn is ever running."""
    loaded(connection.context, parse_thread_id(params["threadId"]))
    check_turn_steer(params)
    raise NoActiveTurn("steer")


async def interrupt_turn(connection: Connection, params: Params) -> Result:
    """Refused where a turn is named: none is ever running."""
    loaded(connection.context, parse_thread_id(params["threadId"]))
    if not params["turnId"]:
        return {}
    raise NoActiveTurn("interrupt")


async def shell_command(connection: Connection, params: Params) -> Followed:
    """Taken, as a turn that fails: nothing is run here."""
    check_shell_command(params)
    return _taken(connection, params, "the command was not run")


async def start_review(connection: Connection, params: Params) -> Followed:
    """A turn that fails; refused where the review was to have a thread of its own."""
    thread_id = parse_thread_id(params["threadId"])
    loaded(connection.context, thread_id)
    check_review_target(params)
    if params.get("delivery") == "detached":
        what = "a review"
        raise NoModel(what)
    turn, told = _failing_turn(connection.context, thread_id, "nothing was reviewed")
    return Followed({"turn": turn, "reviewThreadId": str(thread_id)}, told)


async def compact(connection: Connection, params: Params) -> Followed:
    """Taken, as a turn that fails: a summary needs a model."""
    return _taken(connection, params, "the thread was not compacted")


def _taken(connection: Connection, params: Params, what: str) -> Followed:
    """Taken without a word, with a turn that fails behind the answer."""
    thread_id = parse_thread_id(params["threadId"])
    loaded(connection.context, thread_id)
    return Followed({}, _failing_turn(connection.context, thread_id, what)[1])


async def clean_terminals(connection: Connection, params: Params) -> Result:
    """Done: there are no background terminals."""
    loaded(connection.context, parse_thread_id(params["threadId"]))
    return {}


async def count_elicitation(connection: Connection, params: Params) -> Result:
    """One elicitation more that is out with the user."""
    live = loaded(connection.context, parse_thread_id(params["threadId"]))
    live.elicitation_count += 1
    return {"count": live.elicitation_count, "paused": live.elicitation_count > 0}


async def discount_elicitation(connection: Connection, params: Params) -> Result:
    """One less; NoElicitation when there is none."""
    live = loaded(connection.context, parse_thread_id(params["threadId"]))
    if not live.elicitation_count:
        raise NoElicitation
    live.elicitation_count -= 1
    return {"count": live.elicitation_count, "paused": live.elicitation_count > 0}
