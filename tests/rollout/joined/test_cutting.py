"""The line with an ordinal is found from the end of a log."""

from pathlib import Path

import pytest

from domain.limits import BLOCK_SIZE
from rollout.joined.cutting import end_behind
from rollout.log import RolloutLog
from tests.domain.paginated_log import paginated_meta, tokens
from tests.home import line

LONG = line("event_msg", {"type": "task_started", "turn_id": "t" * (3 * BLOCK_SIZE)}, ordinal=5)
HEAD = paginated_meta()

LOGS: dict[str, list[bytes]] = {
    "short": [HEAD, *map(tokens, range(1, 5))],
    "long lines": [HEAD, tokens(1), LONG, tokens(6), LONG.replace(b':5,"type"', b':7,"type"')],
    "many blocks": [HEAD, *map(tokens, range(1, 2000))],
    "garbage": [HEAD, b"garbage\n", tokens(1), b"\n", b"\xff\xfe\n", tokens(2), b"{}\n"],
    "no last line feed": [HEAD, tokens(1), tokens(2)[:-1]],
    "torn": [HEAD, tokens(1), tokens(2)[:-5]],
    "separators in a text": [HEAD, tokens(1).replace(b"null", b'"\xe2\x80\xa8\r"', 1), tokens(2)],
}


@pytest.mark.parametrize("lines", LOGS.values(), ids=LOGS)
def test_every_line_that_counts_is_found(lines: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"".join(lines))
    ends = {}
    at = 0
    for raw in lines:
        at += len(raw)
        whole = raw.rstrip(b"\n").endswith(b"}}") and b'"ordinal":' in raw
        if whole:
            ends[int(raw.split(b'"ordinal":')[1].split(b",")[0])] = at
    with RolloutLog().open(str(path)) as source:
        assert {ordinal: end_behind(source, ordinal) for ordinal in ends} == ends
        assert end_behind(source, max(ends) + 1) is None


def test_an_empty_log_has_no_line(tmp_path: Path) -> None:
    (tmp_path / "log").touch()
    with RolloutLog().open(str(tmp_path / "log")) as source:
        assert end_behind(source, 0) is None


def test_the_end_of_a_long_log_is_found_by_its_last_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"".join(LOGS["many blocks"]))
    with RolloutLog().open(str(path)) as source:
        sizes: list[int] = []
        read = source.read

        def counted(at: int, size: int) -> bytes:
            sizes.append(size)
            return read(at, size)

        monkeypatch.setattr(source, "read", counted)
        assert end_behind(source, 1990) is not None
        assert sizes == [BLOCK_SIZE]
