"""Storing a started thread: nothing is written before it is worth it."""

from uuid import UUID

from api.clock import now_text
from api.context import Context
from domain.thread.draft import Draft, head_payload
from domain.thread.thread import Thread
from rollout.git import git_facts


async def materialise(context: Context, thread_id: UUID) -> None:
    """Write the first line of a loaded thread that has no file; nothing to do for any other thread."""
    live = context.live.unstored(thread_id)
    if live is None or live.draft is None or live.path is None:
        return
    draft = live.draft
    head = await first_line(context, draft)
    await context.commands.run(
        thread_id, lambda thread: thread.version, begin=lambda: Thread.start(thread_id, head, now_text())
    )
    live.draft = None
    context.engine.wrote([live.path])


async def first_line(context: Context, draft: Draft) -> dict[str, object]:
    """The payload of a session_meta line that begins a file now: with the git facts of the present."""
    return head_payload(draft, await context.engine.files.run(git_facts, draft.cwd))
