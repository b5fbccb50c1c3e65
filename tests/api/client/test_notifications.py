"""What a server tells is heard in order, by those who want it, and what is lost is not lost in silence."""

import asyncio

import pytest

from api.client.calls import Notification
from api.client.notifications import Notifications
from domain.errors import NotificationsLost, ServerGone
from domain.limits import NOTIFICATIONS_WAITING_MAX


def told(*methods: str) -> list[Notification]:
    """Notifications of these methods."""
    return [Notification(method, {}) for method in methods]


@pytest.mark.parametrize(
    ("wanted", "heard"), [([], ["a", "b", "c", "a"]), (["a", "c"], ["a", "c", "a"]), (["x"], [])]
)
async def test_wanted_methods_are_heard_in_order(wanted: list[str], heard: list[str]) -> None:
    notifications = Notifications(frozenset(wanted))
    for one in told("a", "b", "c", "a"):
        notifications.hear(one)
    notifications.end()
    assert [one.method async for one in notifications] == heard


async def test_who_waits_is_woken() -> None:
    notifications = Notifications(frozenset())
    waiting = asyncio.create_task(anext(notifications))
    await asyncio.sleep(0)
    notifications.hear(Notification("a", {}))
    assert (await waiting).method == "a"


async def test_what_came_before_the_end_is_given_before_the_failure() -> None:
    notifications = Notifications(frozenset())
    notifications.hear(Notification("a", {}))
    notifications.end(ServerGone("a notification", "killed"))
    notifications.end()
    notifications.hear(Notification("b", {}))
    assert (await anext(notifications)).method == "a"
    with pytest.raises(ServerGone):
        await anext(notifications)


async def test_more_than_may_wait_is_told_as_lost() -> None:
    notifications = Notifications(frozenset())
    for one in told("a") * (NOTIFICATIONS_WAITING_MAX + 5):
        notifications.hear(one)
    for _ in range(NOTIFICATIONS_WAITING_MAX):
        await anext(notifications)
    with pytest.raises(NotificationsLost):
        await anext(notifications)


async def test_leaving_its_block_ends_it() -> None:
    with Notifications(frozenset()) as notifications:
        pass
    assert notifications.has_ended
    assert [one async for one in notifications] == []
