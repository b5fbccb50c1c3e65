"""A subscription gives every line once, whenever it was recorded."""

from collections.abc import Sequence
from threading import Event, Timer
from typing import Any

import pytest
from eventsourcing.persistence import Notification

from rollout.recording.subscription import RolloutSubscription
from tests.rollout.recorders import HEAD, OTHER_THREAD, THREAD, Place, events, message

ONE = message("one")


def test_what_was_and_what_will_be_recorded_is_given(place: Place) -> None:
    recorder = place.recorder()
    recorder.insert_events(events(THREAD, 1, HEAD, ONE))
    with recorder.subscribe(gt=1) as subscription:
        assert next(subscription).id == 2
        recorder.insert_events(events(THREAD, 3, ONE))
        assert next(subscription).id == 3


def test_topics_are_chosen(place: Place) -> None:
    recorder = place.recorder()
    recorder.insert_events(events(THREAD, 1, HEAD, ONE))
    recorder.insert_events(events(OTHER_THREAD, 1, HEAD, ONE))
    with recorder.subscribe(topics=["event_msg:user_message"]) as subscription:
        assert [next(subscription).id, next(subscription).id] == [2, 4]


def test_lines_of_other_programs_are_given_when_they_are_found(place: Place) -> None:
    recorder = place.recorder()
    with recorder.subscribe() as subscription:
        place.write(HEAD, ONE)
        recorder.catch_up([(str(place.path()), THREAD)])
        assert [next(subscription).id, next(subscription).id] == [1, 2]


def test_a_line_recorded_before_the_subscription_listens_is_not_missed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = place.recorder()
    has_pulled = Event()
    select = recorder.select_notifications

    def selecting(*args: Any, **options: Any) -> Sequence[Notification]:
        found = select(*args, **options)
        has_pulled.set()
        return found

    listen = recorder.listen

    def late(event: Event) -> None:
        assert has_pulled.wait(10)
        recorder.insert_events(events(THREAD, 1, HEAD))
        listen(event)

    monkeypatch.setattr(recorder, "select_notifications", selecting)
    monkeypatch.setattr(recorder, "listen", late)
    with recorder.subscribe() as subscription:
        rescue = Timer(10, subscription.stop)
        rescue.start()
        assert next(subscription).id == 1
        rescue.cancel()


def test_a_stopped_subscription_is_told_nothing_more(place: Place) -> None:
    recorder = place.recorder()
    with recorder.subscribe() as subscription:
        assert len(recorder._listeners) == 1
        subscription.stop()
        assert list(subscription) == []
    assert recorder._listeners == set()


def test_a_subscription_that_fails_at_once_is_not_kept(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = place.recorder()
    stop = RolloutSubscription.stop
    has_failed = Event()

    def failing(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    def stopping(subscription: RolloutSubscription) -> None:
        stop(subscription)
        has_failed.set()

    listen = recorder.listen

    def late(event: Event) -> None:
        assert has_failed.wait(10)
        listen(event)

    monkeypatch.setattr(recorder, "select_notifications", failing)
    monkeypatch.setattr(recorder, "listen", late)
    monkeypatch.setattr(RolloutSubscription, "stop", stopping)
    with recorder.subscribe() as subscription, pytest.raises(ZeroDivisionError):
        next(subscription)
    assert recorder._listeners == set()
