"""The first line of a thread that starts: its session_meta, as release 0.131.0 writes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.events import Payload
from domain.thread.session_meta import kept_tools
from domain.version import PROTOCOL_RELEASE


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a thread when it starts, before anything of it is stored.

    `timestamp` is the start in UTC, RFC 3339 with milliseconds and Z; `originator` the client's name.
    `dynamic_tools` are as the client gave them.
    """

    id: str
    timestamp: str
    cwd: str
    originator: str
    model_provider: str
    forked_from_id: str | None = None
    thread_source: str | None = None
    base_instructions: str | None = None
    dynamic_tools: Sequence[Mapping[str, Any]] = ()
    memory_mode: str | None = None
    source: str = "vscode"
    cli_version: str = PROTOCOL_RELEASE


def head_payload(draft: Draft, git: Mapping[str, str] | None = None) -> Payload:
    """The payload of the thread's session_meta, keys in the order of the release.

    `git` are the facts of its working directory at the time of writing: None outside a repository, empty in
    a repository of which nothing is known yet. No tools are no key; no instructions are null.
    """
    instructions = draft.base_instructions
    payload: Payload = {
        "id": draft.id,
        "forked_from_id": draft.forked_from_id,
        "timestamp": draft.timestamp,
        "cwd": draft.cwd,
        "originator": draft.originator,
        "cli_version": draft.cli_version,
        "source": draft.source,
        "thread_source": draft.thread_source,
        "model_provider": draft.model_provider,
        "base_instructions": None if instructions is None else {"text": instructions},
        "dynamic_tools": kept_tools(draft.dynamic_tools) or None,
        "memory_mode": draft.memory_mode,
        "git": None if git is None else dict(git),
    }
    kept_as_null = "base_instructions"
    return {name: value for name, value in payload.items() if value is not None or name == kept_as_null}
