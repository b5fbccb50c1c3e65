"""Files, folders and indexes that could not be read or changed."""

from domain.errors.base import InternalError, InvalidRequest, ThreadstoreError


class IndexFailed(InternalError):
    """The index could not be brought to answer, also after it was begun anew."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the index could not be read: {reason}")


class HomeMissing(ThreadstoreError):
    """The folder that should be the home is not there, or is none."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"the home {path!r} does not exist or is no folder; name another with --home or CODEX_HOME"
        )


class UnreadableFolder(InternalError):
    """A folder of the home that cannot be listed."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"failed to list threads: thread-store internal error: failed to list threads: {reason}"
        )


class StaleIndex(Exception):
    """The index names rows or ranges that are no more."""


class WatchRefused(Exception):
    """Folders that the kernel cannot tell changes of, and why; they are looked at instead."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} cannot be watched: {reason}")


class ActiveWriter(InvalidRequest):
    """Somebody else holds the lock of a rollout file, and does not let go."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} already has an active writer")


class HeadMissing(InvalidRequest):
    """An append that would begin a rollout file with something else than its session_meta."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is empty: its first line has to be a session_meta")


class AppendFailed(InternalError):
    """Lines that could not be appended; none of them stays in the file unless `is_indeterminate`."""

    def __init__(self, path: str, reason: str, *, is_indeterminate: bool = False) -> None:
        super().__init__(f"failed to append to {path}: {reason}")
        self.path, self.reason = path, reason
        self.is_indeterminate = is_indeterminate
        if is_indeterminate:
            self.data = {"indeterminate": True}

    def as_indeterminate(self) -> "AppendFailed":
        """The same failure where some of the lines may be there."""
        return AppendFailed(self.path, self.reason, is_indeterminate=True)


class RolloutElsewhere(InvalidRequest):
    """A file to be moved that does not lie below the folder it would be moved from, links resolved."""

    def __init__(self, path: str, folder: str) -> None:
        super().__init__(f"rollout path `{path}` must be in {folder} directory")


class UndatedRollout(InvalidRequest):
    """A file to be moved whose name is not that of a rollout file."""

    def __init__(self, path: str) -> None:
        super().__init__(f"rollout path `{path}` missing filename timestamp")


class IrregularRollout(InvalidRequest):
    """A link, folder, pipe or device where a file is to be moved."""

    def __init__(self, path: str) -> None:
        super().__init__(f"rollout path `{path}` is not a regular file")


class NameTaken(InvalidRequest):
    """A move onto a name that something has already; nothing is ever overwritten."""

    def __init__(self, path: str, target: str) -> None:
        super().__init__(f"rollout path `{path}` cannot be moved: `{target}` exists already")


class MoveFailed(InternalError):
    """A file that could not be moved; it is where and as it was unless `is_indeterminate`."""

    def __init__(self, verb: str, reason: str, *, is_indeterminate: bool = False) -> None:
        super().__init__(
            f"failed to {verb} thread: thread-store internal error: failed to {verb} thread: {reason}"
        )
        self.is_indeterminate = is_indeterminate
        if is_indeterminate:
            self.data = {"indeterminate": True}


class ForkFailed(InternalError):
    """A copy of a thread's log that could not be made; nothing of it is there unless `is_indeterminate`."""

    def __init__(self, path: str, reason: str, *, is_indeterminate: bool = False) -> None:
        super().__init__(
            f"failed to fork thread: thread-store internal error: failed to write {path}: {reason}"
        )
        self.is_indeterminate = is_indeterminate
        if is_indeterminate:
            self.data = {"indeterminate": True}
