"""Where threads come from, as lists filter them (thread-list.md, section 3)."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any

INTERACTIVE_CUSTOM = frozenset({"atlas", "chatgpt"})
"""Custom sources that a list shows unless asked (case sources-default)."""


class SourceKind(IntEnum):
    """The origins that a filter can tell apart; the numbers are stored in the index."""

    CLI = 1
    VSCODE = 2
    EXEC = 3
    APP_SERVER = 4
    REVIEW = 5
    COMPACT = 6
    SPAWN = 7
    OTHER_AGENT = 8
    MEMORY = 9
    UNKNOWN = 10
    INTERACTIVE_CUSTOM = 11
    CUSTOM = 12
    INTERNAL = 13


AGENTS = frozenset(
    {SourceKind.REVIEW, SourceKind.COMPACT, SourceKind.SPAWN, SourceKind.OTHER_AGENT, SourceKind.MEMORY}
)
INTERACTIVE = frozenset({SourceKind.CLI, SourceKind.VSCODE, SourceKind.INTERACTIVE_CUSTOM})
"""What a list shows without a filter."""

REACHED_BY: Mapping[str, frozenset[SourceKind]] = {
    "cli": frozenset({SourceKind.CLI}),
    "vscode": frozenset({SourceKind.VSCODE}),
    "exec": frozenset({SourceKind.EXEC}),
    "appServer": frozenset({SourceKind.APP_SERVER}),
    "subAgent": AGENTS,
    "subAgentReview": frozenset({SourceKind.REVIEW}),
    "subAgentCompact": frozenset({SourceKind.COMPACT}),
    "subAgentThreadSpawn": frozenset({SourceKind.SPAWN}),
    "subAgentOther": frozenset({SourceKind.OTHER_AGENT}),
    "unknown": frozenset({SourceKind.UNKNOWN}),
}
"""The values of the filter at the wire; other custom sources and internal ones are reached by none."""

WORDS = {
    "cli": SourceKind.CLI,
    "vscode": SourceKind.VSCODE,
    "exec": SourceKind.EXEC,
    "mcp": SourceKind.APP_SERVER,
}
AGENT_WORDS = {
    "review": SourceKind.REVIEW,
    "compact": SourceKind.COMPACT,
    "memory_consolidation": SourceKind.MEMORY,
}


def kinds_reached(names: Iterable[str]) -> frozenset[SourceKind]:
    """The kinds that a filter of these names lets through; without names the interactive ones."""
    return frozenset().union(*(REACHED_BY[name] for name in names)) or INTERACTIVE


def source_kind(facts: Mapping[str, Any]) -> SourceKind:
    """The kind of a thread's source, from the facts of its session_meta."""
    source = facts.get("source", "vscode")
    if isinstance(source, str):
        return WORDS.get(source, SourceKind.UNKNOWN)
    if "custom" in source:
        is_interactive = source["custom"] in INTERACTIVE_CUSTOM
        return SourceKind.INTERACTIVE_CUSTOM if is_interactive else SourceKind.CUSTOM
    if "subagent" not in source:
        return SourceKind.INTERNAL
    agent = source["subagent"]
    if isinstance(agent, str):
        return AGENT_WORDS.get(agent, SourceKind.OTHER_AGENT)
    return SourceKind.SPAWN if "thread_spawn" in agent else SourceKind.OTHER_AGENT
