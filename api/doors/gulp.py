"""How much is read from a client at once: so much that it takes no longer than what others send."""

from domain.limits import FRAMES_A_TURN, READ_SIZE_MAX, READ_SIZE_MIN

READ_SIZE = 4096
"""Bytes read at first: a handshake."""

_BUFFER = bytearray(READ_SIZE_MAX)
"""What is read stands here until it is taken, in the same step: one serves all clients."""


class Gulp:
    """The size of the next read of one client; small frames make it small, large ones large."""

    def __init__(self) -> None:
        self.size = READ_SIZE

    def buffer(self) -> memoryview:
        """Where the next bytes go."""
        return memoryview(_BUFFER)[: self.size]

    def taken(self, size: int) -> bytes:
        """The bytes that came."""
        return bytes(memoryview(_BUFFER)[:size])

    def note(self, size: int, frame_count: int) -> None:
        """So many frames were in so many bytes."""
        if frame_count > FRAMES_A_TURN:
            self.size = max(READ_SIZE_MIN, self.size // 2)
        elif size == self.size and 2 * frame_count <= FRAMES_A_TURN:
            self.size = min(READ_SIZE_MAX, 2 * self.size)
