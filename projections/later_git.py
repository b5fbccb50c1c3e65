"""Git facts that a thread's log restates after its head: lists show them too (case git-update).

They are known once the file is folded. They are read then, so that a list never opens a log.
"""

import sqlite3
from collections.abc import Iterable

import orjson

from domain.errors import StaleIndex, UnreadableThread
from domain.history.rows import LinePlace
from domain.listing.meta import shown_facts
from domain.log import Log
from projections.content import line_payload

CHANGED = """
    SELECT file.path, thread.file_id, history.git_meta_at, history.git_meta_size, history.git_meta_crc
    FROM thread JOIN history USING (file_id) JOIN rollout_file AS file USING (file_id)
    WHERE thread.file_id IN (SELECT value FROM json_each(?))
    AND nullif(history.git_meta_at, history.first_meta_at) IS NOT thread.git_at
"""

PUT_GIT = "UPDATE thread SET git_at = ?, git = ? WHERE file_id = ?"


def keep_git(cursor: sqlite3.Cursor, log: Log, file_ids: Iterable[int]) -> None:
    """Make the git facts in the rows of these files those that were folded last."""
    changed = cursor.execute(CHANGED, (orjson.dumps(list(file_ids)).decode(),)).fetchall()
    for path, file_id, *place in changed:
        git_meta = LinePlace(*place) if place[0] is not None else None
        try:
            git = None if git_meta is None else _git(log, path, git_meta)
        except (FileNotFoundError, UnreadableThread, StaleIndex):
            continue  # the file is another one by now: its next fold tells
        cursor.execute(PUT_GIT, (None if git_meta is None else git_meta.at, git, file_id))


def _git(log: Log, path: str, place: LinePlace) -> bytes:
    with log.open(path) as source:
        return orjson.dumps(shown_facts(line_payload(source, place)).get("git"))
