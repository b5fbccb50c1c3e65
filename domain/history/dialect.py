"""How a log is to be read, as its first session_meta says."""

from collections.abc import Mapping
from typing import Any

from domain.history.rows import Dialect

MODES = {"legacy": Dialect.LEGACY, "paginated": Dialect.PAGINATED}


def dialect_of(payload: Mapping[str, Any]) -> Dialect:
    """The dialect that a session_meta's history mode names; without one it is the legacy one."""
    mode = payload.get("history_mode", "legacy")
    return MODES.get(mode, Dialect.UNKNOWN) if isinstance(mode, str) else Dialect.UNKNOWN
