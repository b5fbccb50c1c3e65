"""Tests of the words that shapes are written in."""

from typing import Any

import pytest

from domain.shapes import checks
from domain.shapes.checks import MISSING, Check

VALUES: tuple[Any, ...] = (None, True, 0, 1, -1, 0.5, 1.0, "", "x", "/x", [], ["x"], {}, {"x": 1})

FITTING: tuple[tuple[Check, tuple[Any, ...]], ...] = (
    (checks.anything, VALUES),
    (checks.string, ("", "x", "/x")),
    (checks.boolean, (True,)),
    (checks.number, (0, 1, -1, 0.5, 1.0)),
    (checks.absolute_path, ("/x",)),
    (checks.u32, (0, 1)),
    (checks.i64, (0, 1, -1)),
    (checks.whole(1, 5), (1,)),
    (checks.one_of("x"), ("x",)),
    (checks.nullable(checks.boolean), (None, True)),
    (checks.either(checks.boolean, checks.u32), (True, 0, 1)),
    (checks.list_of(checks.string), ([], ["x"])),
    (checks.list_of(checks.u32), ([],)),
    (checks.map_of(checks.u32), ({}, {"x": 1})),
    (checks.map_of(checks.string), ({},)),
    (checks.record({}), ({}, {"x": 1})),
    (checks.record({"x": checks.u32}), ({"x": 1},)),
    (checks.record({}, {"x": checks.string}), ({},)),
    (checks.exact_record({}), ({},)),
    (checks.exact_record({}, {"x": checks.u32}), ({}, {"x": 1})),
    (checks.keyed({"x": checks.u32}), ({"x": 1},)),
    (checks.keyed({"y": checks.u32}), ()),
    (checks.one_spelling("x", "y", checks.record({})), ({}, {"x": 1})),
    (checks.tagged("x", {}), ()),
)


def same(one: object, other: object) -> bool:
    """Equal and of one type: True is not 1, 1.0 is not 1."""
    return type(one) is type(other) and one == other


@pytest.mark.parametrize(("check", "fitting"), FITTING)
def test_a_check_fits_these_values_and_no_others(check: Check, fitting: tuple[Any, ...]) -> None:
    for value in VALUES:
        assert check(value) is any(same(value, one) for one in fitting), value


@pytest.mark.parametrize("check", [check for check, _ in FITTING])
def test_an_absent_field_fits_no_check(check: Check) -> None:
    assert check(MISSING) is False


@pytest.mark.parametrize(
    ("check", "lowest", "highest"),
    [
        (checks.i32, -2_147_483_648, 2_147_483_647),
        (checks.i64, -9_223_372_036_854_775_808, 9_223_372_036_854_775_807),
        (checks.u32, 0, 4_294_967_295),
        (checks.u64, 0, 18_446_744_073_709_551_615),
    ],
)
def test_whole_numbers_fit_up_to_the_ends_of_their_range(check: Check, lowest: int, highest: int) -> None:
    assert check(lowest)
    assert check(highest)
    assert not check(lowest - 1)
    assert not check(highest + 1)


def test_a_record_needs_an_any_field_to_be_there_even_as_null() -> None:
    check = checks.record({"x": checks.anything})
    assert check({"x": None})
    assert not check({})


def test_a_field_has_one_of_two_names_but_not_both() -> None:
    check = checks.one_spelling("new", "old", checks.record({}))
    assert check({"new": 1})
    assert check({"old": 1})
    assert not check({"new": 1, "old": 1})


def test_an_object_of_one_alternative_has_exactly_one_key() -> None:
    check = checks.keyed({"x": checks.u32, "y": checks.u32})
    assert check({"y": 1})
    assert not check({})
    assert not check({"x": 1, "y": 1})
    assert not check({"x": "1"})


def test_a_tag_must_be_a_known_name_unless_unknown_ones_have_a_shape() -> None:
    strict = checks.tagged("type", {"x": checks.record({"n": checks.u32})})
    lenient = checks.tagged("type", {"x": checks.record({"n": checks.u32})}, unknown=checks.anything)
    assert strict({"type": "x", "n": 1})
    assert not strict({"type": "y"})
    assert lenient({"type": "y"})
    for check in (strict, lenient):
        assert not check({"type": "x"})
        assert not check({"n": 1})
        assert not check({"type": None})
        assert not check({"type": ["x"]})
        assert not check({"type": 0, "n": 1})
