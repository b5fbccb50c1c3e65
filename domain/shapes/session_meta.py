"""What a session_meta line must look like."""

import re

from domain.shapes.checks import (
    Fields,
    anything,
    boolean,
    either,
    i32,
    keyed,
    list_of,
    nullable,
    one_of,
    one_spelling,
    record,
    string,
    tagged,
    u64,
    uuid,
)

AGENT_PATH_FORM = re.compile(r"/root(?:/(?!root(?:/|\Z))[a-z0-9_]+)*")
"""The root agent, and the names of agents below it; none of these may be called `root` (observed)."""


def agent_path(value: object) -> bool:
    """The place of a spawned agent below the root agent."""
    return type(value) is str and AGENT_PATH_FORM.fullmatch(value) is not None


THREAD_SPAWN = one_spelling(
    "agent_role",
    "agent_type",
    record(
        {"parent_thread_id": uuid, "depth": i32},
        {
            "agent_path": nullable(agent_path),
            "agent_nickname": nullable(string),
            "agent_role": nullable(string),
            "agent_type": nullable(string),
        },
    ),
)

SUBAGENT = either(
    one_of("review", "compact", "memory_consolidation"),
    keyed({"other": string, "thread_spawn": THREAD_SPAWN}),
)

DETAILED_SOURCES: Fields = {
    "custom": string,
    "internal": one_of("memory_consolidation"),
    "subagent": SUBAGENT,
}


def source_name(value: object) -> bool:
    """A bare source: any name, unknown ones read as `unknown`, but none that stands for an object."""
    return type(value) is str and value not in DETAILED_SOURCES


SESSION_SOURCE = either(source_name, keyed(DETAILED_SOURCES))

DYNAMIC_TOOL = either(
    record(
        {"name": string, "description": string, "inputSchema": anything},
        {
            "namespace": nullable(string),
            "deferLoading": nullable(boolean),
            "exposeToContext": nullable(boolean),  # the older opposite of `deferLoading`
        },
    ),
    tagged("type", {"namespace": record({"name": string, "tools": list_of(anything)})}),
)
"""A tool, or several under one name, which release 0.131.0 does not know: it fails such a thread."""

GIT_INFO = record(
    {},
    {"commit_hash": nullable(string), "branch": nullable(string), "repository_url": nullable(string)},
)

SESSION_META = one_spelling(
    "agent_role",
    "agent_type",
    record(
        {"id": uuid, "timestamp": string, "cwd": string, "originator": string, "cli_version": string},
        {
            "forked_from_id": nullable(uuid),
            "source": SESSION_SOURCE,
            "thread_source": nullable(one_of("user", "subagent", "memory_consolidation")),
            "agent_nickname": nullable(string),
            "agent_role": nullable(string),
            "agent_type": nullable(string),  # read as `agent_role`
            "agent_path": nullable(string),
            "model_provider": nullable(string),
            "base_instructions": nullable(record({"text": string})),
            "dynamic_tools": nullable(list_of(DYNAMIC_TOOL)),
            "memory_mode": nullable(string),
            "git": nullable(GIT_INFO),
        },
    ),
)

HISTORY_BASE = record({"thread_id": uuid, "end_ordinal_exclusive": u64, "end_byte_offset": u64})
"""Where a log goes on from, by rollout id."""

# What nobody reads is not looked at: releases add to it.
NEWER_META = one_spelling(
    "agent_role",
    "agent_type",
    record(
        {"id": uuid, "timestamp": string, "cwd": string, "originator": string, "cli_version": string},
        {
            "forked_from_id": nullable(uuid),
            "source": SESSION_SOURCE,
            "agent_nickname": nullable(string),
            "agent_role": nullable(string),
            "agent_type": nullable(string),
            "model_provider": nullable(string),
            "git": nullable(GIT_INFO),
            "history_base": nullable(HISTORY_BASE),
        },
    ),
)


def session_meta(value: object) -> bool:
    """The meta of a thread; a newer release's tells a history mode."""
    return NEWER_META(value) if type(value) is dict and "history_mode" in value else SESSION_META(value)
