"""The payload of a session_meta line as release 0.131.0 writes it, and what such lines tell a thread.

A thread's facts are changed by saying them again: a further session_meta line, made of the first one's
known fields. Unknown fields are lost, older spellings are replaced, and of the optional fields only
`model_provider` and `base_instructions` are written as null when there are none (observed).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.events import Payload, RolloutLine
from domain.history.dialect import dialect_of
from domain.history.rows import Dialect
from domain.lines import parse_at
from domain.listing.meta import SPAWN_FIELDS
from domain.rollout_name import written_uuid
from domain.session.dynamic_tools import stored_tool
from domain.shapes.kept import kept_topic
from domain.topics import HEAD

BEFORE_SOURCE = ("id", "forked_from_id", "timestamp", "cwd", "originator", "cli_version")
BEHIND_SOURCE = ("thread_source", "agent_nickname", "agent_role", "agent_path")
"""Fields as they stand before and behind the source, as far as there are any."""

KNOWN_SOURCES = frozenset({"cli", "vscode", "exec", "mcp", "unknown"})

GIT_FIELDS = ("commit_hash", "branch", "repository_url")

DEFAULT_MEMORY_MODE = "enabled"
"""What the reference's database has for a thread whose log tells no memory mode."""


def told_by(line: RolloutLine) -> Payload | None:
    """The payload of a line that tells facts of a thread; None for every other line, and unusable ones."""
    is_first = line.originator_version == 1
    if line.topic != HEAD and not is_first:
        return None
    value = parse_at(0, line.raw) if is_first else line.value
    if not value or kept_topic(value) != HEAD:
        return None
    payload: Payload = value["payload"]
    return payload


def git_of(payload: Payload) -> dict[str, str] | None:
    """The git facts that a session_meta tells, those that are null left out; None when it tells nothing."""
    git = payload.get("git")
    if git is None:
        return None
    return {name: git[name] for name in GIT_FIELDS if git.get(name) is not None}


def restated(head: Mapping[str, Any], memory_mode: str, git: Mapping[str, str] | None = None) -> Payload:
    """A session_meta payload that says the head's facts again, with this memory mode and these git facts.

    Of a paginated log all facts are said again: what the newer release does not find there it takes for lost.
    """
    if dialect_of(head) is not Dialect.PAGINATED:
        return normal_head(head, memory_mode, git)
    told = {name: value for name, value in head.items() if name != "git"}
    return told | {"memory_mode": memory_mode} | ({} if git is None else {"git": _known_git(git)})


def normal_head(head: Mapping[str, Any], memory_mode: str, git: Mapping[str, str] | None = None) -> Payload:
    """The same as release 0.131.0 says it, whatever wrote the head."""
    facts = {name: head[name] for name in BEFORE_SOURCE if head.get(name) is not None}
    for name in ("id", "forked_from_id"):
        if name in facts:
            facts[name] = str(written_uuid(facts[name]))
    facts["source"] = _source(head.get("source", "vscode"))
    role = {"agent_role": head.get("agent_role", head.get("agent_type"))}
    facts |= {name: value for name in BEHIND_SOURCE if (value := (role | dict(head)).get(name)) is not None}
    facts["model_provider"] = head.get("model_provider")
    instructions = head.get("base_instructions")
    facts["base_instructions"] = None if instructions is None else {"text": instructions["text"]}
    if head.get("dynamic_tools") is not None:
        facts["dynamic_tools"] = kept_tools(head["dynamic_tools"])
    facts["memory_mode"] = memory_mode
    if git is not None:
        facts["git"] = _known_git(git)
    return facts


def kept_tools(tools: Iterable[Mapping[str, Any]]) -> list[Payload]:
    """Dynamic tools as release 0.131.0 writes them; groups of tools, which it lacks, as they are."""
    return [stored_tool(tool) if "inputSchema" in tool else dict(tool) for tool in tools]


def _known_git(git: Mapping[str, str]) -> dict[str, str]:
    return {name: git[name] for name in GIT_FIELDS if name in git}


def _source(source: str | Mapping[str, Any]) -> str | Payload:
    if isinstance(source, str):
        return source if source in KNOWN_SOURCES else "unknown"
    agent = source.get("subagent")
    if not isinstance(agent, dict) or "thread_spawn" not in agent:
        return dict(source)
    spawn = agent["thread_spawn"]
    told = {name: spawn.get(name) for name in SPAWN_FIELDS}
    told["parent_thread_id"] = str(written_uuid(spawn["parent_thread_id"]))
    told["agent_role"] = spawn.get("agent_role", spawn.get("agent_type"))
    return {"subagent": {"thread_spawn": told}}
