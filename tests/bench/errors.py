"""What keeps a measurement from being taken."""

from collections.abc import Sequence


class BenchError(Exception):
    """The base: one piece of the benchmark fails, the others go on."""


class Refused(BenchError):
    """A request that a server did not answer with a result."""

    def __init__(self, method: str, answer: bytes | None) -> None:
        super().__init__(f"{method}: {answer[:300].decode(errors='replace') if answer else 'no answer'}")


class IndexFailed(BenchError):
    """The index command did not end well."""

    def __init__(self, command: Sequence[str], code: int, output: str) -> None:
        super().__init__(f"{' '.join(command)}: exit code {code}\n{output[-2000:]}")
