"""The persistence policies: which kinds of line a log holds, by canonical topic.

A topic is the line's `type`, for events and response items with the payload's type behind it
(`event_msg:user_message`).
"""


def _topics(line_type: str, payload_types: str) -> frozenset[str]:
    """The topics of these payload types, given as words."""
    return frozenset(f"{line_type}:{payload_type}" for payload_type in payload_types.split())


LIMITED = (
    frozenset({"session_meta", "turn_context", "compacted"})
    | _topics(
        "response_item",
        """
        message reasoning
        local_shell_call function_call function_call_output custom_tool_call custom_tool_call_output
        tool_search_call tool_search_output web_search_call image_generation_call
        compaction context_compaction
        """,
    )
    | _topics(
        "event_msg",
        """
        user_message agent_message agent_reasoning agent_reasoning_raw_content
        task_started task_complete turn_aborted thread_rolled_back
        context_compacted entered_review_mode exited_review_mode
        mcp_tool_call_end web_search_end image_generation_end patch_apply_end
        item_completed token_count thread_goal_updated
        """,
    )
)
"""What release 0.131.0 writes, and replays when it reads (observed; of `item_completed` only plans)."""

EXTENDED_ONLY = _topics(
    "event_msg",
    """
    error guardian_assessment exec_command_end view_image_tool_call
    dynamic_tool_call_request dynamic_tool_call_response
    collab_agent_spawn_end collab_agent_interaction_end collab_waiting_end collab_close_end collab_resume_end
    """,
)
"""What the Extended policy of that time writes besides; from the sources, release 0.131.0 never shows it."""
