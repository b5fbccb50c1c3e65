"""What the index has of each file: asked once for a whole home, before it is filled."""

from dataclasses import dataclass

from projections.store import IndexStore

FILES = """
    SELECT file.path, file.thread_id, file.line_count, history.state,
        EXISTS (SELECT 1 FROM thread WHERE thread.file_id = file.file_id) AS has_row
    FROM rollout_file AS file LEFT JOIN history USING (file_id)
"""


@dataclass(frozen=True, slots=True)
class Covered:
    """A file as the index has it.

    `thread_id` is the one its name tells; `line_count` lines have positions; `state` is what `stat` said at
    the last fold, as text, None when nothing was folded; `has_row` tells whether it has a list row.
    """

    thread_id: str
    line_count: int
    state: str | None
    has_row: bool


def coverage(store: IndexStore) -> dict[str, Covered]:
    """All files that the index knows, by path."""
    with store.writing() as cursor:
        found = cursor.execute(FILES).fetchall()
    return {
        path: Covered(thread_id, line_count, state or None, bool(has_row))
        for path, thread_id, line_count, state, has_row in found
    }
