"""Items of the newer dialect in the shape of release 0.131.0."""

from typing import Any

import pytest

from domain.items.agents import AGENT_STATUSES, EFFORTS, TOOLS
from domain.items.canonical import KINDS, canonical_item, is_shown
from domain.items.commands import SOURCES, STATUSES
from domain.items.reviews import exited_review_mode
from domain.items.turn_error import turn_error
from domain.shapes.items import ITEM
from tests.domain.canonical_items import ALL, COLLAB, COMMAND, LEFT_OUT, SHOWN, finding, of, review
from tests.domain.paginated_log import folded, item, start

Json = dict[str, Any]

FAILED = "Reviewer failed to output a response."


@pytest.mark.parametrize(("told", "shown"), SHOWN, ids=lambda value: value["type"])
def test_an_item_is_shown_in_the_older_shape(told: Json, shown: Json) -> None:
    assert is_shown(told)
    assert canonical_item(told) == {"id": "i", **shown}


def test_every_kind_is_shown_somewhere() -> None:
    assert {told["type"] for told, _ in SHOWN} == {told["type"] for told in ALL} == set(KINDS)


@pytest.mark.parametrize("told", LEFT_OUT, ids=lambda told: told["type"])
def test_what_has_no_likeness_is_no_item(told: Json) -> None:
    assert ITEM(told)
    assert not is_shown(told)
    fields = {name: value for name, value in told.items() if name not in ("type", "id")}
    log = folded(start(), item(told["type"], "i", "t", **fields))
    assert log.told() == ["t interrupted:"]


@pytest.mark.parametrize("name", TOOLS)
def test_each_tool_that_reaches_agents_has_a_name(name: str) -> None:
    shown = canonical_item({**COLLAB, "tool": name})
    assert shown["tool"] in ("spawnAgent", "sendInput", "resumeAgent", "wait", "closeAgent")


@pytest.mark.parametrize("effort", [*sorted(EFFORTS), "ultra", None])
def test_an_effort_that_is_not_known_is_none(effort: str | None) -> None:
    shown = canonical_item({**COLLAB, "reasoning_effort": effort})
    assert shown["reasoningEffort"] == (effort if effort in EFFORTS else None)


@pytest.mark.parametrize(("state", "status"), AGENT_STATUSES.items())
def test_an_agent_may_be_told_by_a_word(state: str, status: str) -> None:
    (shown,) = canonical_item({**COLLAB, "agents_states": {COLLAB["sender_thread_id"]: state}})[
        "agentsStates"
    ].values()
    assert shown == {"status": status, "message": None}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("status", STATUSES)
def test_sources_and_statuses_of_commands_are_in_camel_case(source: str, status: str) -> None:
    shown = canonical_item({**COMMAND, "source": source, "status": status})
    assert (shown["source"], shown["status"]) == (SOURCES[source], STATUSES[status])


REVIEWS: list[tuple[Json | None, str]] = [
    (None, FAILED),
    (review(""), FAILED),
    (review(" \n "), FAILED),
    (review("  e\n"), "e"),
    (review("", finding()), "Review comment:\n\n- T — /p/a.py:1-2\n  B"),
    (
        review("e", finding("1", "x\ny"), finding("2", "")),
        "e\n\nFull review comments:\n\n- 1 — /p/a.py:1-2\n  x\n  y\n\n- 2 — /p/a.py:1-2",
    ),
    (review("", finding(body="x\r\n\r\ny\n")), "Review comment:\n\n- T — /p/a.py:1-2\n  x\n  \n  y"),
    (
        review("", finding(body="\n"), finding(body=" x ")),
        "Full review comments:\n\n- T — /p/a.py:1-2\n  \n\n- T — /p/a.py:1-2\n   x",
    ),
    (review("", finding(body="x\ry")), "Review comment:\n\n- T — /p/a.py:1-2\n  x\ry"),
]


@pytest.mark.parametrize(("output", "text"), REVIEWS)
def test_a_review_tells_what_was_found(output: Json | None, text: str) -> None:
    assert exited_review_mode("i", of("ExitedReviewMode", review_output=output))["review"] == text
    assert exited_review_mode("i", of("ExitedReviewMode"))["review"] == FAILED


INFOS: list[tuple[object, object]] = [
    (None, None),
    ("context_window_exceeded", "contextWindowExceeded"),
    ("usage_limit_exceeded", "usageLimitExceeded"),
    ("server_overloaded", "serverOverloaded"),
    ("cyber_policy", "cyberPolicy"),
    ("internal_server_error", "internalServerError"),
    ("unauthorized", "unauthorized"),
    ("bad_request", "badRequest"),
    ("thread_rollback_failed", "threadRollbackFailed"),
    ("sandbox_error", "sandboxError"),
    ("other", "other"),
    ("rate_limit_exceeded", "other"),
    ("of_the_future", "other"),
    ({"of_the_future": {"a": 1}}, "other"),
    ({"http_connection_failed": {"http_status_code": 5}}, {"httpConnectionFailed": {"httpStatusCode": 5}}),
    (
        {"response_stream_connection_failed": {"http_status_code": None}},
        {"responseStreamConnectionFailed": {"httpStatusCode": None}},
    ),
    ({"response_stream_disconnected": {}}, {"responseStreamDisconnected": {"httpStatusCode": None}}),
    (
        {"response_too_many_failed_attempts": {"http_status_code": 429}},
        {"responseTooManyFailedAttempts": {"httpStatusCode": 429}},
    ),
    (
        {"active_turn_not_steerable": {"turn_kind": "review"}},
        {"activeTurnNotSteerable": {"turnKind": "review"}},
    ),
]


@pytest.mark.parametrize(("info", "shown"), INFOS)
def test_an_error_tells_what_release_131_knows_of_it(info: object, shown: object) -> None:
    error = {"message": "m", "codex_error_info": info, "additional_details": "d", "misalignment": {}}
    assert turn_error({"error": error}) == {
        "message": "m",
        "codexErrorInfo": shown,
        "additionalDetails": None,
    }
    assert turn_error({"error": {"message": "m"}})["codexErrorInfo"] is None
