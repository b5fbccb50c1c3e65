"""What a thread runs with, as start, resume and fork answer it beside the thread itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from domain.events import Payload

ApprovalPolicy = str | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the disk tells of a working directory.

    `projects` are the folders whose trust counts for it, the nearest first; `instruction_sources` the files
    of instructions that an agent reads there, the most general first.
    """

    projects: tuple[str, ...] = ()
    instruction_sources: tuple[str, ...] = ()


Look = Callable[[str], Surroundings]
"""Looks at the disk around a working directory."""


def bare(cwd: str) -> Surroundings:
    """A directory around which nothing is to be seen."""
    return Surroundings(projects=(cwd,))


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the log of a thread says of how it ran."""

    cwd: str | None = None
    model_provider: str | None = None
    model: str | None = None
    reasoning_effort: str | None = None

    @classmethod
    def resumed(cls, facts: Mapping[str, Any], turn_context: Mapping[str, Any] | None = None) -> Self:
        """For a resume: the thread's facts, and the last turn_context payload of its log if there is one."""
        context = turn_context or {}
        return cls(facts.get("cwd"), facts.get("model_provider"), context.get("model"), context.get("effort"))

    @classmethod
    def forked(cls, facts: Mapping[str, Any]) -> Self:
        """For a fork, which takes over the working directory of its source and nothing else."""
        return cls(facts.get("cwd"))


@dataclass(frozen=True, slots=True)
class SessionBase:
    """Where a session begins: the server's folders, the disk, and for resume and fork what the log says."""

    working_directory: str
    home: str
    user_home: str = ""
    temporary_directory: str | None = None
    look: Look = bare
    recorded: Recorded = Recorded()


@dataclass(frozen=True, slots=True)
class Session:
    """The settings of a thread that is loaded."""

    model: str
    model_provider: str
    service_tier: str | None
    cwd: str
    workspace_roots: tuple[str, ...]
    instruction_sources: tuple[str, ...]
    approval_policy: ApprovalPolicy
    approvals_reviewer: str
    sandbox: Payload
    permission_profile: Payload | None
    reasoning_effort: str | None

    def answer(self) -> Payload:
        """The members of the answer that stand behind `thread`."""
        return {
            "model": self.model,
            "modelProvider": self.model_provider,
            "serviceTier": self.service_tier,
            "cwd": self.cwd,
            "runtimeWorkspaceRoots": list(self.workspace_roots),
            "instructionSources": list(self.instruction_sources),
            "approvalPolicy": self.approval_policy,
            "approvalsReviewer": self.approvals_reviewer,
            "sandbox": self.sandbox,
            "activePermissionProfile": self.permission_profile,
            "reasoningEffort": self.reasoning_effort,
        }
