"""Logs that were not packed."""

from domain.errors.base import InternalError, InvalidRequest


class NotPacked(InvalidRequest):
    """A log that is left as it is, and why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} is left as it is: {reason}")
        self.path, self.reason = path, reason


class PackingFailed(InternalError):
    """A log that could not be packed or unpacked; its plain or its packed file is whole."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"failed to pack or unpack {path}: {reason}")
