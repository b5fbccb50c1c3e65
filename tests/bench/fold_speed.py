"""How fast the fold of a paginated log is: `python -m tests.bench.fold_speed [turns]`, CPU time alone."""

import sys
import time

from domain.history.log_fold import LogFold
from domain.history.rows import HistoryHead
from domain.limits import BLOCK_SIZE
from domain.lines import PASSED_OVER
from domain.log import LogSlice
from tests.domain.generated_log import generated
from tests.domain.memory_turns import MemoryTurns


def slices_of(data: bytes) -> list[LogSlice]:
    """The log in slices as a reader hands them on."""
    pieces, at = [], 0
    while at < len(data):
        end = data.rfind(b"\n", at, at + BLOCK_SIZE) + 1 or data.find(b"\n", at + BLOCK_SIZE) + 1 or len(data)
        pieces.append(LogSlice(at, end, 1, data[at:end]))
        at = end
    return pieces


def seconds(pieces: list[LogSlice], passed_over: tuple[bytes, ...]) -> float:
    """CPU seconds of folding all slices and handing over the rows."""
    fold = LogFold(HistoryHead(), MemoryTurns(), lambda _start, _end: 0, passed_over)
    before = time.process_time()
    for piece in pieces:
        fold.feed(piece)
    fold.take()
    return time.process_time() - before


def main(turns: int) -> None:
    """Measure twice, with and without the shortcut."""
    data = b"".join(generated(turns))
    pieces = slices_of(data)
    print(f"{turns} turns, {len(data) / 1e6:.0f} MB")
    for name, passed_over in (("passing lines over", PASSED_OVER), ("parsing every line", ())):
        best = min(seconds(pieces, passed_over) for _ in range(3))
        print(f"{name}: {len(data) / best / 1e6:.0f} MB/s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
