"""Turns on a server that runs no model: what can be refused is, and a turn that starts fails at once."""

import time
from functools import partial
from secrets import randbits

from api.clock import now_s
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

SENTENCE = "This server stores threads and runs no model; nothing was done with the message, nor stored."


async def start_turn(connection: Connection, params: Params) -> Followed:
    """A turn that fails as soon as it is told; nothing of it is stored."""
    context = connection.context
    check_input_size(params["input"])
    thread_id = parse_thread_id(params["threadId"])
    loaded(context, thread_id)
    check_turn_start(params)
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
    error = {"message": SENTENCE, "codexErrorInfo": None, "additionalDetails": None}
    failed = turn | {"status": "failed", "error": error, "completedAt": started_s, "durationMs": 0}
    told = (("turn/started", turn), ("turn/completed", failed))
    return Followed(
        {"turn": turn},
        [
            partial(
                context.hub.tell_subscribers, thread_id, method, {"threadId": str(thread_id), "turn": state}
            )
            for method, state in told
        ],
    )


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


async def shell_command(connection: Connection, params: Params) -> Result:
    """Refused: nothing is run here."""
    check_shell_command(params)
    loaded(connection.context, parse_thread_id(params["threadId"]))
    raise NoModel("running a command")


async def start_review(connection: Connection, params: Params) -> Result:
    """Refused: a review needs a model."""
    loaded(connection.context, parse_thread_id(params["threadId"]))
    check_review_target(params)
    raise NoModel("a review")


async def compact(connection: Connection, params: Params) -> Result:
    """Refused: a summary needs a model."""
    loaded(connection.context, parse_thread_id(params["threadId"]))
    raise NoModel("compaction")


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
