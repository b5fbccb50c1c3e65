"""thread/loaded/list and thread/unsubscribe: what this server holds, and who listens to it."""

from api.wire.connection import Connection, Params, Result
from domain.errors import InvalidCursor, InvalidThreadId
from domain.ids import parse_thread_id


async def loaded_list(connection: Connection, params: Params) -> Result:
    """The ids of the loaded threads, in order, behind the cursor."""
    ids = connection.context.live.ids()
    text = params.get("cursor")
    if text is not None:
        try:
            behind = str(parse_thread_id(text))
        except InvalidThreadId:
            raise InvalidCursor(text) from None
        ids = [thread_id for thread_id in ids if thread_id > behind]
    limit = params.get("limit")
    page = ids if limit is None else ids[: max(1, limit)]
    return {"data": page, "nextCursor": page[-1] if len(page) < len(ids) else None}


async def unsubscribe(connection: Connection, params: Params) -> Result:
    """Tell this connection no more of a thread, which stays loaded."""
    thread_id = parse_thread_id(params["threadId"])
    context = connection.context
    if context.live.get(thread_id) is None:
        return {"status": "notLoaded"}
    was_subscribed = context.hub.unsubscribe(connection, thread_id)
    return {"status": "unsubscribed" if was_subscribed else "notSubscribed"}
