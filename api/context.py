"""What all requests of a service share.

Most of it is made, and its code read, when it is first asked for: a client is greeted in half the time that
reading everything takes, and many never ask for more than lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from api.configuration.config import Config
from api.live import LiveThreads
from api.wire.hub import Hub
from domain.durability import Durability
from domain.listing.thread_object import Defaults
from domain.log import RolloutPlace
from domain.session.session import SessionBase
from rollout.finding.home import Home

if TYPE_CHECKING:
    from api.commanding.commands import Commands
    from api.commanding.group_commit import GroupCommit
    from api.engine import Engine
    from api.indexing.index_view import IndexView
    from domain.notes.notes_store import NotesStore
    from rollout.finding.paths import ThreadPaths
    from rollout.recording.notes_reader import NotesReader
    from rollout.writing.naming import NameEntry


@dataclass(frozen=True)
class Context:
    """The home at work, what changes it, who is told, and what stands in for facts not told.

    A lasting one watches the home and fills its index once it was started. `overrides` are the settings of
    the command line, which lie in `config` over those of the home. `allows_external_rollouts` lets the user
    go on in a file outside the home where it is.
    """

    home: Home
    config: Config
    overrides: Mapping[str, Any]
    durability: Durability
    defaults: Defaults
    base: SessionBase
    is_lasting: bool = False
    allows_external_rollouts: bool = False
    live: LiveThreads = field(default_factory=LiveThreads)
    hub: Hub = field(default_factory=Hub)

    # ruff: noqa: PLC0415 - this is where the parts are read

    @cached_property
    def engine(self) -> "Engine":
        """What finds threads, keeps the index up and reads the log."""
        from api.engine import Engine

        engine = Engine(self.home, self.config)
        engine.keeper.noticed.append(self._tell_of_index)
        return engine

    @cached_property
    def view(self) -> "IndexView":
        """The index, to be read from any thread."""
        from api.indexing.index_view import IndexView

        return IndexView(self.home.index)

    @cached_property
    def paths(self) -> "ThreadPaths":
        """The files of threads, for those who write."""
        from rollout.finding.paths import ThreadPaths

        return ThreadPaths(self.home)

    @cached_property
    def commands(self) -> "Commands":
        """What changes threads."""
        from api.commanding.commands import Commands
        from api.commanding.store import open_store

        return Commands(open_store(self.home, self.view, self.durability, self.paths))

    @cached_property
    def names(self) -> "GroupCommit[str, NameEntry, None]":
        """What appends to the file of names, several entries at once where several wait."""
        from api.commanding.group_commit import GroupCommit
        from api.commanding.naming import name_writer

        return GroupCommit(name_writer(self.home, self.durability), "names")

    @cached_property
    def notes(self) -> "NotesStore":
        """What the log has no line for, to be commanded."""
        from rollout.recording.notes import open_notes

        return open_notes(self.home, self.durability)

    @cached_property
    def noted(self) -> "NotesReader":
        """What the notes say, read again only when they changed."""
        from rollout.recording.notes_reader import NotesReader

        return NotesReader(self.home)

    def start(self) -> None:
        """A client has been greeted: from now on a lasting service keeps the index up."""
        if self.is_lasting:
            self.engine.start()

    def _tell_of_index(self, sentence: str) -> None:
        """Clients show a warning that is about no thread to the person before them."""
        self.hub.tell_all("warning", {"threadId": None, "message": sentence})

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
        """Finish what was asked for, then close everything that was made."""
        made = vars(self)
        if "commands" in made:
            await self.commands.close()
        if "names" in made:
            await self.names.close()
        if "notes" in made:
            self.notes.close()
        if "view" in made:
            self.view.close()
        if "engine" in made:
            await self.engine.close()

    async def materialise(self, thread_id: UUID) -> None:
        """Store a loaded thread that is not stored yet; nothing to do for any other."""
        from api.commanding.storing import materialise

        await materialise(self, thread_id)
