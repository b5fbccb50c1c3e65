"""Tokens and secrets in files: read once, when the door opens."""

import os
from collections.abc import Callable
from pathlib import Path

from domain.errors import EmptySecret, UnreadableSecret
from domain.limits import SECRET_SIZE_MAX

READABLE_BY_OTHERS = 0o044

Warn = Callable[[str], None]
"""Takes a sentence for whoever runs the service."""


def read_secret(place: Path, warn: Warn) -> str:
    """What the file holds, without blanks around it; UnreadableSecret, EmptySecret.

    Warns where other users can read the file. A pipe is read like a file.
    """
    try:
        with place.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(SECRET_SIZE_MAX + 1)
    except OSError as fault:
        raise UnreadableSecret(str(place), f"{fault.strerror} (os error {fault.errno})") from None
    if len(content) > SECRET_SIZE_MAX:
        raise UnreadableSecret(str(place), f"the file has more than {SECRET_SIZE_MAX} bytes")
    if mode & READABLE_BY_OTHERS:
        warn(f"warning: other users can read {place}, and so come in; `chmod 600` keeps it to you")
    return _text(place, content)


def _text(place: Path, content: bytes) -> str:
    try:
        text = content.decode().strip()
    except UnicodeDecodeError:
        raise UnreadableSecret(str(place), "stream did not contain valid UTF-8") from None
    if not text:
        raise EmptySecret(str(place))
    return text
