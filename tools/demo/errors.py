"""What can be in the way of the demonstration; each says so in a sentence.

DemoError
├── NoThreads        a folder that is no home, or an empty one
├── CommandFailed    a threadstore command ended badly
├── ServerGone       the server ended in the middle
└── Refused          a request was answered by an error
"""

from pathlib import Path


class DemoError(Exception):
    """The demonstration cannot go on."""

    exit_code = 2


class NoThreads(DemoError):
    """A folder that is no home, or an empty one."""

    def __init__(self, home: Path) -> None:
        super().__init__(f"{home} holds no threads (no rollout files under sessions/ or archived_sessions/)")


class CommandFailed(DemoError):
    """A threadstore command that ended badly; with its last words."""

    def __init__(self, command: str, words: str) -> None:
        super().__init__(f"`threadstore {command}` failed{f': {words}' if words else ''}")


class ServerGone(DemoError):
    """A server that ended, or said nothing for too long."""

    def __init__(self, method: str, words: str) -> None:
        super().__init__(f"the server gave no answer to {method}{f': {words}' if words else ''}")


class Refused(DemoError):
    """A request that was answered by an error."""

    def __init__(self, method: str, reason: str) -> None:
        super().__init__(f"{method} was refused: {reason}")
