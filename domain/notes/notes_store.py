"""The notes of a home's threads as an application of `eventsourcing`: load, command, save.

Whoever comes second to a thread's notes is told so before anything is written (`IntegrityError`); then
they are loaded again and the command is applied again.
"""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import IntegrityError, Mapper
from eventsourcing.utils import Environment, EnvType

from domain.errors import ThreadContended
from domain.limits import COMMAND_TRIES
from domain.notes.goal import Goal, GoalChange
from domain.notes.notes import Notes
from domain.thread.mapper import LineMapper

Answer = TypeVar("Answer")


class NotesStore(Application[UUID]):
    """The notes of all threads; where they are kept is told by the `PERSISTENCE_MODULE` in `env`.

    Configured by its caller alone: no variable of the user's environment reaches the notes. In files every
    command may raise AppendFailed, and then nothing is noted unless it says so.
    """

    name = "notes"
    env: ClassVar[dict[str, str]] = {}

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """The settings of the class and of the caller."""
        return Environment(name, {**type(self).env, **(env or {})})

    def construct_mapper(self) -> Mapper[UUID]:
        """The mapper of lines, whatever keeps them."""
        return LineMapper(self.construct_transcoder())

    def of(self, thread_id: UUID) -> Notes:
        """The thread's notes as they are now; empty ones when there are none."""
        project = cast("Any", Notes.project)  # the library's type wants every domain event to be welcome
        try:
            found: Notes = self.repository.get(thread_id, projector_func=project)
        except AggregateNotFoundError:
            return Notes(thread_id)
        return found

    def set_goal(self, thread_id: UUID, change: GoalChange, now_ms: int, *, has_preview: bool = True) -> Goal:
        """Begin or patch a thread's goal, and give it; the errors are those of `goal.changed`."""
        return self.run(thread_id, lambda notes: notes.set_goal(change, now_ms, has_preview=has_preview))

    def clear_goal(self, thread_id: UUID, now_ms: int) -> bool:
        """Drop a thread's goal; tells whether there was one."""
        return self.run(thread_id, lambda notes: notes.clear_goal(now_ms))

    def archive(self, thread_id: UUID, now_ms: int) -> None:
        """Note that a thread was archived."""
        self.run(thread_id, lambda notes: notes.archive(now_ms))

    def unarchive(self, thread_id: UUID, now_ms: int) -> None:
        """Note that a thread was restored."""
        self.run(thread_id, lambda notes: notes.unarchive(now_ms))

    def note_name(self, thread_id: UUID, now_ms: int) -> None:
        """Note that a thread was named."""
        self.run(thread_id, lambda notes: notes.name(now_ms))

    def run(self, thread_id: UUID, command: Callable[[Notes], Answer]) -> Answer:
        """Apply a command, a function of the notes alone, and save.

        ThreadContended when others were first again and again; nothing is noted then.
        """
        for _ in range(COMMAND_TRIES):
            notes = self.of(thread_id)
            answer = command(notes)
            if not notes.has_pending:
                return answer
            try:
                self.save(notes)
            except IntegrityError:
                continue
            return answer
        raise ThreadContended(str(thread_id), COMMAND_TRIES)
