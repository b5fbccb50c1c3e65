"""The Thread object of the protocol."""

from dataclasses import dataclass
from typing import Any

from domain.listing.meta import spawn_of, wire_source
from domain.paths import absolute
from domain.times import NANOSECONDS, read_time_ns

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a stored thread is, and what is known of it besides its session_meta."""

    path: str
    started_s: int
    updated_ms: int
    preview: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Defaults:
    """What stands in for facts that a thread does not tell."""

    model_provider: str
    working_directory: str
    user_home: str = ""


def thread_object(facts: Payload, stored: Stored, defaults: Defaults) -> Payload:
    """The thread as the protocol shows it, without turns; `status` is that of a thread nobody has loaded."""
    spawn = spawn_of(facts) or {}
    created_ns = read_time_ns(facts.get("timestamp", ""))
    thread_id = facts["id"]
    return {
        "id": thread_id,
        "sessionId": thread_id,
        "forkedFromId": facts.get("forked_from_id"),
        "preview": stored.preview,
        "ephemeral": False,
        "modelProvider": facts.get("model_provider") or defaults.model_provider,
        "createdAt": stored.started_s if created_ns is None else created_ns // NANOSECONDS,
        "updatedAt": stored.updated_ms // 1000,
        "status": {"type": "notLoaded"},
        "path": stored.path,
        "cwd": absolute(facts.get("cwd", ""), defaults.working_directory, defaults.user_home),
        "cliVersion": facts.get("cli_version", ""),
        "source": wire_source(facts),
        "threadSource": facts.get("thread_source"),
        "agentNickname": spawn.get("agent_nickname"),
        "agentRole": spawn.get("agent_role"),
        "gitInfo": git_info(facts.get("git")),
        "name": stored.name,
        "turns": [],
    }


def git_info(git: Payload | None) -> Payload | None:
    """The git facts at the wire; None when none of the three is known."""
    told = git or {}
    info = {
        "sha": told.get("commit_hash"),
        "branch": told.get("branch"),
        "originUrl": told.get("repository_url"),
    }
    return info if any(value is not None for value in info.values()) else None
