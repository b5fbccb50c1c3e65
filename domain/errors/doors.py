"""Why the service cannot listen where it should.

Each sentence is that of release 0.131.0, except where its class says so.
"""

from domain.errors.starting import StartRefused


class ListenFailed(StartRefused):
    """The system refuses the address, and what it says."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class SocketPathTooLong(StartRefused):
    """A path that no socket can have."""

    def __init__(self) -> None:
        super().__init__("path must be shorter than SUN_LEN")


class SocketFolderUnfit(StartRefused):
    """What should be the folder of a socket is a file or a link."""

    def __init__(self, folder: str) -> None:
        super().__init__(f"socket directory path exists and is not a directory: {folder}")


class SocketFolderOpen(StartRefused):
    """A folder in which others could put a socket of theirs in the place of ours; a refusal of ours."""

    def __init__(self, folder: str) -> None:
        super().__init__(f"socket directory can be written by other users: {folder}")


class SocketInUse(StartRefused):
    """A live server listens at the path."""

    def __init__(self, path: str) -> None:
        super().__init__(f"app-server control socket is already in use at {path}")


class SocketPathTaken(StartRefused):
    """A file or folder is at the path."""

    def __init__(self, path: str) -> None:
        super().__init__(f"app-server control socket path exists and is not a socket: {path}")


class UnfitHandedSocket(StartRefused):
    """A socket handed over at start that cannot be listened on; a refusal of ours."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"cannot listen on the socket handed over by the service manager: {reason}")
