"""Closing a loaded thread that nobody is subscribed to: no request, but what clients are told is the same."""

from uuid import UUID

from api.context import Context
from api.handlers.archiving import unload


def close(context: Context, thread_id: UUID) -> None:
    """Hold a thread no more, and tell everyone: first its state, then that it is closed."""
    if context.live.get(thread_id) is not None:
        unload(context, thread_id)
        context.hub.tell_all("thread/closed", {"threadId": str(thread_id)})
