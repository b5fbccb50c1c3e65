"""How far a client is trusted: as far as the door it came in by shows who it is."""

from enum import Enum, auto


class Trust(Enum):
    """Who the client is, as far as anybody knows."""

    USER = auto()
    """The user of the home: who started the process, or may open a socket file of the user's."""
    REMOTE = auto()
    """Whoever reached a port, with a token or without: threads of the home are all that it may ask for."""
