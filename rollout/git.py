"""What git knows of a working directory: commit, branch, origin.

Git itself is asked, not its folder read: references may be packed or in tables, work trees linked, and
addresses come out of included and rewritten settings, which only git gets right. A store must not run what a
repository names, so only commands are used that look up a name: they start no hook, pager, filter, file
watcher, credential helper or transport, and what of these a repository configures is switched off besides.
Git is run by its absolute path and with a neutral directory of its own, so that no file of the repository is
mistaken for a program; and it is not run at all where no folder above has a `.git`.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from domain.limits import GIT_ANSWER_MAX, GIT_SECONDS

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "commit_hash": ("rev-parse", "--verify", "--quiet", "HEAD"),
    "branch": ("rev-parse", "--abbrev-ref", "HEAD"),
    "repository_url": ("remote", "get-url", "origin"),
}
"""What is asked for each fact, in the order in which they are stored."""

NO_BRANCH = "HEAD"
"""What is answered for the branch where none is checked out."""

SWITCHED_OFF = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.pager=cat",
    "credential.helper=",
    "protocol.allow=never",
)

ENVIRONMENT: Mapping[str, str] = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}


def git_facts(cwd: str) -> dict[str, str] | None:
    """`commit_hash`, `branch` and `repository_url` as far as they exist; None outside a repository.

    Never fails and never waits longer than GIT_SECONDS; without git, or in a repository that git does not
    trust, nothing is known.
    """
    git = _program()
    if git is None or not _is_in_repository(Path(cwd)):
        return None
    deadline = time.monotonic() + GIT_SECONDS
    if _ask(git, cwd, ("rev-parse", "--git-dir"), deadline) is None:
        return None
    answers = {name: _ask(git, cwd, question, deadline) for name, question in QUESTIONS.items()}
    return {name: answer for name, answer in answers.items() if answer and answer != NO_BRANCH}


def _program() -> str | None:
    """The absolute path of git; entries of PATH that are relative would lead into the repository."""
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return shutil.which("git", path=os.pathsep.join(entry for entry in entries if Path(entry).is_absolute()))


def _is_in_repository(directory: Path) -> bool:
    try:
        return directory.is_dir() and any(
            (folder / ".git").exists() for folder in (directory, *directory.parents)
        )
    except OSError:
        return False


def _ask(git: str, cwd: str, question: tuple[str, ...], deadline: float) -> str | None:
    """What git answers, trimmed; None when it does not, in time or at all."""
    settings = [part for setting in SWITCHED_OFF for part in ("-c", setting)]
    try:
        done = subprocess.run(  # noqa: S603 - an absolute path and fixed words; see above
            [git, "-C", cwd, *settings, *question],
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=max(0.0, deadline - time.monotonic()),
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    answer = done.stdout.decode("utf-8", "replace").strip()
    return answer if len(answer) <= GIT_ANSWER_MAX else None


def _environment() -> dict[str, str]:
    """The user's own environment, without variables that would lead git elsewhere or have it write."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, **ENVIRONMENT}
