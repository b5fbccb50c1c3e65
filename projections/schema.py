"""The tables of the index, as small numbered steps; each runs once, in one transaction with its number.

Nothing here is the only copy of anything: an index of a newer program, or a damaged one, is set aside
and built again from the log.
"""

FIRST_THREAD_TABLE = """CREATE TABLE thread (
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
)"""

THREAD_TABLE = """CREATE TABLE thread (
    file_id INTEGER PRIMARY KEY,
    state INTEGER NOT NULL,
    size INTEGER NOT NULL,
    seam INTEGER NOT NULL,
    head_end INTEGER NOT NULL,
    is_provisional INTEGER NOT NULL,
    is_archived INTEGER NOT NULL,
    is_listable INTEGER NOT NULL,
    is_listed INTEGER NOT NULL,
    day INTEGER NOT NULL,
    started_s INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    name_id BLOB NOT NULL,
    thread_id TEXT,
    source_kind INTEGER,
    provider TEXT,
    cwd_key INTEGER,
    parent_id TEXT,
    meta BLOB,
    git_at INTEGER,
    git BLOB,
    preview TEXT,
    preview_is_text INTEGER NOT NULL,
    begins_with_picture INTEGER NOT NULL,
    first_text TEXT
)"""
"""A row a file that lists look at.

`state` is a digest of what `stat` said; `day` the number of the folder's day, 0 for archived files; `name_id`
the id in the file's name, `thread_id` the one in its session_meta; `cwd_key` names a row of table `cwd`;
`git_at` and `git` are the place and the facts of the last session_meta with git facts, where that is not the
first; `first_text` is left out where the preview is the same.
"""

FILTERS = "source_kind, provider, cwd_key"
"""What a page's filters look at: at the end of each order's index, so that they cost no look at a row."""

# Rows come newest first: in falling order each goes to the end, and pages are full instead of half empty.
THREAD_INDEXES = (
    "CREATE INDEX thread_by_id ON thread (thread_id DESC)",
    "CREATE INDEX thread_by_parent ON thread (parent_id) WHERE parent_id IS NOT NULL",
    *(
        f"CREATE INDEX thread_by_{order[0]} ON thread "
        f"(is_archived DESC, {' DESC, '.join(order)} DESC, {FILTERS}) "
        "WHERE is_listed = 1"
        for order in (("day", "started_s", "name_id"), ("started_s", "name_id"), ("updated_ms", "name_id"))
    ),
)

SHOWN = "searchable(coalesce({0}.preview, '') || char(31) || coalesce({0}.first_text, ''))"
PUT_WORDS = f"INSERT INTO thread_words (rowid, text) VALUES (new.file_id, {SHOWN.format('new')});"  # noqa: S608
DROP_WORDS = f"""INSERT INTO thread_words (thread_words, rowid, text)
    VALUES ('delete', old.file_id, {SHOWN.format("old")});"""  # noqa: S608
WORDS_DIFFER = "(old.file_id, old.preview, old.first_text) IS NOT (new.file_id, new.preview, new.first_text)"

SEARCH_TABLE = (
    """CREATE VIRTUAL TABLE thread_words USING fts5(
        text, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1'
    )""",
    f"CREATE TRIGGER thread_words_put AFTER INSERT ON thread BEGIN {PUT_WORDS} END",
    f"CREATE TRIGGER thread_words_drop AFTER DELETE ON thread BEGIN {DROP_WORDS} END",
    f"""CREATE TRIGGER thread_words_change AFTER UPDATE OF file_id, preview, first_text ON thread
        WHEN {WORDS_DIFFER} BEGIN {DROP_WORDS} {PUT_WORDS} END""",
)
"""Three-letter pieces of what a thread shows, kept up by triggers; `searchable` is ours (`database`)."""

JOURNAL_TABLES = (
    """CREATE TABLE change (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        of_file INTEGER NOT NULL,
        thread_id BLOB NOT NULL,
        kind INTEGER NOT NULL,
        first_line INTEGER NOT NULL,
        last_line INTEGER NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        turns TEXT NOT NULL,
        kept_turns INTEGER
    )""",
    "CREATE TABLE journal (id TEXT NOT NULL, oldest INTEGER NOT NULL, boot_id TEXT NOT NULL)",
    "INSERT INTO journal VALUES (lower(hex(randomblob(8))), 1, '')",
)
"""What happened to which thread (`changes`); `journal` has one row: whose positions these are."""

BASE_TABLES = (
    """CREATE TABLE base (
        file_id INTEGER NOT NULL,
        start INTEGER NOT NULL,
        rollout_id BLOB NOT NULL,
        path TEXT,
        state TEXT,
        seam INTEGER NOT NULL,
        size INTEGER NOT NULL,
        floor INTEGER NOT NULL,
        end_ordinal INTEGER NOT NULL,
        is_whole INTEGER NOT NULL,
        PRIMARY KEY (file_id, start, rollout_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX base_by_rollout_id ON base (rollout_id)",
)
"""What a log goes on from (`domain.log.Base`); several that are missing begin at the same place."""

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
        FIRST_THREAD_TABLE,
        "CREATE INDEX thread_by_id ON thread (thread_id)",
        "CREATE INDEX thread_by_start ON thread (is_archived, is_listed, started_s, name_id)",
    ),
    (
        "DROP TABLE thread",  # its rows are made again from the heads of the files
        THREAD_TABLE,
        *THREAD_INDEXES,
        *SEARCH_TABLE,
        "CREATE TABLE cwd (key INTEGER PRIMARY KEY, path TEXT NOT NULL)",
        """CREATE TABLE listing (
            is_archived INTEGER PRIMARY KEY,
            is_complete INTEGER NOT NULL
        )""",
        *JOURNAL_TABLES,
    ),
    (
        "ALTER TABLE turn RENAME COLUMN user_position TO summary_first",
        "ALTER TABLE turn RENAME COLUMN agent_position TO summary_second",
        *(f"ALTER TABLE turn ADD COLUMN error_{part} INTEGER" for part in ("at", "size", "crc")),
        "ALTER TABLE history ADD COLUMN dialect INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE history ADD COLUMN last_ordinal INTEGER NOT NULL DEFAULT -1",
        "ALTER TABLE history ADD COLUMN unborn INTEGER NOT NULL DEFAULT 0",
        "UPDATE history SET state = ''",  # every log is folded anew: it may be of the newer dialect
        "DELETE FROM thread",
        "DELETE FROM listing",
        "ALTER TABLE thread ADD COLUMN rollout_id BLOB",  # of the thread's further logs; the first has none
        "ALTER TABLE thread ADD COLUMN last_ordinal INTEGER NOT NULL DEFAULT -1",
        "ALTER TABLE thread ADD COLUMN searched_end INTEGER NOT NULL DEFAULT 0",  # no further head before it
        *BASE_TABLES,
    ),
)
"""What each version adds to the one before; the version is the count of steps (`PRAGMA user_version`)."""
