"""What all requests of a service share."""

from dataclasses import dataclass

from api.engine import Engine
from api.live import LiveThreads
from domain.thread_object import Defaults


@dataclass(frozen=True, slots=True)
class Context:
    """The home at work, the threads that live in this process, and what stands in for facts not told."""

    engine: Engine
    live: LiveThreads
    defaults: Defaults
