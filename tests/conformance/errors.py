"""What goes wrong in the harness itself, as opposed to a wrong answer.

HarnessError
├── BadCase         a case that does not read
├── ServerEnded     the server closed its output
├── NotGreeted      the server refused to be initialized
├── NoAnswer        nothing came in time
└── NotJson         the server wrote a line that is no JSON object
"""


class HarnessError(Exception):
    """The base: a case that could not be played to its end."""


class BadCase(HarnessError):
    """A case file that does not read, or asks for what this runner cannot do."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"case {name}: {reason}")


class ServerEnded(HarnessError):
    """The server closed its output; with the last words of its standard error."""

    def __init__(self, last_words: str) -> None:
        super().__init__(f"the server ended{': ' + last_words if last_words else ' without a word'}")


class NotGreeted(HarnessError):
    """An `initialize` that was not answered by a result."""

    def __init__(self, answer: object) -> None:
        super().__init__(f"initialize was answered by {answer}")


class NoAnswer(HarnessError):
    """A request that was not answered in time."""

    def __init__(self, request_id: object, waited_s: float) -> None:
        super().__init__(f"no answer to request {request_id!r} in {waited_s:g} s")


class NotJson(HarnessError):
    """A line from the server that is no JSON object."""

    def __init__(self, line: bytes) -> None:
        super().__init__(f"not a JSON object: {line[:200]!r}")
