"""The tables of the index, as small numbered steps; each runs once, in one transaction with its number.

Nothing here is the only copy of anything: an index of a newer program, or a damaged one, is set aside
and built again from the log.
"""

THREAD_COLUMNS = """
    file_id INTEGER PRIMARY KEY,
    state TEXT NOT NULL,
    size INTEGER NOT NULL,
    seam INTEGER NOT NULL,
    head_end INTEGER NOT NULL,
    is_provisional INTEGER NOT NULL,
    is_archived INTEGER NOT NULL,
    is_listable INTEGER NOT NULL,
    is_listed INTEGER NOT NULL,
    started_s INTEGER NOT NULL,
    name_id TEXT NOT NULL,
    updated_ms INTEGER NOT NULL,
    thread_id TEXT,
    meta BLOB,
    preview TEXT,
    preview_is_text INTEGER NOT NULL,
    first_text TEXT
"""

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE history (
            file_id INTEGER PRIMARY KEY,
            state TEXT NOT NULL,
            seam INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            line_count INTEGER NOT NULL,
            tail_counts INTEGER NOT NULL,
            next_seq INTEGER NOT NULL,
            is_open INTEGER NOT NULL,
            next_number INTEGER NOT NULL,
            item_count INTEGER NOT NULL,
            kept INTEGER NOT NULL,
            kept_to INTEGER NOT NULL,
            thread_id TEXT,
            first_meta_at INTEGER, first_meta_size INTEGER, first_meta_crc INTEGER,
            meta_at INTEGER, meta_size INTEGER, meta_crc INTEGER,
            git_meta_at INTEGER, git_meta_size INTEGER, git_meta_crc INTEGER,
            damaged_count INTEGER NOT NULL
        )""",
        """CREATE TABLE turn (
            file_id INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            turn_id TEXT NOT NULL,
            status INTEGER NOT NULL,
            started_at INTEGER,
            completed_at INTEGER,
            duration_ms INTEGER,
            is_explicit INTEGER NOT NULL,
            is_compacted INTEGER NOT NULL,
            item_count INTEGER NOT NULL,
            first_number INTEGER NOT NULL,
            user_position INTEGER,
            agent_position INTEGER,
            PRIMARY KEY (file_id, seq)
        ) WITHOUT ROWID""",
        "CREATE INDEX turn_by_id ON turn (file_id, turn_id, seq)",
        """CREATE TABLE item_line (
            file_id INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            position INTEGER NOT NULL,
            part INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            number INTEGER,
            item_id TEXT,
            at INTEGER NOT NULL,
            size INTEGER NOT NULL,
            crc INTEGER NOT NULL,
            PRIMARY KEY (file_id, seq, position, part)
        ) WITHOUT ROWID""",
        f"CREATE TABLE thread ({THREAD_COLUMNS})",
        "CREATE INDEX thread_by_id ON thread (thread_id)",
        "CREATE INDEX thread_by_start ON thread (is_archived, is_listed, started_s, name_id)",
    ),
)
"""What each version adds to the one before; the version is the count of steps (`PRAGMA user_version`)."""
