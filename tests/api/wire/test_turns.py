"""Whose request begins: alone many at once, together a few each, and never behind somebody else's end."""

import asyncio

import pytest

from api.wire.turns import ALLOWANCES, Allowance, Kind, Place, Turns, kind_of
from domain.limits import CALM_SECONDS, MESSAGES_A_TURN, MESSAGES_A_TURN_ALONE
from tests.api.doors.asked import settle


class Clock:
    """A clock that a test sets."""

    now_s = 0.0

    def __call__(self) -> float:
        """The time that it shows."""
        return self.now_s


async def begun(place: Place, kind: Kind, count: int) -> "list[asyncio.Task[None]]":
    """Ask for so many; those that are done have begun."""
    asked = [asyncio.create_task(place.begin(kind)) for _ in range(count)]
    await settle()
    return asked


def count_begun(asked: "list[asyncio.Task[None]]") -> int:
    """How many have begun, which are the first ones."""
    states = [each.done() for each in asked]
    assert states == sorted(states, reverse=True)
    return sum(states)


@pytest.mark.parametrize(
    ("clients", "share"), [(0, 16), (1, 16), (2, 2), (3, 1), (4, 1), (5, 1), (200, 1)], ids=str
)
def test_clients_share_what_may_be_at_work_and_each_may_have_one(clients: int, share: int) -> None:
    assert Allowance(16, 4).share(clients) == share


@pytest.mark.parametrize("kind", Kind)
async def test_one_alone_may_have_many_at_work_and_the_next_when_one_ends(kind: Kind) -> None:
    place = Turns(Clock()).place()
    alone = ALLOWANCES[kind].alone
    asked = await begun(place, kind, alone + 3)
    assert count_begun(asked) == alone
    for more in (1, 2, 3):
        place.end(kind)
        await settle()
        assert count_begun(asked) == alone + more


@pytest.mark.parametrize("kind", Kind)
async def test_one_that_comes_to_another_at_work_begins_at_once_and_both_have_their_share(kind: Kind) -> None:
    turns = Turns(Clock())
    first, second = turns.place(), turns.place()
    share = ALLOWANCES[kind].share(2)
    many = await begun(first, kind, ALLOWANCES[kind].alone + 1)
    few = await begun(second, kind, share + 1)
    assert count_begun(few) == share
    for _ in range(ALLOWANCES[kind].alone - share):
        first.end(kind)
    await settle()
    assert count_begun(many) == ALLOWANCES[kind].alone
    first.end(kind)
    await settle()
    assert count_begun(many) == ALLOWANCES[kind].alone + 1
    second.end(kind)
    await settle()
    assert count_begun(few) == share + 1


async def test_one_that_asked_a_moment_ago_counts_and_later_does_not() -> None:
    clock = Clock()
    turns = Turns(clock)
    first, second = turns.place(), turns.place()
    await second.begin(Kind.ASKING)
    second.end(Kind.ASKING)
    asked = await begun(first, Kind.ASKING, 20)
    assert count_begun(asked) == ALLOWANCES[Kind.ASKING].share(2)
    clock.now_s = CALM_SECONDS + 1
    first.end(Kind.ASKING)
    await settle()
    assert count_begun(asked) == ALLOWANCES[Kind.ASKING].alone + 1
    for each in asked:
        each.cancel()


async def test_one_with_something_at_work_counts_however_long_it_takes() -> None:
    clock = Clock()
    turns = Turns(clock)
    await turns.place().begin(Kind.ASKING)
    clock.now_s = 1000 * CALM_SECONDS
    await turns.place().begin(Kind.ASKING)
    assert turns.clients() == 2


async def test_one_that_gives_up_waiting_takes_nothing() -> None:
    place = Turns(Clock()).place()
    alone = ALLOWANCES[Kind.WHOLE].alone
    asked = await begun(place, Kind.WHOLE, alone + 2)
    asked[alone].cancel()
    await settle()
    place.end(Kind.WHOLE)
    await settle()
    assert [each.done() for each in asked] == [True] * (alone + 2)


async def test_a_turn_is_long_for_one_alone_and_short_where_others_ask() -> None:
    turns = Turns(Clock())
    place, other = turns.place(), turns.place()
    alone = [place.is_turn_over() for _ in range(2 * MESSAGES_A_TURN_ALONE)]
    await other.begin(Kind.ASKING)
    together = [place.is_turn_over() for _ in range(2 * MESSAGES_A_TURN)]
    for turned, size in ((alone, MESSAGES_A_TURN_ALONE), (together, MESSAGES_A_TURN)):
        assert [number + 1 for number, is_over in enumerate(turned) if is_over] == [size, 2 * size]


@pytest.mark.parametrize(
    ("method", "params", "kind"),
    [
        ("thread/list", {}, Kind.ASKING),
        ("thread/read", {}, Kind.ASKING),
        ("thread/read", {"includeTurns": True}, Kind.WHOLE),
        ("thread/resume", {}, Kind.WHOLE),
        ("thread/resume", {"excludeTurns": True}, Kind.ASKING),
        ("thread/fork", {"excludeTurns": False}, Kind.WHOLE),
        ("thread/rollback", {"numTurns": 1}, Kind.WHOLE),
        ("thread/inject_items", {}, Kind.ADDING),
        ("threadStore/append", {}, Kind.ADDING),
    ],
)
def test_the_kind_of_a_request(method: str, params: dict[str, object], kind: Kind) -> None:
    assert kind_of(method, params) is kind
