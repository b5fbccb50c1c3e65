"""Commands to threads from the event loop: those that wait for the same thread are saved together."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from api.commanding.group_commit import GroupCommit
from domain.thread.application import Command, ThreadStore
from domain.thread.thread import Thread

Answer = TypeVar("Answer")


class Commands:
    """The way to change threads; for use from one event loop."""

    def __init__(self, store: ThreadStore) -> None:
        self._groups: GroupCommit[UUID, Command[Any], Any] = GroupCommit(store.run_together)

    async def run(
        self,
        thread_id: UUID,
        command: Callable[[Thread], Answer],
        *,
        begin: Callable[[], Thread] | None = None,
    ) -> Answer:
        """Apply a command and save what it adds, as durable as the store is; gives the command's answer.

        The command may be applied several times, to the thread as it is each time, before one of them is
        saved. When it raises, nothing of it stays. `begin` makes the thread when none is stored;
        ThreadNotFound without it.
        """
        answer: Answer = await self._groups.run(thread_id, Command(command, begin))
        return answer

    async def settle(self) -> None:
        """Wait until every command that was given is saved, or has failed and was told so."""
        nothing: Command[None] = Command(lambda _: None)
        waiting = [self._groups.run(thread_id, nothing) for thread_id in self._groups.busy_keys()]
        await asyncio.gather(*waiting, return_exceptions=True)

    async def close(self) -> None:
        """Finish the commands that were given and take no more."""
        await self._groups.close()
