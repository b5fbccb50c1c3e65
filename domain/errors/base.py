"""What every failure is."""


class ThreadstoreError(Exception):
    """The base of all failures; carries the JSON-RPC code and the exit code of the command line.

    `data` is what the answer tells beside the sentence, as JSON; most failures have none.
    """

    code = -32603
    exit_code = 2
    data: object | None = None


class InvalidRequest(ThreadstoreError):
    """The request cannot be served as it stands."""

    code = -32600


class InternalError(ThreadstoreError):
    """Something outside the request failed: a file, a folder, the index."""
