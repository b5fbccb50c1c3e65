"""Request schemas: one table a subject, all of them together here."""

from collections.abc import Mapping

from api.wire.schemas import (
    catalogues,
    connection,
    goals,
    keeping,
    machine,
    reading,
    running,
    services,
    thread_store,
    turns,
)
from api.wire.schemas.parts import Schema

REQUESTS: Mapping[str, Schema] = {
    **connection.REQUESTS,
    **reading.REQUESTS,
    **running.REQUESTS,
    **keeping.REQUESTS,
    **goals.REQUESTS,
    **turns.REQUESTS,
    **thread_store.REQUESTS,
    **catalogues.REQUESTS,
    **machine.REQUESTS,
    **services.REQUESTS,
}
"""The parameters of each method that is known, whether it is served or refused."""
