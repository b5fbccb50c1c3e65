"""What keeps a measurement from being taken."""

from collections.abc import Sequence


class BenchError(Exception):
    """The base: one piece of the benchmark fails, the others go on."""


class Refused(BenchError):
    """A request that a server did not answer with a result."""

    def __init__(self, method: str, answer: bytes | None) -> None:
        super().__init__(f"{method}: {answer[:300].decode(errors='replace') if answer else 'no answer'}")


class NeverQuiet(BenchError):
    """A server that went on working although nobody asked it anything."""

    def __init__(self, waited_s: float) -> None:
        super().__init__(f"the server was still at work after {waited_s:g} s")


class NeverComplete(BenchError):
    """A list that did not show all the threads of the home."""

    def __init__(self, seen: int, wanted: int, waited_s: float) -> None:
        super().__init__(f"{seen} of {wanted} after {waited_s:g} s")


class NoAppend(BenchError):
    """A server that takes no items for a thread."""

    def __init__(self) -> None:
        super().__init__("no method that appends an item was served")


class IndexFailed(BenchError):
    """The index command did not end well."""

    def __init__(self, command: Sequence[str], code: int, output: str) -> None:
        super().__init__(f"{' '.join(command)}: exit code {code}\n{output[-2000:]}")
