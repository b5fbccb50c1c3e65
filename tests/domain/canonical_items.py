"""One item of each kind of the newer dialect with all its members, and what is shown of it."""

from typing import Any

Json = dict[str, Any]

AGENT = "01a1b6a9-708f-73e7-8000-00004d64274b"
OTHER_AGENT = "01a1b6a9-708f-73e7-8000-00004d64274c"
DURATION = {"secs": 1, "nanos": 5_999_999}
CITATION = {"entries": [{"path": "a", "lineStart": 1, "lineEnd": 2, "note": "n"}], "rolloutIds": ["r"]}


def finding(title: str = "T", body: str = "B") -> Json:
    """Something that a reviewer found."""
    location = {"absolute_file_path": "/p/a.py", "line_range": {"start": 1, "end": 2}}
    return {
        "title": title,
        "body": body,
        "confidence_score": 0.5,
        "priority": 1,
        "code_location": location,
    }


def review(explanation: str, *findings: Json) -> Json:
    """What a reviewer said."""
    return {
        "findings": list(findings),
        "overall_correctness": "c",
        "overall_explanation": explanation,
        "overall_confidence_score": 0.5,
    }


def of(kind: str, /, **fields: Any) -> Json:
    """An item."""
    return {"type": kind, "id": "i", **fields}


USER = of(
    "UserMessage",
    content=[
        {"type": "text", "text": "x", "text_elements": [{"byte_range": {"start": 0, "end": 1}}]},
        {"type": "image", "image_url": "u", "detail": "high"},
        {"type": "image", "file_id": "f"},
        {"type": "local_image", "path": "/p", "detail": "low"},
        {"type": "skill", "name": "s", "path": "/s"},
        {"type": "mention", "name": "m", "path": "app://m"},
        {"type": "audio", "audio_url": "a"},
        {"type": "local_audio", "path": "/a"},
        {"type": "text", "text": " "},
    ],
    client_id="c",
)
SAID = of(
    "AgentMessage",
    content=[{"type": "Text", "text": "one "}, {"type": "Text", "text": "two"}],
    phase="commentary",
    memory_citation=CITATION,
)
REASONING = of("Reasoning", summary_text=["a", "b"], raw_content=["r"])
PLAN = of("Plan", text="")
HOOK = of("HookPrompt", fragments=[{"text": "t", "hookRunId": "r"}])
COMMAND = of(
    "CommandExecution",
    command=["bash", "-lc", "ls 'a b'"],
    cwd="file:///home/a%20b",
    parsed_cmd=[
        {"type": "read", "cmd": "cat f", "name": "f", "path": "f"},
        {"type": "list_files", "cmd": "ls", "path": "p"},
        {"type": "search", "cmd": "rg", "query": "q"},
        {"type": "unknown", "cmd": "zz"},
    ],
    source="unified_exec_startup",
    status="in_progress",
    process_id="12",
    aggregated_output="out",
    exit_code=-1,
    duration=DURATION,
)
CHANGE = of(
    "FileChange",
    changes={
        "/b": {"type": "add", "content": "x"},
        "/a": {"type": "update", "unified_diff": "@@", "move_path": "/c"},
        "/Z": {"type": "delete", "content": "gone"},
    },
    status="completed",
)
MCP = of(
    "McpToolCall",
    server="s",
    tool="t",
    arguments={"a": 1},
    status="failed",
    mcpAppResourceUri="ui://x",
    result={"content": [1], "structuredContent": {"a": 1}, "isError": True, "_meta": {"z": 1}},
    error={"message": "boom"},
    duration=DURATION,
)
DYNAMIC = of(
    "DynamicToolCall",
    tool="t",
    arguments=None,
    status="in_progress",
    namespace="n",
    content_items=[
        {"type": "inputText", "text": "x"},
        {"type": "inputImage", "imageUrl": "u"},
        {"type": "inputAudio", "audioUrl": "a"},
    ],
    success=True,
    duration=DURATION,
)
COLLAB = of(
    "CollabAgentToolCall",
    tool="spawn_agent",
    status="completed",
    sender_thread_id=AGENT.upper(),
    receiver_thread_ids=[OTHER_AGENT.replace("-", "")],
    prompt="p",
    model="m",
    reasoning_effort="high",
    agents_states={AGENT: "not_found", OTHER_AGENT: {"errored": "e"}},
    receiver_agents=[{"thread_id": AGENT, "agent_nickname": "n", "agent_role": "r"}],
)
SEARCH = of("WebSearch", query="q", action={"type": "search", "query": "q", "queries": ["r"]}, results=[{}])
VIEW = of("ImageView", path="file:///a%20b.png")
IMAGE = of("ImageGeneration", status="s", result="r", revised_prompt="p", saved_path="/i.png")
COMPACTION = of("ContextCompaction")
ENTERED = of("EnteredReviewMode", target={"type": "custom", "instructions": "i"}, user_facing_hint="hint")
EXITED = of("ExitedReviewMode", review_output=review("  e ", finding()))

MESSAGES = (USER, SAID, REASONING, PLAN, HOOK)
CALLS = (COMMAND, CHANGE, MCP, DYNAMIC, COLLAB, SEARCH, VIEW, IMAGE)
MARKS = (COMPACTION, ENTERED, EXITED)
ALL = (*MESSAGES, *CALLS, *MARKS)

SHOWN: list[tuple[Json, Json]] = [
    (
        USER,
        {
            "type": "userMessage",
            "content": [
                {
                    "type": "text",
                    "text": "x",
                    "text_elements": [{"byteRange": {"start": 0, "end": 1}, "placeholder": None}],
                },
                {"type": "image", "url": "u"},
                {"type": "localImage", "path": "/p"},
                {"type": "skill", "name": "s", "path": "/s"},
                {"type": "mention", "name": "m", "path": "app://m"},
                {"type": "text", "text": " ", "text_elements": []},
            ],
        },
    ),
    (of("UserMessage", content=[]), {"type": "userMessage", "content": []}),
    (
        SAID,
        {
            "type": "agentMessage",
            "text": "one two",
            "phase": "commentary",
            "memoryCitation": {"entries": CITATION["entries"], "threadIds": ["r"]},
        },
    ),
    (
        of("AgentMessage", content=[]),
        {"type": "agentMessage", "text": "", "phase": None, "memoryCitation": None},
    ),
    (REASONING, {"type": "reasoning", "summary": ["a", "b"], "content": ["r"]}),
    (of("Reasoning", summary_text=[]), {"type": "reasoning", "summary": [], "content": []}),
    (PLAN, {"type": "plan", "text": ""}),
    (HOOK, {"type": "hookPrompt", "fragments": [{"text": "t", "hookRunId": "r"}]}),
    (
        COMMAND,
        {
            "type": "commandExecution",
            "command": "bash -lc \"ls 'a b'\"",
            "cwd": "/home/a b",
            "processId": "12",
            "source": "unifiedExecStartup",
            "status": "inProgress",
            "commandActions": [
                {"type": "read", "command": "cat f", "name": "f", "path": "/home/a b/f"},
                {"type": "listFiles", "command": "ls", "path": "p"},
                {"type": "search", "command": "rg", "query": "q", "path": None},
                {"type": "unknown", "command": "zz"},
            ],
            "aggregatedOutput": "out",
            "exitCode": -1,
            "durationMs": 1005,
        },
    ),
    (
        of(
            "CommandExecution",
            command=[],
            cwd="file:///",
            parsed_cmd=[],
            source="user_shell",
            status="declined",
            aggregated_output="",
        ),
        {
            "type": "commandExecution",
            "command": "",
            "cwd": "/",
            "processId": None,
            "source": "userShell",
            "status": "declined",
            "commandActions": [],
            "aggregatedOutput": None,
            "exitCode": None,
            "durationMs": None,
        },
    ),
    (
        CHANGE,
        {
            "type": "fileChange",
            "changes": [
                {"path": "/Z", "kind": {"type": "delete"}, "diff": "gone"},
                {
                    "path": "/a",
                    "kind": {"type": "update", "move_path": "/c"},
                    "diff": "@@\n\nMoved to: /c",
                },
                {"path": "/b", "kind": {"type": "add"}, "diff": "x"},
            ],
            "status": "completed",
        },
    ),
    (of("FileChange", changes={}), {"type": "fileChange", "changes": [], "status": "inProgress"}),
    (
        of("FileChange", changes={}, status=None),
        {"type": "fileChange", "changes": [], "status": "inProgress"},
    ),
    (
        MCP,
        {
            "type": "mcpToolCall",
            "server": "s",
            "tool": "t",
            "status": "failed",
            "arguments": {"a": 1},
            "mcpAppResourceUri": "ui://x",
            "result": {"content": [1], "structuredContent": {"a": 1}, "_meta": {"z": 1}},
            "error": {"message": "boom"},
            "durationMs": 1005,
        },
    ),
    (
        of("McpToolCall", server="s", tool="t", arguments=None, status="inProgress"),
        {
            "type": "mcpToolCall",
            "server": "s",
            "tool": "t",
            "status": "inProgress",
            "arguments": None,
            "result": None,
            "error": None,
            "durationMs": None,
        },
    ),
    (
        DYNAMIC,
        {
            "type": "dynamicToolCall",
            "namespace": "n",
            "tool": "t",
            "arguments": None,
            "status": "inProgress",
            "contentItems": [
                {"type": "inputText", "text": "x"},
                {"type": "inputImage", "imageUrl": "u"},
            ],
            "success": True,
            "durationMs": 1005,
        },
    ),
    (
        of("DynamicToolCall", tool="t", arguments=[], status="failed"),
        {
            "type": "dynamicToolCall",
            "namespace": None,
            "tool": "t",
            "arguments": [],
            "status": "failed",
            "contentItems": None,
            "success": None,
            "durationMs": None,
        },
    ),
    (
        COLLAB,
        {
            "type": "collabAgentToolCall",
            "tool": "spawnAgent",
            "status": "completed",
            "senderThreadId": AGENT,
            "receiverThreadIds": [OTHER_AGENT],
            "prompt": "p",
            "model": "m",
            "reasoningEffort": "high",
            "agentsStates": {
                AGENT: {"status": "notFound", "message": None},
                OTHER_AGENT: {"status": "errored", "message": "e"},
            },
        },
    ),
    (
        of(
            "CollabAgentToolCall",
            tool="followup_task",
            status="interrupted",
            sender_thread_id=AGENT,
            reasoning_effort="ultra",
        ),
        {
            "type": "collabAgentToolCall",
            "tool": "sendInput",
            "status": "failed",
            "senderThreadId": AGENT,
            "receiverThreadIds": [],
            "prompt": None,
            "model": None,
            "reasoningEffort": None,
            "agentsStates": {},
        },
    ),
    (
        SEARCH,
        {
            "type": "webSearch",
            "query": "q",
            "action": {"type": "search", "query": "q", "queries": ["r"]},
        },
    ),
    (
        of("WebSearch", query="", action={"type": "of the future"}),
        {"type": "webSearch", "query": "", "action": {"type": "other"}},
    ),
    (VIEW, {"type": "imageView", "path": "/a b.png"}),
    (
        IMAGE,
        {
            "type": "imageGeneration",
            "status": "s",
            "revisedPrompt": "p",
            "result": "r",
            "savedPath": "/i.png",
        },
    ),
    (
        of("ImageGeneration", status="s", result="r"),
        {"type": "imageGeneration", "status": "s", "revisedPrompt": None, "result": "r"},
    ),
    (COMPACTION, {"type": "contextCompaction"}),
    (ENTERED, {"type": "enteredReviewMode", "review": "hint"}),
    (of("EnteredReviewMode", target={}, user_facing_hint=""), {"type": "enteredReviewMode", "review": ""}),
    (
        EXITED,
        {
            "type": "exitedReviewMode",
            "review": "e\n\nReview comment:\n\n- T — /p/a.py:1-2\n  B",
        },
    ),
]
"""Items and what is shown of them, without their ids."""

LEFT_OUT: list[Json] = [
    of("SubAgentActivity", kind="started", agent_thread_id=AGENT, agent_path="/root/a"),
    of("FunctionCallOutput", name="n", output="o"),
    of("Sleep"),
    {**COLLAB, "tool": "interrupt_agent"},
    {**COLLAB, "tool": "list_agents"},
]
"""Items that are right, and have no likeness in release 0.131.0."""
