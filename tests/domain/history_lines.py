"""Lines of one thread in short: what the tests of the fold are written in."""

from tests.home import Json, event, item, line

AGENT = event("agent_message", message="a")
COMPACTED = line("compacted", {"message": ""})
THOUGHT = event("agent_reasoning", text="t")
RAW_THOUGHT = event("agent_reasoning_raw_content", text="r")
TOKENS = event("token_count", info=None, rate_limits=None)
ANSWER = item("message", role="assistant", content=[{"type": "output_text", "text": "a"}])


def user(text: str = "u", **fields: object) -> bytes:
    """A user message."""
    return event("user_message", message=text, **fields)


def start(turn_id: str = "t", **fields: object) -> bytes:
    """The start of a turn."""
    return event("task_started", turn_id=turn_id, **fields)


def end(turn_id: str = "t", **fields: object) -> bytes:
    """The completion of a turn."""
    return event("task_complete", turn_id=turn_id, **fields)


def abort(turn_id: str | None = None, reason: str = "interrupted", **fields: object) -> bytes:
    """The abortion of a turn."""
    return event("turn_aborted", turn_id=turn_id, reason=reason, **fields)


def rollback(turns: int) -> bytes:
    """A rollback."""
    return event("thread_rolled_back", num_turns=turns)


def patch(call_id: str = "c", **fields: object) -> bytes:
    """The end of a patch, without a turn id unless one is given."""
    fields = {"stdout": "", "stderr": "", "success": True, "changes": {}, "status": "completed"} | fields
    return event("patch_apply_end", call_id=call_id, **fields)


def search(call_id: str = "c", query: str = "q") -> bytes:
    """The end of a web search."""
    return event("web_search_end", call_id=call_id, query=query, action={"type": "search"})


def mcp(call_id: str = "c") -> bytes:
    """The end of an MCP call."""
    fields: Json = {"invocation": {"server": "s", "tool": "t"}, "duration": {"secs": 0, "nanos": 0}}
    return event("mcp_tool_call_end", call_id=call_id, result={"Err": "e"}, **fields)


def image(call_id: str = "c") -> bytes:
    """The end of an image generation."""
    return event("image_generation_end", call_id=call_id, status="s", result="r")


def plan(item_id: str = "p", turn_id: str = "t", text: str = "x", kind: str = "Plan") -> bytes:
    """The completion of a plan."""
    thread_id = "0196f0aa-0000-7000-8000-000000000001"
    told = {"type": kind, "id": item_id, "text": text}
    return event("item_completed", thread_id=thread_id, turn_id=turn_id, item=told)


def hook(item_id: str | None = "h", *texts: str) -> bytes:
    """A user message of hook prompts."""
    texts = texts or ('<hook_prompt hook_run_id="r">t</hook_prompt>',)
    content = [{"type": "input_text", "text": text} for text in texts]
    return item("message", role="user", content=content, **({} if item_id is None else {"id": item_id}))
