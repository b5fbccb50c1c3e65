"""Items as the model has them: the history of `thread/resume`, and what `thread/inject_items` adds."""

from api.wire.schemas.parts import (
    Schema,
    anything,
    enumeration,
    mapping,
    nullable,
    sequence,
    string,
    struct,
    tagged,
    u64,
    untagged,
)

_IMAGE_DETAIL = enumeration("auto", "low", "high", "original")
_TEXT = struct("Text", {"text": string()}, ["text"])
_IMAGE = struct("Image", {"image_url": string(), "detail": nullable(_IMAGE_DETAIL)}, ["image_url"])

_CONTENT = tagged("ContentItem", {"input_text": _TEXT, "input_image": _IMAGE, "output_text": _TEXT})
_OUTPUT = untagged(
    "FunctionCallOutputBody",
    string(),
    sequence(tagged("FunctionCallOutputContentItem", {"input_text": _TEXT, "input_image": _IMAGE})),
)

_MESSAGE = struct(
    "Message",
    {
        "id": nullable(string()),
        "role": string(),
        "content": sequence(_CONTENT),
        "phase": nullable(enumeration("commentary", "final_answer")),
    },
    ["role", "content"],
)

_REASONING = struct(
    "Reasoning",
    {
        "id": string(),
        "summary": sequence(tagged("ReasoningItemReasoningSummary", {"summary_text": _TEXT})),
        "content": nullable(
            sequence(tagged("ReasoningItemContent", {"reasoning_text": _TEXT, "text": _TEXT}))
        ),
        "encrypted_content": nullable(string()),
    },
    ["summary"],
)

_SHELL_ACTION = struct(
    "LocalShellExecAction",
    {
        "command": sequence(string()),
        "timeout_ms": nullable(u64()),
        "working_directory": nullable(string()),
        "env": nullable(mapping(string())),
        "user": nullable(string()),
    },
    ["command"],
)

_LOCAL_SHELL_CALL = struct(
    "LocalShellCall",
    {
        "id": nullable(string()),
        "call_id": nullable(string()),
        "status": enumeration("completed", "in_progress", "incomplete"),
        "action": tagged("LocalShellAction", {"exec": _SHELL_ACTION}),
    },
    ["status", "action"],
)

_FUNCTION_CALL = struct(
    "FunctionCall",
    {
        "id": nullable(string()),
        "name": string(),
        "namespace": nullable(string()),
        "arguments": string(),
        "call_id": string(),
    },
    ["name", "arguments", "call_id"],
)

_FUNCTION_CALL_OUTPUT = struct(
    "FunctionCallOutput", {"call_id": string(), "output": _OUTPUT}, ["call_id", "output"]
)

_CUSTOM_TOOL_CALL = struct(
    "CustomToolCall",
    {
        "id": nullable(string()),
        "status": nullable(string()),
        "call_id": string(),
        "name": string(),
        "input": string(),
    },
    ["call_id", "name", "input"],
)

_CUSTOM_TOOL_CALL_OUTPUT = struct(
    "CustomToolCallOutput",
    {"call_id": string(), "name": nullable(string()), "output": _OUTPUT},
    ["call_id", "output"],
)

_TOOL_SEARCH_CALL = struct(
    "ToolSearchCall",
    {
        "id": nullable(string()),
        "call_id": nullable(string()),
        "status": nullable(string()),
        "execution": string(),
        "arguments": anything(),
    },
    ["execution", "arguments"],
)

_TOOL_SEARCH_OUTPUT = struct(
    "ToolSearchOutput",
    {
        "call_id": nullable(string()),
        "status": string(),
        "execution": string(),
        "tools": sequence(anything()),
    },
    ["status", "execution", "tools"],
)

_WEB_ACTION = tagged(
    "WebSearchAction",
    {
        "search": struct("Search", {"query": nullable(string()), "queries": nullable(sequence(string()))}),
        "open_page": struct("OpenPage", {"url": nullable(string())}),
        "find_in_page": struct("FindInPage", {"url": nullable(string()), "pattern": nullable(string())}),
    },
    is_open=True,
)

_WEB_SEARCH_CALL = struct(
    "WebSearchCall",
    {"id": nullable(string()), "status": nullable(string()), "action": nullable(_WEB_ACTION)},
)

_IMAGE_GENERATION_CALL = struct(
    "ImageGenerationCall",
    {
        "id": string(),
        "status": string(),
        "revised_prompt": nullable(string()),
        "result": string(),
    },
    ["id", "status", "result"],
)

_COMPACTION = struct("Compaction", {"encrypted_content": string()}, ["encrypted_content"])
_CONTEXT_COMPACTION = struct("ContextCompaction", {"encrypted_content": nullable(string())})

RESPONSE_ITEM: Schema = tagged(
    "ResponseItem",
    {
        "message": _MESSAGE,
        "reasoning": _REASONING,
        "local_shell_call": _LOCAL_SHELL_CALL,
        "function_call": _FUNCTION_CALL,
        "tool_search_call": _TOOL_SEARCH_CALL,
        "function_call_output": _FUNCTION_CALL_OUTPUT,
        "custom_tool_call": _CUSTOM_TOOL_CALL,
        "custom_tool_call_output": _CUSTOM_TOOL_CALL_OUTPUT,
        "tool_search_output": _TOOL_SEARCH_OUTPUT,
        "web_search_call": _WEB_SEARCH_CALL,
        "image_generation_call": _IMAGE_GENERATION_CALL,
        "compaction": _COMPACTION,
        "compaction_summary": _COMPACTION,
        "context_compaction": _CONTEXT_COMPACTION,
    },
    is_open=True,
)
"""One item; a type that the release does not know is accepted, and not kept."""
