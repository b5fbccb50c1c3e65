"""The payload of a kept line in the spelling of release 0.131.0: defaults written, needless nulls left out.

Which ones was asked of that release, by forking threads that hold every kind of line. What it does not
know itself, newer fields above all, stays; only a session_meta is made anew of the fields it knows. Response
items stay as they are: nobody reads their defaults.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain.paths import absolute
from domain.rollout_name import written_uuid
from domain.shapes.compacted import is_ghost_snapshot
from domain.thread.session_meta import git_of, normal_head

Payload = dict[str, Any]
Change = Callable[[Any], Any]

NANOS_PER_SECOND = 10**9


def normal_payload(topic: str, payload: Payload) -> Payload:
    """The payload of a kept line with this topic as that release writes it."""
    change = FORMS.get(topic)
    told: Payload = payload if change is None else change(payload)
    name = topic.partition(":")[2]
    return {"type": name} | told | {"type": name} if name and told["type"] != name else told


def _form(
    defaults: Mapping[str, object] | None = None, optional: str = "", **inner: Change
) -> Callable[[Payload], Payload]:
    """A record: what absent fields are written as, which are left out when null, how some look inside."""
    left_out = frozenset(optional.split())
    written = dict(defaults or {})

    def normal(record: Payload) -> Payload:
        told = record
        if left_out and None in record.values():
            told = {
                name: value for name, value in record.items() if value is not None or name not in left_out
            }
        if not written.keys() <= told.keys():
            told = told | {name: value for name, value in written.items() if name not in told}
        for name, change in inner.items():
            value = told.get(name)
            if value is not None and (changed := change(value)) != value:
                told = told | {name: changed}
        return told

    return normal


def _each(change: Change) -> Change:
    return lambda values: [change(value) for value in values]


def _nulls(names: str) -> dict[str, object]:
    return dict.fromkeys(names.split())


def _session_meta(payload: Payload) -> Payload:
    told = normal_head(payload, payload.get("memory_mode") or "", git_of(payload))
    if payload.get("memory_mode") is None:
        del told["memory_mode"]
    return told


def _mode(mode: str) -> str:
    return mode if mode == "plan" else "default"


def _without_ghosts(history: list[Payload]) -> list[Payload]:
    return [item for item in history if not is_ghost_snapshot(item)]


def _duration(duration: dict[str, int]) -> dict[str, int]:
    more, nanos = divmod(duration["nanos"], NANOS_PER_SECOND)
    return {"secs": duration["secs"] + more, "nanos": nanos}


def _uuid(text: str) -> str:
    return str(written_uuid(text))


def _path(path: str) -> str:
    return absolute(path, "/")


def _target(target: Payload) -> Payload:
    return target if target["type"] != "commit" else {"title": None} | target


def _changes(changes: dict[str, Payload]) -> dict[str, Payload]:
    return {
        path: change if change["type"] != "update" else {"move_path": None} | change
        for path, change in changes.items()
    }


_WEB_ACTION = _form(optional="query queries url pattern")
_LIMIT_WINDOW = _form(_nulls("window_minutes resets_at"))

FORMS: dict[str, Change] = {
    "session_meta": _session_meta,
    "turn_context": _form(
        optional="turn_id trace_id current_date timezone user_instructions developer_instructions"
        " permission_profile file_system_sandbox_policy network personality collaboration_mode"
        " realtime_active effort final_output_json_schema truncation_policy"
    ),
    "compacted": _form(optional="replacement_history", replacement_history=_without_ghosts),
    "event_msg:user_message": _form(
        {"local_images": [], "text_elements": []},
        optional="images",
        text_elements=_each(_form(_nulls("placeholder"))),
    ),
    "event_msg:agent_message": _form(_nulls("phase memory_citation")),
    "event_msg:task_started": _form(
        {"model_context_window": None, "collaboration_mode_kind": "default"},
        optional="started_at",
        collaboration_mode_kind=_mode,
    ),
    "event_msg:task_complete": _form(
        _nulls("last_agent_message"), optional="completed_at duration_ms time_to_first_token_ms"
    ),
    "event_msg:turn_aborted": _form(_nulls("turn_id"), optional="completed_at duration_ms"),
    "event_msg:entered_review_mode": _form(optional="user_facing_hint", target=_target),
    "event_msg:exited_review_mode": _form(_nulls("review_output")),
    "event_msg:mcp_tool_call_end": _form(
        optional="mcp_app_resource_uri",
        invocation=_form(_nulls("arguments")),
        duration=_duration,
        result=_form(Ok=_form(optional="structuredContent isError _meta")),
    ),
    "event_msg:web_search_end": _form(action=_WEB_ACTION),
    "event_msg:image_generation_end": _form(optional="revised_prompt saved_path", saved_path=_path),
    "event_msg:patch_apply_end": _form({"turn_id": "", "changes": {}}, changes=_changes),
    "event_msg:item_completed": _form({"completed_at_ms": 0}, thread_id=_uuid),
    "event_msg:token_count": _form(
        _nulls("info rate_limits"),
        info=_form(_nulls("model_context_window")),
        rate_limits=_form(
            _nulls("limit_id limit_name primary secondary credits plan_type rate_limit_reached_type"),
            primary=_LIMIT_WINDOW,
            secondary=_LIMIT_WINDOW,
            credits=_form(_nulls("balance")),
        ),
    ),
    "event_msg:thread_goal_updated": _form(
        optional="turnId", threadId=_uuid, goal=_form(optional="tokenBudget", threadId=_uuid)
    ),
}
"""What has something to spell out; all other kinds stand as they are."""
