"""What the items of `item_completed` lines must look like in the newer dialect, by their type.

Compared with release 0.169.0 field by field. Only kinds that have a counterpart in release 0.131.0 are
looked into: of the others nothing is shown.
"""

from domain.file_uri import read_file_uri
from domain.shapes.checks import (
    Check,
    Fields,
    absolute_path,
    anything,
    boolean,
    either,
    i32,
    list_of,
    map_of,
    nullable,
    one_of,
    record,
    string,
    tagged,
    uuid,
)
from domain.shapes.events import MEMORY_CITATION, TEXT_ELEMENT
from domain.shapes.review import REVIEW_OUTPUT, TARGET
from domain.shapes.shared import PHASE, WEB_ACTION
from domain.shapes.tool_events import FILE_CHANGE, MCP_RESULT, duration


def file_uri(value: object) -> bool:
    """A URI of a file; a plain path is none."""
    return type(value) is str and read_file_uri(value) is not None


DETAIL = nullable(one_of("auto", "low", "high", "original"))

IMAGE = either(
    record({"image_url": string}, {"detail": DETAIL}), record({"file_id": string}, {"detail": DETAIL})
)
"""An image by its address or by the id of a file."""


NAMED_PATH = record({"name": string, "path": string})

USER_INPUT = tagged(
    "type",
    {
        "text": record({"text": string}, {"text_elements": list_of(TEXT_ELEMENT)}),
        "image": IMAGE,
        "local_image": record({"path": string}, {"detail": DETAIL}),
        "skill": NAMED_PATH,
        "mention": NAMED_PATH,
        "audio": record({"audio_url": string}),
        "local_audio": record({"path": string}),
    },
)

COMMAND_PART = tagged(
    "type",
    {
        "read": record({"cmd": string, "name": string, "path": string}),
        "list_files": record({"cmd": string}, {"path": nullable(string)}),
        "search": record({"cmd": string}, {"query": nullable(string), "path": nullable(string)}),
        "unknown": record({"cmd": string}),
    },
)

TOOL_CONTENT = tagged(
    "type",
    {
        "inputText": record({"text": string}),
        "inputImage": record({"imageUrl": string}),
        "inputAudio": record({"audioUrl": string}),
    },
)


def effort(value: object) -> bool:
    """The name of an effort, known or not."""
    return type(value) is str and value != ""


AGENT_STATUSES = ("pending_init", "running", "interrupted", "shutdown", "not_found")


RECEIVER = record({"thread_id": uuid}, {"agent_nickname": nullable(string), "agent_role": nullable(string)})


def agents_states(value: object) -> bool:
    """How each agent is, by its thread's id."""
    return type(value) is dict and all(map(uuid, value)) and all(map(agent_status, value.values()))


def agent_status(value: object) -> bool:
    """How an agent is: a word, or how it ended with what it said."""
    return one_of(*AGENT_STATUSES)(value) or (
        type(value) is dict
        and len(value) == 1
        and (nullable(string)(value.get("completed", 0)) or string(value.get("errored")))
    )


AGENT_TOOLS = one_of(
    "spawn_agent",
    "send_input",
    "resume_agent",
    "wait",
    "close_agent",
    "send_message",
    "followup_task",
    "interrupt_agent",
    "list_agents",
)

FIELDS: dict[str, tuple[Fields, Fields]] = {
    "UserMessage": ({"content": list_of(USER_INPUT)}, {"client_id": nullable(string)}),
    "AgentMessage": (
        {"content": list_of(tagged("type", {"Text": record({"text": string})}))},
        {"phase": nullable(PHASE), "memory_citation": nullable(MEMORY_CITATION)},
    ),
    "Reasoning": ({"summary_text": list_of(string)}, {"raw_content": list_of(string)}),
    "Plan": ({"text": string}, {}),
    "HookPrompt": ({"fragments": list_of(record({"text": string, "hookRunId": string}))}, {}),
    "CommandExecution": (
        {
            "command": list_of(string),
            "cwd": file_uri,
            "parsed_cmd": list_of(COMMAND_PART),
            "source": one_of("agent", "user_shell", "unified_exec_startup", "unified_exec_interaction"),
            "status": one_of("completed", "failed", "declined", "in_progress"),
        },
        {
            "process_id": nullable(string),
            "aggregated_output": nullable(string),
            "interaction_input": nullable(string),
            "exit_code": nullable(i32),
            "duration": nullable(duration),
        },
    ),
    "FileChange": (
        {"changes": map_of(FILE_CHANGE)},
        {
            "status": nullable(one_of("completed", "failed", "declined")),
            "auto_approved": nullable(boolean),
            "stdout": nullable(string),
            "stderr": nullable(string),
        },
    ),
    "McpToolCall": (
        {
            "server": string,
            "tool": string,
            "arguments": anything,
            "status": one_of("inProgress", "completed", "failed"),
        },
        {
            "mcpAppResourceUri": nullable(string),
            "pluginId": nullable(string),
            "result": nullable(MCP_RESULT),
            "error": nullable(record({"message": string})),
            "duration": nullable(duration),
        },
    ),
    "DynamicToolCall": (
        {"tool": string, "arguments": anything, "status": one_of("in_progress", "completed", "failed")},
        {
            "namespace": nullable(string),
            "content_items": nullable(list_of(TOOL_CONTENT)),
            "success": nullable(boolean),
            "error": nullable(string),
            "duration": nullable(duration),
        },
    ),
    "CollabAgentToolCall": (
        {
            "tool": AGENT_TOOLS,
            "status": one_of("in_progress", "completed", "failed", "interrupted"),
            "sender_thread_id": uuid,
        },
        {
            "receiver_thread_ids": list_of(uuid),
            "prompt": nullable(string),
            "model": nullable(string),
            "reasoning_effort": nullable(effort),
            "receiver_agents": list_of(RECEIVER),
            "agents_states": agents_states,
        },
    ),
    "WebSearch": ({"query": string, "action": WEB_ACTION}, {"results": nullable(list_of(anything))}),
    "ImageView": ({"path": file_uri}, {}),
    "ImageGeneration": (
        {"status": string, "result": string},
        {"revised_prompt": nullable(string), "saved_path": nullable(absolute_path)},
    ),
    "ContextCompaction": ({}, {}),
    "EnteredReviewMode": ({"target": TARGET, "user_facing_hint": string}, {}),
    "ExitedReviewMode": ({}, {"review_output": nullable(REVIEW_OUTPUT)}),
    "SubAgentActivity": ({}, {}),
    "FunctionCallOutput": ({}, {}),
    "Sleep": ({}, {}),
}
"""Required and optional fields of each kind, besides its id."""

ITEMS: dict[str, Check] = {
    kind: record({"id": string} | dict(required), optional) for kind, (required, optional) in FIELDS.items()
}

ITEM: Check = tagged("type", ITEMS)
"""An item of the newer dialect."""
