"""The first line of a paginated log may name the log that it goes on from."""

import pytest

from domain.history.base import BaseNamed, base_named
from domain.history.dialect import dialect_of
from domain.history.rows import Dialect
from domain.limits import ORDINAL_MAX
from tests.domain.paginated_log import paginated_meta, tokens
from tests.home import THREAD, meta

TOLD = {"thread_id": str(THREAD), "end_ordinal_exclusive": 5, "end_byte_offset": 700}
NAMED = BaseNamed(THREAD, 5, 700)

BASES = [
    (paginated_meta(5, history_base=TOLD), NAMED),
    (paginated_meta(None, history_base={**TOLD, "thread_id": f"urn:uuid:{THREAD}"}), NAMED),
    (b"\xef\xbb\xbf" + paginated_meta(5, history_base=TOLD), NAMED),
    (
        paginated_meta(5, history_base={**TOLD, "end_ordinal_exclusive": 2**64 - 1}),
        BaseNamed(THREAD, ORDINAL_MAX, 700),
    ),
    (paginated_meta(5), None),
    (paginated_meta(5, history_base=None), None),
    (meta(history_base=TOLD), None),
    (meta(history_base=TOLD, history_mode="legacy"), None),
    (meta(history_base=TOLD, history_mode="x"), None),
    (tokens(5), None),
    (b"{\n", None),
    (b"", None),
]


@pytest.mark.parametrize(("raw", "named"), BASES)
def test_a_base_is_named_by_the_head(raw: bytes, named: BaseNamed | None) -> None:
    assert base_named(raw) == named


WRONG: list[object] = [
    5,
    "x",
    [],
    {},
    *({name: value for name, value in TOLD.items() if name != left_out} for left_out in TOLD),
    {**TOLD, "thread_id": "x"},
    {**TOLD, "end_ordinal_exclusive": -1},
    {**TOLD, "end_byte_offset": 1.5},
]


@pytest.mark.parametrize("told", WRONG)
def test_a_malformed_base_is_none(told: object) -> None:
    assert base_named(paginated_meta(5, history_base=told)) is None


def test_without_a_mode_a_log_is_a_legacy_one() -> None:
    assert dialect_of({}) is Dialect.LEGACY
