"""Who is told what: the open connections, and the threads that each is subscribed to.

Threads that start, change their state, their place or their name are told to every initialized connection;
goals to those with the experimental API; what happens inside a thread to its subscribers (jsonrpc.md).
"""

from collections.abc import Callable, Iterable
from typing import Protocol
from uuid import UUID


class Listener(Protocol):
    """A connection, as those see it who have something to tell."""

    @property
    def has_experimental_api(self) -> bool:
        """Whether the client asked for the experimental API."""
        ...

    def tell(self, method: str, params: object) -> None:
        """Send a notification, unless the client is not initialized or does not want it."""


class Hub:
    """The open connections of a service."""

    def __init__(self) -> None:
        self._listeners: dict[Listener, set[UUID]] = {}
        self.left: list[Callable[[UUID], None]] = []
        """Called with a thread that has lost its last subscriber."""
        self.watched: list[Callable[[UUID], None]] = []
        """Called with a thread that somebody subscribes to, or that is loaded no more."""

    def join(self, listener: Listener) -> None:
        """A connection was opened."""
        self._listeners[listener] = set()

    def leave(self, listener: Listener) -> None:
        """A connection ended, and its subscriptions with it."""
        for thread_id in self._listeners.pop(listener, set()):
            self._tell_left(thread_id)

    def subscribe(self, listener: Listener, thread_id: UUID) -> None:
        """This connection is told from now on what happens inside the thread."""
        if listener in self._listeners:
            self._listeners[listener].add(thread_id)
            _call(self.watched, thread_id)
        else:  # it has gone meanwhile, and the thread was loaded for nobody
            self._tell_left(thread_id)

    def unsubscribe(self, listener: Listener, thread_id: UUID) -> bool:
        """This connection is told no more; tells whether it was."""
        threads = self._listeners.get(listener, set())
        was_subscribed = thread_id in threads
        threads.discard(thread_id)
        if was_subscribed:
            self._tell_left(thread_id)
        return was_subscribed

    def forget(self, thread_id: UUID) -> None:
        """A thread is loaded no more: nobody is subscribed to it."""
        for threads in self._listeners.values():
            threads.discard(thread_id)
        _call(self.watched, thread_id)

    def _tell_left(self, thread_id: UUID) -> None:
        if not any(thread_id in threads for threads in self._listeners.values()):
            _call(self.left, thread_id)

    def tell_all(self, method: str, params: object) -> None:
        """Tell every initialized connection."""
        _tell(self._listeners, method, params)

    def tell_experimental(self, method: str, params: object) -> None:
        """Tell every initialized connection with the experimental API."""
        _tell([one for one in self._listeners if one.has_experimental_api], method, params)

    def tell_subscribers(self, thread_id: UUID, method: str, params: object) -> None:
        """Tell the connections that are subscribed to the thread."""
        _tell([one for one, threads in self._listeners.items() if thread_id in threads], method, params)


def _call(those: Iterable[Callable[[UUID], None]], thread_id: UUID) -> None:
    for each in those:
        each(thread_id)


def _tell(listeners: Iterable[Listener], method: str, params: object) -> None:
    for listener in list(listeners):
        listener.tell(method, params)
