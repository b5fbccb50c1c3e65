"""The bounds of a door, in one value, so that a test can have others."""

from dataclasses import dataclass

from domain import limits


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much and how long a door takes; times in seconds, sizes in bytes."""

    connections_max: int = limits.CONNECTIONS_MAX
    handshakes_max: int = limits.HANDSHAKES_MAX
    handshake_seconds: float = limits.HANDSHAKE_SECONDS
    message_size_max: int = limits.MESSAGE_SIZE_MAX
    frame_size_max: int = limits.FRAME_SIZE_MAX
    inbox_size_max: int = limits.INBOX_SIZE_MAX
    waiting_size_max: int = limits.WAITING_SIZE_MAX
    room_size: int = limits.OUTPUT_WAITING_MAX
    bad_messages_max: int = limits.BAD_MESSAGES_MAX
    ping_seconds: float = limits.PING_SECONDS
    silent_pings_max: int = limits.SILENT_PINGS_MAX
    close_seconds: float = limits.CLOSE_SECONDS
    answers_seconds: float = limits.STOP_ANSWERS_SECONDS
    goodbye_seconds: float = limits.STOP_GOODBYE_SECONDS
