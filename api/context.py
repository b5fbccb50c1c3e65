"""What all requests of a service share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from api.commanding.commands import Commands
from api.commanding.group_commit import GroupCommit
from api.engine import Engine
from api.live import LiveThreads
from api.wire.hub import Hub
from domain.durability import Durability
from domain.listing.thread_object import Defaults
from domain.log import RolloutPlace
from domain.notes.notes_store import NotesStore
from domain.session.session import SessionBase
from rollout.finding.paths import ThreadPaths
from rollout.recording.notes_reader import NotesReader
from rollout.writing.naming import NameEntry

if TYPE_CHECKING:
    from api.indexing.index_view import IndexView


@dataclass(frozen=True, slots=True)
class Context:
    """The home at work, what changes it, who is told, and what stands in for facts not told.

    `names` appends to the file of names, several entries at once where several wait. `notes` are commanded,
    `noted` is what they say, read again only when they changed.
    """

    engine: Engine
    live: LiveThreads
    hub: Hub
    commands: Commands
    names: GroupCommit[str, NameEntry, None]
    notes: NotesStore
    noted: NotesReader
    durability: Durability
    defaults: Defaults
    base: SessionBase
    view: "IndexView"
    paths: ThreadPaths

    async def place_of(self, thread_id: UUID) -> RolloutPlace:
        """The file of a thread; a loaded one stays with its file as long as that is there.

        ThreadNotLoaded when there is none.
        """
        live = self.live.get(thread_id)
        if live is None or not live.is_stored or live.path is None:
            return await self.engine.find(thread_id)
        place = self.engine.files.place_now(live.path, thread_id)
        if place is None:
            place = await self.engine.find(thread_id)
            live.path = place.path
        self.paths.bind(place.thread_id, place.path)
        return place

    async def close(self) -> None:
        """Finish what was asked for, then close everything."""
        await self.commands.close()
        await self.names.close()
        self.notes.close()
        self.view.close()
        await self.engine.close()

    async def materialise(self, thread_id: UUID) -> None:
        """Store a loaded thread that is not stored yet; nothing to do for any other."""
        from api.commanding.storing import materialise  # noqa: PLC0415 - that module works on contexts

        await materialise(self, thread_id)
