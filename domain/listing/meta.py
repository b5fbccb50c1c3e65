"""What a session_meta line tells of a thread, reduced to what a Thread object shows."""

from collections.abc import Mapping
from typing import Any

from domain.history.dialect import dialect_of
from domain.history.rows import Dialect
from domain.rollout_name import written_uuid

Payload = dict[str, Any]

SHOWN = (
    "id",
    "forked_from_id",
    "timestamp",
    "cwd",
    "cli_version",
    "source",
    "thread_source",
    "agent_nickname",
    "agent_role",
    "model_provider",
    "git",
)
"""Fields that are kept in a list row; instructions and tools are many kilobytes and stay in the log."""

RESTATED = ("cwd", "cli_version", "source", "thread_source", "agent_nickname", "agent_role", "model_provider")
"""Fields in which a later line of the same id counts (case later-session-meta-replaces)."""

STAYS_IF_EMPTY = ("cwd", "cli_version")
STAYS = ("model_provider", *STAYS_IF_EMPTY)
"""Facts that a later line does not take back by leaving them out, or by an empty text."""

BARE_SOURCES = {"cli": "cli", "vscode": "vscode", "exec": "exec", "mcp": "appServer"}
"""Sources that are one word, and their names at the wire; any other word is unknown."""

SPAWN_FIELDS = ("parent_thread_id", "depth", "agent_path", "agent_nickname", "agent_role")


THREAD_SOURCES = frozenset({"user", "subagent", "memory_consolidation"})
"""Thread sources at the wire; newer releases write free text, which shows as none."""


def shown_facts(payload: Mapping[str, Any]) -> Payload:
    """What a Thread object shows of a session_meta payload; `agent_type` is an older `agent_role`.

    Besides, the history mode where that makes a difference (`domain.history.dialect`).
    """
    facts = {name: payload[name] for name in SHOWN if payload.get(name) is not None}
    if dialect_of(payload) is not Dialect.LEGACY:
        facts["history_mode"] = payload["history_mode"]
    if "thread_source" in facts and not is_known_source(facts["thread_source"]):
        del facts["thread_source"]
    for name in ("id", "forked_from_id"):
        if name in facts:
            facts[name] = str(written_uuid(facts[name]))
    if "agent_role" not in facts and payload.get("agent_type") is not None:
        facts["agent_role"] = payload["agent_type"]
    return facts


def is_known_source(source: object) -> bool:
    """Whether release 0.131.0 has this thread source."""
    return isinstance(source, str) and source in THREAD_SOURCES


def merged(first: Payload, last: Payload, git: Payload | None) -> Payload:
    """A thread's facts by its first line, its last one, and the last one with git facts."""
    facts = dict(first)
    for name in RESTATED:
        if name in last and not (name in STAYS_IF_EMPTY and not last[name]):
            facts[name] = last[name]
        elif name not in STAYS:
            facts.pop(name, None)
    if git is not None:
        facts["git"] = git.get("git")
    return facts


def wire_source(facts: Mapping[str, Any]) -> str | Payload:
    """The source as the protocol shows it."""
    source = facts.get("source", "vscode")
    if isinstance(source, str):
        return BARE_SOURCES.get(source, "unknown")
    if "custom" in source:
        return {"custom": source["custom"]}
    if "subagent" not in source:
        return "unknown"
    agent = source["subagent"]
    if isinstance(agent, str) or "thread_spawn" not in agent:
        return {"subAgent": agent}
    return {"subAgent": {"thread_spawn": spawn_facts(facts, agent["thread_spawn"])}}


def spawn_facts(facts: Mapping[str, Any], spawn: Mapping[str, Any]) -> Payload:
    """Who spawned a sub-agent, and as what: the line's own names count before those inside the source."""
    told: Payload = {name: spawn.get(name) for name in SPAWN_FIELDS}
    told["parent_thread_id"] = str(written_uuid(spawn["parent_thread_id"]))
    inner_role = spawn.get("agent_role") if spawn.get("agent_role") is not None else spawn.get("agent_type")
    told["agent_role"] = facts.get("agent_role", inner_role)
    told["agent_nickname"] = facts.get("agent_nickname", spawn.get("agent_nickname"))
    return told


def spawn_of(facts: Mapping[str, Any]) -> Payload | None:
    """The spawn record of a sub-agent's thread."""
    source = wire_source(facts)
    agent = source.get("subAgent") if isinstance(source, dict) else None
    spawn = agent.get("thread_spawn") if isinstance(agent, dict) else None
    return spawn if isinstance(spawn, dict) else None
