"""What a thread may be called."""

from domain.errors import MustNotBeEmpty
from domain.text import trim


def thread_name(text: str) -> str:
    """The name as it is kept: trimmed, its inner blanks and line breaks kept; MustNotBeEmpty when blank."""
    name = trim(text)
    if not name:
        raise MustNotBeEmpty("thread name")
    return name
