"""Fixed lines that the strategies strew between the others: passed over, ignored, outdated, damaged.

What is drawn from here costs one choice, so that logs stay small for hypothesis and can be many.
"""

import json

from domain.limits import LINE_NESTING_MAX
from tests.home import THREAD, TIME, Json, event, item, line, meta

USER_LINE = event("user_message", message="whole")
SAID = [{"type": "output_text", "text": "said"}]
USAGE = dict.fromkeys(
    (
        "input_tokens",
        "cached_input_tokens",
        "output_tokens",
        "reasoning_output_tokens",
        "total_tokens",
    ),
    7,
)
TURN_CONTEXT: Json = {
    "cwd": "/srv/demo",
    "approval_policy": "never",
    "sandbox_policy": {"type": "read-only"},
    "model": "m",
    "summary": "auto",
}
EXEC = {"type": "exec", "command": ["ls"]}
GOAL: Json = {
    "threadId": str(THREAD),
    "objective": "o",
    "status": "active",
    "tokensUsed": 1,
    "timeUsedSeconds": 1,
    "createdAt": 1,
    "updatedAt": 1,
}


def nested(levels: int) -> object:
    """Lists inside of each other, so many."""
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


def mcp_with(levels: int) -> bytes:
    """An MCP call whose line nests so deep in all: three levels are the line, the payload, the invocation."""
    return event(
        "mcp_tool_call_end",
        call_id="deep",
        invocation={"server": "s", "tool": "t", "arguments": nested(levels - 3)},
        duration={"secs": 0, "nanos": 0},
        result={"Err": "e"},
    )


PASSED_OVER = (
    item("reasoning", summary=[{"type": "summary_text", "text": "s"}], content=None, encrypted_content="e"),
    item("function_call", name="shell", arguments="{}", call_id="c1"),
    item("function_call_output", call_id="c1", output="done"),
    item("custom_tool_call", status="completed", call_id="c1", name="apply_patch", input="i"),
    item("custom_tool_call_output", call_id="c1", output="done"),
    item("web_search_call", status="completed", action={"type": "search", "query": "q"}),
    item("local_shell_call", call_id="c1", status="completed", action=EXEC),
    item("tool_search_call", call_id=None, execution="client", arguments={}),
    item("tool_search_output", call_id=None, status="completed", execution="client", tools=[]),
    item("message", role="assistant", content=SAID),
    item("message", role="developer", content=[{"type": "input_text", "text": "rules"}]),
    event("token_count", info=None, rate_limits=None),
    event("token_count", info={"total_token_usage": USAGE, "last_token_usage": USAGE}, rate_limits=None),
    line("turn_context", TURN_CONTEXT),
)
"""Kept lines that the first bytes tell to be of no use to the history; they count all the same."""

LOOKALIKES = (
    item("reasoning"),
    item("function_call", name="shell", arguments={}, call_id="c1"),
    item("function_call_output", call_id="c1", output=5),
    item("function_call_output", call_id="c1", output=nested(LINE_NESTING_MAX)),
    item("message", role="assistant", content="said"),
    item("message", role="assistant", content=[{"type": "refusal", "text": "no"}]),
    item("message", role="developer"),
    item("web_search_call", action={"query": "q"}),
    event("token_count", info={}, rate_limits=None),
    event("token_count", info=5),
    line("turn_context", {"cwd": "/srv/demo"}),
    line("turn_context", TURN_CONTEXT | {"summary": "loud"}),
    item("reasoning", summary=[], note=float("nan")),
    item("reasoning", summary=[])[:-2] + b"\n",
    event("token_count", info=None)[:-2] + USER_LINE,
    event("token_count", info=None)[:-1] + USER_LINE,
    item("function_call_output", call_id="c1", output="a\0b").replace(b"\\u0000", b"\0"),
)
"""Lines that begin as the above do, and are not kept: they must not count."""

WITHOUT_EFFECT = (
    item("message", role="user", content=[{"type": "input_text", "text": "<environment_context/>"}]),
    item("message", role="user", content=[]),
    item("message", role="User", content=[{"type": "input_text", "text": "hello"}]),
    item("message", role="assistant2", content=[]),
    item("compaction", encrypted_content="e"),
    item("context_compaction"),
    item("image_generation_call", id="i", status="completed", result="r"),
    event("thread_goal_updated", threadId=str(THREAD), goal=GOAL),
)
"""Kept lines without effect whose first bytes do not tell it."""

NOT_KEPT = (
    item("ghost_snapshot", ghost_commit={"id": "1", "preexisting_untracked_files": []}),
    item("compaction_trigger"),
    item("other"),
    item("novelty", text="x"),
    event("error", message="failed"),
    event("warning", message="careful"),
    event("stream_error", message="again"),
    event("view_image_tool_call", call_id="c1", path="/srv/a.png"),
    event("agent_message_content_delta", thread_id=str(THREAD), turn_id="t1", item_id="i", delta="d"),
    event("item_completed", thread_id=str(THREAD), turn_id="t1", item={"type": "Reasoning", "id": "r"}),
    event("shutdown_complete"),
    event("thread_name_updated", thread_id=str(THREAD), thread_name="n"),
    event("background_event", message="m"),
    line("world_state", {"type": "user_message", "message": "no"}),
    line("dynamic_tools_updated", {}),
)
"""Lines that the Limited policy would not have written, and unknown ones."""

OUTDATED = (
    event("task_started"),
    event("task_started", model_context_window=None),
    event("task_complete", last_agent_message=None),
    event("turn_aborted", turn_id="t1"),
    event("turn_aborted", reason="bored"),
    event("web_search_end", call_id="c1", query="q"),
    event("web_search_end", call_id="c1", query="q", action=None),
    event("patch_apply_end", call_id="c1", stdout="", stderr="", success=True, changes={}),
    event(
        "patch_apply_end",
        call_id="c1",
        stdout="",
        stderr="",
        success=True,
        changes={"a": {"add": {"content": "x"}}},
        status="completed",
    ),
    event("user_message", message="hi", local_images=None),
    event("user_message", message="hi", text_elements=None),
    event("user_message", text="hi"),
    event("user_message", message=None),
    event("agent_message", message=5),
    event("agent_message", message="hi", phase="final"),
    event("agent_reasoning", text=None),
    event("context_compacted", message="m"),
    event("entered_review_mode", prompt="p", user_facing_hint="h"),
    event("exited_review_mode", review_output={"findings": []}),
    event("thread_rolled_back", num_turns=-1),
    event("thread_rolled_back", num_turns=1.0),
    event("thread_rolled_back", num_turns=2**32),
    event("thread_rolled_back", num_turns="1"),
    event("task_started", turn_id="t1", started_at=10**30),
    event("task_started", turn_id="t1", started_at=1.5),
    event("task_complete", turn_id="t1", duration_ms="5"),
    line("compacted", {}),
    line("compacted", {"message": "m", "replacement_history": [{"role": "user"}]}),
    meta(source=None),
    meta(cwd=None),
    meta(thread_source="moon"),
    json.dumps({"id": str(THREAD), "timestamp": TIME, "instructions": None}).encode() + b"\n",
    b'{"record_type":"state"}\n',
)
"""Shapes of other releases, and wrong ones: the line is dropped."""

DAMAGED = (
    b"\n",
    b"   \t\n",
    b"\r\n",
    b"garbage\n",
    b"{}\n",
    b"[]\n",
    b"null\n",
    b"5\n",
    b'"user_message"\n',
    b"\0" * 40 + b"\n",
    b"[" + USER_LINE[:-1] + b"]\n",
    USER_LINE[:-2] + b",}\n",
    USER_LINE[:-1] + b" // seen\n",
    USER_LINE[:-1] + USER_LINE,
    USER_LINE[:30] + USER_LINE,
    USER_LINE[9:],
    b"\xef\xbb\xbf" + USER_LINE,
    b"\x0c" + USER_LINE,
    b"\xc2\xa0" + USER_LINE,
    USER_LINE.replace(b'"timestamp":', b'"time":'),
    USER_LINE.replace(f'"{TIME}"'.encode(), b"1777629600"),
    USER_LINE.replace(b"whole", b"a\x01b"),
    USER_LINE.replace(b"whole", b"\\ud800"),
    USER_LINE.replace(b"whole", b"\\x41"),
    USER_LINE.replace(b'"whole"', b'"whole","note":NaN'),
    USER_LINE.replace(b'"whole"', b'"whole","note":-Infinity'),
    USER_LINE.replace(b'"whole"', b'"whole","note":1e400'),
    USER_LINE.replace(b'"whole"', b'"whole","note":01'),
    USER_LINE.replace(b'"whole"', b'"whole","note":' + b"9" * 310),
    USER_LINE.replace(b'"whole"', b'"whole","note":' + b"9" * 5000),
    USER_LINE.replace(b'"whole"', b'"whole","note":' + b"[" * 3000 + b"]" * 3000),
    USER_LINE.replace(b'"whole"', b"'whole'"),
    mcp_with(LINE_NESTING_MAX + 1),
)
"""Lines that are no record."""

FOREIGN = (
    USER_LINE.replace(b'{"timestamp"', b'{"type":"compacted","timestamp"'),
    USER_LINE.replace(b'"whole"', b'"first","message":"last"'),
    USER_LINE.replace(b'"whole"', b'"\\u0000\\ud83d\\ude00"'),
    USER_LINE.replace(b'"whole"', b'"whole","note":' + b"9" * 300),
    USER_LINE.replace(b'"whole"', b'"whole","note":[{"}]":"\\\\"}]'),
    USER_LINE.replace(TIME.encode(), b""),
    USER_LINE.replace(TIME.encode(), b"yesterday, about noon it was"),
    USER_LINE.replace(b'"whole"', b'"whole","note":"' + b"[" * 300 + b'"'),
    b" \t " + USER_LINE[:-1] + b" \r\n",
    mcp_with(LINE_NESTING_MAX),
    event("turn_started", turn_id="t1"),
    event("turn_complete", turn_id="t1", completed_at=5),
    event("task_started", turn_id="t1", collaboration_mode_kind="pair_programming"),
)
"""Records of an odd form, kept for all that."""

NOT_UTF8 = (
    b"\xff\xfe\n",
    USER_LINE.replace(b"whole", b"\xff"),
    USER_LINE.replace(b"whole", b"\xed\xa0\x80"),
    USER_LINE.replace(b"whole", b"\xc0\x80"),
    item("reasoning", summary=[], note="whole").replace(b"whole", b"\xff"),
    event("token_count", info=None, note="whole").replace(b"whole", b"\xe2\x82"),
)
"""Bytes that cost release 0.131.0 the whole file, and us a line."""

POOLS = {
    "passed over": PASSED_OVER,
    "like passed over": LOOKALIKES,
    "without effect": WITHOUT_EFFECT,
    "not kept": NOT_KEPT,
    "outdated": OUTDATED,
    "damaged": DAMAGED,
    "foreign": FOREIGN,
    "not UTF-8": NOT_UTF8,
}
