"""The threads of a home as an application of `eventsourcing`: load, command, save.

Commands of one thread that wait at the same time are applied one after the other and saved together:
one write, and one wait for the disk. Whoever comes second to the log is told so before anything is
written (`IntegrityError`); then the thread is loaded again and every command is applied again, so a
command must be a function of the thread alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar, cast
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    ApplicationRecorder,
    EventStore,
    IntegrityError,
    Mapper,
    ProgrammingError,
)
from eventsourcing.utils import Environment, EnvType

from domain.errors import ThreadContended, ThreadNotFound
from domain.limits import COMMAND_TRIES
from domain.thread.mapper import LineMapper
from domain.thread.thread import Item, Thread, ThreadSnapshot

Answer = TypeVar("Answer")
Answer_co = TypeVar("Answer_co", covariant=True)


class Snapshots(Protocol):
    """Whoever knows threads without reading their logs from the beginning."""

    def of(self, thread_id: UUID) -> ThreadSnapshot | None:
        """The thread as of some line of its present log; None when that is not known."""


class SnapshotsAreReadOnly(ProgrammingError):
    """Snapshots are rows of the read models; nobody takes any."""

    def __init__(self) -> None:
        super().__init__("snapshots come from the read models and are not stored")


class SnapshotStore(EventStore[UUID]):
    """Snapshots as the library's repository asks for them."""

    def __init__(self, mapper: Mapper[UUID], recorder: ApplicationRecorder, source: Snapshots) -> None:
        super().__init__(mapper, recorder)
        self._source = source

    def put(self, domain_events: Sequence[DomainEventProtocol[UUID]], **_: Any) -> Any:  # noqa: ARG002
        """Nothing; SnapshotsAreReadOnly."""
        raise SnapshotsAreReadOnly

    def get(
        self,
        originator_id: UUID,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,  # noqa: ARG002 - there is one at most
        limit: int | None = None,  # noqa: ARG002
    ) -> Iterator[DomainEventProtocol[UUID]]:
        """The thread's snapshot, if there is one of such a version."""
        found = self._source.of(originator_id)
        if found is not None and (gt or 0) < found.originator_version <= (lte or found.originator_version):
            yield found


@dataclass(frozen=True, slots=True)
class Command(Generic[Answer_co]):
    """Something to be done to a thread; `begin` makes the thread when nothing of it is stored."""

    apply: Callable[[Thread], Answer_co]
    begin: Callable[[], Thread] | None = None


class ThreadStore(Application[UUID]):
    """The threads of a home.

    Configured by its caller alone: no variable of the user's environment reaches the log. Without a
    recorder of the caller's the library makes one, by the `PERSISTENCE_MODULE` in `env`.
    """

    name = "threadstore"
    env: ClassVar[dict[str, str]] = {}

    def __init__(
        self,
        env: EnvType | None = None,
        *,
        recorder: ApplicationRecorder | None = None,
        snapshots: Snapshots | None = None,
    ) -> None:
        self._given_recorder = recorder
        self._source = snapshots
        super().__init__(env)

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """The settings of the class and of the caller."""
        told = {**type(self).env, **(env or {})}
        return Environment(name, {**told, "IS_SNAPSHOTTING_ENABLED": "n" if self._source is None else "y"})

    def construct_mapper(self) -> Mapper[UUID]:
        """The mapper of lines, whatever keeps them."""
        return LineMapper(self.construct_transcoder())

    def construct_recorder(self) -> ApplicationRecorder:
        """The recorder that was given, else the factory's."""
        return self._given_recorder or super().construct_recorder()

    def construct_snapshot_store(self) -> EventStore[UUID]:
        """The snapshots that somebody else keeps up."""
        assert self._source is not None
        return SnapshotStore(self.mapper, self.recorder, self._source)

    # -- reading ------------------------------------------------------------------------------

    def thread(self, thread_id: UUID) -> Thread:
        """The thread as its log tells it now; ThreadNotFound when there is none."""
        found = self._find(thread_id)
        if found is None:
            raise ThreadNotFound(str(thread_id))
        return found

    def _find(self, thread_id: UUID) -> Thread | None:
        project = cast("Any", Thread.project)  # the library's type leaves no room for snapshots among events
        try:
            found: Thread = self.repository.get(thread_id, projector_func=project)
        except AggregateNotFoundError:
            return None
        return found

    # -- commands -----------------------------------------------------------------------------

    def start(self, thread_id: UUID, meta_payload: Mapping[str, Any], now: str) -> Thread:
        """Store a new thread; if it is stored already, that one stays as it is."""
        begin = lambda: Thread.start(thread_id, meta_payload, now)  # noqa: E731
        return self.run(thread_id, Command(lambda thread: thread, begin))

    def append(self, thread_id: UUID, items: Iterable[Item], now: str) -> None:
        """Add lines, given as type and payload."""
        items = list(items)
        self.run(thread_id, Command(lambda thread: thread.append(items, now)))

    def inject(self, thread_id: UUID, items: Iterable[Mapping[str, Any]], now: str) -> None:
        """Add response items."""
        items = list(items)
        self.run(thread_id, Command(lambda thread: thread.inject(items, now)))

    def roll_back(
        self, thread_id: UUID, num_turns: int, token_count_payload: Mapping[str, Any] | None, now: str
    ) -> None:
        """Take the last turns away."""
        self.run(thread_id, Command(lambda thread: thread.roll_back(num_turns, token_count_payload, now)))

    def restate_git(self, thread_id: UUID, changes: Mapping[str, str | None], now: str) -> None:
        """Replace or clear git facts."""
        self.run(thread_id, Command(lambda thread: thread.restate_git(changes, now)))

    def restate_memory_mode(self, thread_id: UUID, mode: str, now: str) -> None:
        """Replace the memory mode."""
        self.run(thread_id, Command(lambda thread: thread.restate_memory_mode(mode, now)))

    def run(self, thread_id: UUID, command: Command[Answer]) -> Answer:
        """Apply one command and save; gives its answer."""
        (answer,) = self.run_together(thread_id, [command])
        if isinstance(answer, Exception):
            raise answer
        return answer

    def run_together(self, thread_id: UUID, commands: Sequence[Command[Answer]]) -> list[Answer | Exception]:
        """Apply commands in order and save once; gives each one's answer, or why it failed.

        A command that raises changes nothing and fails alone. When the save fails nothing was written
        for any of them, unless the failure says otherwise.
        """
        for _ in range(COMMAND_TRIES):
            thread, answers = self._applied(thread_id, commands)
            if thread is None or not thread.has_pending:
                return answers
            try:
                self.save(thread)
            except IntegrityError:
                continue
            except Exception as failure:  # noqa: BLE001 - every command is told
                return _all_failed(answers, failure)
            return answers
        return _all_failed(answers, ThreadContended(str(thread_id), COMMAND_TRIES))

    def _applied(
        self, thread_id: UUID, commands: Sequence[Command[Answer]]
    ) -> tuple[Thread | None, list[Answer | Exception]]:
        thread = self._find(thread_id)
        answers: list[Answer | Exception] = []
        for command in commands:
            try:
                found = thread or _begun(thread_id, command)
                with found.whole_or_not():
                    answers.append(command.apply(found))
                thread = found
            except Exception as failure:  # noqa: BLE001 - told to whoever sent the command
                answers.append(failure)
        return thread, answers


def _begun(thread_id: UUID, command: Command[Any]) -> Thread:
    if command.begin is None:
        raise ThreadNotFound(str(thread_id))
    return command.begin()


def _all_failed(answers: Sequence[Answer | Exception], failure: Exception) -> list[Answer | Exception]:
    """The failure for every command that had not failed by itself."""
    return [answer if isinstance(answer, Exception) else failure for answer in answers]
