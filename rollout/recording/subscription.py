"""Following the log: what is recorded, then what gets recorded."""

from collections.abc import Sequence
from threading import Event
from typing import Protocol

from eventsourcing.persistence import ApplicationRecorder, ListenNotifySubscription


class Announcing(Protocol):
    """A recorder that sets events when there may be something new."""

    def listen(self, event: Event) -> None:
        """Sets the event from now on."""

    def unlisten(self, event: Event) -> None:
        """Leaves it alone again."""


class RolloutSubscription(ListenNotifySubscription[ApplicationRecorder]):
    """The lines behind a position, in order; waits for more when there are none."""

    def __init__(
        self,
        recorder: ApplicationRecorder,
        announcing: Announcing,
        gt: int | None = None,
        topics: Sequence[str] = (),
    ) -> None:
        self._announcing = announcing
        super().__init__(recorder, gt, topics)
        announcing.listen(self._has_been_notified)
        # The base class has been pulling since before we listened: what was recorded in between has
        # announced itself to nobody.
        self._has_been_notified.set()

    def stop(self) -> None:
        """Stops the subscription."""
        super().stop()
        self._announcing.unlisten(self._has_been_notified)
