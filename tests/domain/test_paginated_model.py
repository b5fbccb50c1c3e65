"""Over drawn logs the fold gives what a second reader gives, however the lines are handed in and over."""

import json

from hypothesis import given
from hypothesis import strategies as st

from domain.history.rows import Dialect
from domain.lines import PASSED_OVER
from domain.views import ItemsView
from tests.domain.memory_turns import Handing
from tests.domain.paginated_log import (
    Numbered,
    PaginatedLog,
    abort,
    agent,
    all_rows,
    end,
    item,
    numbered,
    paginated_meta,
    plan,
    start,
    tokens,
    user,
)
from tests.domain.paginated_model import counted, turns_of
from tests.home import line
from tests.properties.scale import examples

TURN_IDS = st.sampled_from(["a", "b", "c", ""])
ITEM_IDS = st.sampled_from(["1", "2", "3", "item-1", ""])
PHASES = st.sampled_from(["final_answer", "commentary", None])
TIMES = st.fixed_dictionaries(
    {},
    optional={
        "started_at": st.integers(-1, 5),
        "completed_at": st.integers(5, 9),
        "duration_ms": st.just(1),
    },
)
ERRORS = st.sampled_from([None, {"message": "m"}, {"message": "n", "codex_error_info": "other"}, "wrong"])


def other_writer(told: Numbered) -> Numbered:
    """The line as no release writes it, which says the same."""
    return lambda ordinal: json.dumps(json.loads(told(ordinal))).encode() + b"\r\n"


def cut(told: Numbered) -> Numbered:
    """The line without its end."""
    return lambda ordinal: told(ordinal)[:-12] + b"\n"


def response(ordinal: int) -> bytes:
    """A line for the model."""
    return line("response_item", {"type": "reasoning", "summary": []}, ordinal=ordinal)


SHOWING = st.one_of(
    st.builds(lambda turn_id, times: start(turn_id, **times), TURN_IDS, TIMES),
    st.builds(lambda turn_id, times, error: end(turn_id, error=error, **times), TURN_IDS, TIMES, ERRORS),
    st.builds(lambda turn_id, times: abort(turn_id, **times), st.none() | TURN_IDS, TIMES),
    st.builds(user, ITEM_IDS, TURN_IDS, st.sampled_from(["x", ""])),
    st.builds(agent, ITEM_IDS, TURN_IDS, st.just("y"), PHASES),
    st.builds(plan, ITEM_IDS, TURN_IDS),
)
SILENT = st.one_of(
    st.just(tokens),
    st.just(response),
    st.builds(lambda item_id, turn_id: item("Sleep", item_id, turn_id), ITEM_IDS, TURN_IDS),
    st.builds(lambda item_id, turn_id: item("Mystery", item_id, turn_id), ITEM_IDS, TURN_IDS),
    st.builds(lambda turn_id: numbered("item_started", turn_id=turn_id), TURN_IDS),
    st.builds(lambda text: numbered("user_message", message=text), st.just("u")),
    st.just(lambda _ordinal: b"garbage {\n"),
    st.just(lambda _ordinal: b"\n"),
    st.just(paginated_meta),
)
LINES = st.one_of(SHOWING, SHOWING, SHOWING, SILENT)
WRITTEN = st.one_of(LINES, LINES, LINES, SHOWING.map(other_writer), LINES.map(cut))
STEPS = st.sampled_from([1, 1, 1, 1, 1, 1, 2, 5, 0, -1, -3])
"""From one ordinal to the next: mostly as written, sometimes with gaps, repeated, or back."""

LOGS = st.lists(st.tuples(STEPS, WRITTEN), max_size=40)


def numbered_lines(drawn: list[tuple[int, Numbered]]) -> list[bytes]:
    """The drawn lines with their ordinals, behind a head."""
    lines, ordinal = [paginated_meta(0)], 0
    for step, told in drawn:
        ordinal += step
        lines.append(told(ordinal))
    return lines


@examples(150)
@given(LOGS)
def test_the_fold_gives_what_a_second_reader_gives(drawn: list[tuple[int, Numbered]]) -> None:
    lines = numbered_lines(drawn)
    log = PaginatedLog()
    log.add(*lines)
    expected = counted(lines)
    for view in ItemsView:
        assert log.turns(view) == turns_of(expected, view)


@examples(60)
@given(LOGS, st.data())
def test_rows_are_the_same_however_lines_are_handed_in(
    drawn: list[tuple[int, Numbered]], data: st.DataObject
) -> None:
    lines = numbered_lines(drawn)
    cut_at = data.draw(st.integers(0, len(lines)), label="where the fold is left and gone on with")
    whole = PaginatedLog()
    whole.add(*lines)
    rows = all_rows(whole)
    for passed_over in (PASSED_OVER, ()):
        in_two = PaginatedLog(passed_over=passed_over)
        in_two.add(*lines[:cut_at])
        in_two.reload()
        in_two.add(*lines[cut_at:])
        assert all_rows(in_two) == rows
        for handing in Handing:
            log = PaginatedLog(handing, passed_over)
            log.add(*lines)
            assert all_rows(log) == rows


@examples(60)
@given(LOGS, LOGS)
def test_a_log_goes_on_from_its_base_as_a_second_reader_does(
    older: list[tuple[int, Numbered]], newer: list[tuple[int, Numbered]]
) -> None:
    base = numbered_lines(older)
    floor = 1000
    own = [paginated_meta(floor)] + [told(floor + at) for at, (_, told) in enumerate(newer, start=1)]
    expected = counted(base) + counted(own[1:], floor)
    for handing in Handing:
        log = PaginatedLog(handing, base=len(b"".join(base)))
        log.fold.begin_log(-1, is_base=True)
        log.add(*base)
        log.fold.begin_log(floor, is_base=False)
        log.add(*own)
        assert log.turns() == turns_of(expected)
        assert log.head.dialect is Dialect.PAGINATED
