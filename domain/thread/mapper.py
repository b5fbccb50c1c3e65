"""Lines as the library's domain events: encoded once, when made; decoded when somebody looks inside."""

from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent

from domain.events import RolloutLine


class NotALine(TypeError):
    """A domain event that the log has no line for."""

    def __init__(self, domain_event: object) -> None:
        super().__init__(f"only rollout lines can be stored, not {type(domain_event).__name__}")


class LineMapper(Mapper[UUID]):
    """Rollout lines to stored events and back; neither compresses nor encrypts: others read the log too."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """The stored event of a line."""
        if not isinstance(domain_event, RolloutLine):
            raise NotALine(domain_event)
        return StoredEvent(
            domain_event.originator_id, domain_event.originator_version, domain_event.topic, domain_event.raw
        )

    def to_domain_event(self, stored_event: StoredEvent) -> RolloutLine:
        """The line of a stored event; any topic will do."""
        thread_id = stored_event.originator_id
        if not isinstance(thread_id, UUID):
            thread_id = UUID(thread_id)
        return RolloutLine(thread_id, stored_event.originator_version, stored_event.topic, stored_event.state)
