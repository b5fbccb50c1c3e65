"""What of the protocol a store of threads does not serve, and what to say of it."""

from collections.abc import Mapping

NO_MODEL = "runs no model"

BECAUSE: Mapping[str, str] = {
    "fs": "neither reads nor writes other files",
    "fuzzyFileSearch": "searches no other files",
    "command": "runs no programs",
    "process": "runs no programs",
    "environment": "runs no programs",
    "gitDiffToRemote": "runs no programs",
    "windowsSandbox": "runs no programs",
    "account": "knows no accounts",
    "feedback": "sends nothing anywhere",
    "remoteControl": "connects to nothing by itself",
    "mcpServer": "talks to no MCP servers",
    "marketplace": "has no plugins",
    "plugin": "has no plugins",
    "skills": "has no skills",
    "config": "changes no settings",
    "experimentalFeature": "changes no settings",
    "externalAgentConfig": "takes nothing over from other programs",
    "memory": "keeps no memories",
    "getConversationSummary": "tells of them by thread/read and thread/list",
    "mock": "has nothing to try out",
}
"""What this server does not do, by the first part of a method's name."""


def why_not_served(method: str) -> str:
    """What this server does not do, so that a method is not served; for most it would need a model."""
    return BECAUSE.get(method.partition("/")[0], NO_MODEL)
