"""Where a line of a paginated log ends that has a given ordinal, looked for from the end of the log."""

from collections.abc import Iterator

from domain.history.ordinals import ordinal_of
from domain.limits import BLOCK_SIZE
from domain.log import OpenLog


def end_behind(source: OpenLog, ordinal: int) -> int | None:
    """The offset behind the last line of the log itself that has this ordinal; None when none has it.

    A last line without line feed ends where the log does.
    """
    for at, raw in _backward(source):
        whole = raw if raw.endswith(b"\n") else raw + b"\n"
        if ordinal_of(at, whole) == ordinal:
            return at + len(raw)
    return None


def _backward(source: OpenLog) -> Iterator[tuple[int, bytes]]:
    """The lines of the log itself with their offsets, the last first."""
    end, size = source.size, BLOCK_SIZE
    while end > 0:
        start = max(0, end - size)
        block = source.read(start, end - start)
        begin = 0 if start == 0 else block.find(b"\n") + 1
        if (begin == 0 and start > 0) or begin == len(block):  # not one whole line yet
            size *= 2
            continue
        at = end
        for raw in reversed(_lines(block[begin:])):
            at -= len(raw)
            yield at, raw
        end, size = at, BLOCK_SIZE


def _lines(block: bytes) -> list[bytes]:
    """The lines of a block, cut at line feeds alone."""
    lines = [line + b"\n" for line in block.split(b"\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines
