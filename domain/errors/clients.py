"""What a client of a server meets."""

from domain.errors.base import ThreadstoreError


class RequestRefused(ThreadstoreError):
    """A request that was answered with an error: its code, sentence and data are those of the answer."""

    def __init__(self, code: int, message: str, data: object | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.data = data


class ServerGone(ThreadstoreError):
    """The conversation ended before an answer came; whether the request was served is not known."""

    def __init__(self, waiting_for: str, reason: str) -> None:
        super().__init__(f"the server went away before {waiting_for} came: {reason}")


class ServerUnreachable(ThreadstoreError):
    """Nobody answers at this address, or it is no app-server that answers."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"no server can be reached at {address}: {reason}")


class UnfitServerAddress(ThreadstoreError):
    """A text that is no address of a server."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is no server's address: expected unix://PATH or ws://HOST:PORT")


class NotificationsLost(ThreadstoreError):
    """More was told than anybody fetched, so that the rest was dropped."""

    def __init__(self, kept: int) -> None:
        super().__init__(f"more than {kept} notifications waited to be read: later ones were dropped")
