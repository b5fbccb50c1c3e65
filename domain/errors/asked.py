"""What clients ask about the server itself, and cannot be told."""

from domain.errors.base import InternalError, InvalidRequest


class CursorBeyond(InvalidRequest):
    """A cursor that is a number, of more rows than there are; `rows` is what they are called."""

    def __init__(self, cursor: int, total: int, rows: str) -> None:
        super().__init__(f"cursor {cursor} exceeds total {rows} {total}")


class NeedsChatgptAccount(InvalidRequest):
    """Something that a ChatGPT account is needed for, and there is no account here (`deed`)."""

    def __init__(self, deed: str) -> None:
        super().__init__(f"chatgpt authentication required to {deed}")


class ConfigurationUnread(InternalError):
    """A config.toml that cannot be told, because it does not read; `reason` begins with its path."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"failed to read configuration layers: {reason}")


class ConfigurationUnfit(InternalError):
    """A config.toml that reads, with a value that fits no setting, and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"invalid configuration: {reason}")
