"""How much is read from a client at once."""

import pytest

from api.doors.gulp import READ_SIZE, Gulp
from domain.limits import FRAMES_A_TURN, READ_SIZE_MAX, READ_SIZE_MIN


@pytest.mark.parametrize(
    ("frame_count", "sizes"),
    [
        (1, [8192, 16384, 32768, 65536, READ_SIZE_MAX]),
        (FRAMES_A_TURN, [READ_SIZE] * 2),
        (FRAMES_A_TURN + 1, [2048, 1024, 512, READ_SIZE_MIN]),
    ],
)
def test_few_frames_make_it_more_and_many_less(frame_count: int, sizes: list[int]) -> None:
    gulp = Gulp()
    for size in sizes:
        gulp.note(gulp.size, frame_count)
        assert gulp.size == len(gulp.buffer()) == size


def test_a_client_that_says_little_tells_nothing() -> None:
    gulp = Gulp()
    gulp.note(100, 1)
    assert gulp.size == READ_SIZE


def test_what_was_taken_stays_though_more_is_read() -> None:
    gulp = Gulp()
    gulp.buffer()[:5] = b"first"
    taken = gulp.taken(5)
    Gulp().buffer()[:5] = b"other"
    assert taken == b"first"
