"""Every bound of the program, in one place, each with its reason."""

LINE_SIZE_MAX = 64 * 1024 * 1024
"""Bytes of a rollout line that is read. Lines with pasted images reach some 20 MB; a longer one is damage."""

LINE_NESTING_MAX = 127
"""Nested containers of one JSON line. Release 0.131.0 drops deeper ones (case deep-nesting-limit)."""

BLOCK_SIZE = 64 * 1024
"""Bytes read from a log at once: a block and its lines stay in a core's cache; twice as fast as 1 MB."""

MARK_STRIDE = 256 * 1024
"""Bytes of log between two marks (line number, offset) of a segment: what finding one line may read."""

COMMIT_SIZE = 32 * 1024 * 1024
"""Bytes of log folded in one transaction: bounds memory, and what a crash makes us read again."""

COPY_WRITE_SIZE = 1024 * 1024
"""Bytes of a copied log gathered for one write: few calls, and memory that does not grow with the log."""

PAGE_SIZE_DEFAULT = 25
PAGE_SIZE_MAX = 100
"""Rows of a page, as in release 0.131.0 (cases page-default-limit, page-maximum-limit)."""

MESSAGE_SIZE_MAX = 16 * 1024 * 1024
"""Bytes of one JSON-RPC message from a client."""

SEGMENT_MARKS_MAX = 64
"""Marks of a segment that still grows (16 MiB of log): each append writes the segment's row again."""

SEGMENT_PAGE = 100
"""Segments looked up at once when lines are read by position."""

CATALOGUE_BATCH = 256
"""Files catalogued in one transaction: 5000 new files take 20 commits, and no writer waits for long."""

CATCH_UP_TRIES = 3
"""How often new lines are counted without holding the catalogue before they are counted while holding it."""

TAIL_WAIT_SECONDS = 0.2
TAIL_POLL_SECONDS = 0.005
"""How long an append waits for another program to end its line: lines over 2 MiB come in several writes."""

LOCK_WAIT_SECONDS = 5.0
LOCK_POLL_SECONDS = 0.001
"""How long an append waits for another writer of the same file before it is refused."""

REOPEN_MAX = 5
"""How often an append opens a path anew because the file behind it was replaced meanwhile."""

APPEND_TRIES = 3
"""How often a line is written again because another program's unfinished line ran into it."""

COMMAND_TRIES = 100
"""How often commands are applied anew because another writer was first. Each time one of the others has
got on, so with ten of them a hundred losses in a row do not happen by chance."""

COMMAND_THREADS = 8
"""Threads that save: as many disks' waits side by side; the lines themselves cost them little."""

COUNTED_FILES_MAX = 1024
"""Files whose line counts are remembered between saves, some 300 bytes each."""

WATCHED_FOLDERS_MAX = 16_384
"""Folders of a home that are watched: forty years of days. A user's programs share the kernel's watches."""

WATCH_EVENTS_MAX = 65_536
"""Events read at one look, four full queues: a program that never rests could keep us reading for ever."""

WATCH_READ_EVENTS = 256
"""Events of the longest names that one read takes: 70 KB."""

WATCH_INTERVAL_SECONDS = 30.0
"""How long a watch goes unasked: a folder moved above a link's target, or mounted over, wakes nobody."""

POLL_SECONDS = 0.25
"""Between two looks at the files changed last, where the kernel tells nothing: 0.1 % of a core."""

POLLED_FILES_MAX = 64
"""Files looked at each time: more than anybody writes at once."""

POLL_REST_RATIO = 1000
"""A look at all folders is followed by a rest this many times as long: 0.1 % of a core or a file server."""

POLL_WALK_SECONDS = 30.0
"""Between two walks where the kernel tells nothing: 5000 files cost 20 ms; few old threads are resumed."""

OBJECTIVE_LENGTH_MAX = 4000
"""Characters of a goal's objective, trimmed, as in release 0.131.0 (case goal-errors)."""

NOTES_REMEMBERED_MAX = 4096
"""Threads whose notes are kept in memory between reads, one objective of some 1 KB each."""

BATCH_SIZE = 16 * 1024 * 1024
BATCH_FILES = 256
"""Log and files of one batch for a worker process: 20 to 60 ms of work, a shard of some 400 KB."""

WORKERS_MAX = 4
"""Worker processes unless more are asked for: the one writer keeps up with ten; leave cores to others."""

WORKERS_ASKED_MAX = 32
"""Worker processes that may be asked for: each holds some 30 MB."""

WORKERS_SIZE_MIN = 64 * 1024 * 1024
WORKERS_FILES_MIN = 500
"""New log or new files from which on worker processes are worth the 0.2 s that they take to start."""

BATCH_TRIES = 2
"""How often a batch is handed out whose worker died, each time to another: its files may be why."""

WORKER_DEATHS_MAX = 6
"""Workers in a row that died or failed in one place before no more are started there."""

INPUT_CHARACTERS_MAX = 1_048_576
"""Characters of all texts of a turn's input, as in release 0.131.0 (its answer -32602 tells the number)."""

CONFIG_SIZE_MAX = 4 * 1024 * 1024
"""Bytes of a config.toml that is read; people's own have a few kilobytes."""

GIT_SECONDS = 5.0
"""How long git is asked about a working directory; without its answer the thread tells nothing of git."""

GIT_ANSWER_MAX = 4096
"""Characters of a fact that git may tell: a longer branch or address is none."""

INSTRUCTIONS_LOOK_SIZE = 64 * 1024
"""Bytes of an instructions file looked at to see whether it says anything."""

TOOL_SCHEMA_NESTING_MAX = 100
"""Schemas inside schemas of a dynamic tool that are looked into; JSON of a request nests 127 deep at most."""

HEADS_AT_ONCE = 64
HEADS_AT_ONCE_MAX = 512
"""Heads of files read in one transaction for a page that waits: first about a page's worth, then more."""

CHANGES_PAUSE_SECONDS = 0.02
"""Between two looks at changed files: many writes in a row are taken in together. No answer waits for it."""

SURVEY_SECONDS = 600.0
"""How often all files are looked at although a watch tells of changes: a memory map writes unseen."""

FILLING_POLL_SECONDS = 0.5
"""How often it is asked whether another server still fills the same index."""

CHANGES_KEPT = 200_000
CHANGES_PRUNED_AT_ONCE = 4096
"""Entries of the change journal that are kept, some 60 bytes each, and how many are dropped together."""

CHANGES_AT_ONCE = 64
"""Changes looked up together for one subscriber: they wait in memory while it is slow."""

CHANGE_TURNS_MAX = 100
CHANGE_ITEMS_MAX = 100
CHANGE_ITEMS_SIZE_MAX = 1024 * 1024
"""Turns, items and bytes of item lines told with one change; of a larger one only the lines' numbers are."""

FEED_POLL_SECONDS = 1.0
"""How often a subscription looks for what other servers journalled: nobody wakes it for that."""

SUBSCRIPTIONS_MAX = 64
"""Subscriptions to changes that one connection may have: each asks the index once a second."""

OUTPUT_WAITING_MAX = 4 * 1024 * 1024
"""Bytes on their way to one client beyond which its subscriptions wait: a few of the largest changes."""

LOAD_LINES_DEFAULT = 200
LOAD_LINES_MAX = 1000
LOAD_SIZE_DEFAULT = 1024 * 1024
LOAD_SIZE_MAX = 8 * 1024 * 1024
"""Lines and bytes of one page of raw lines: as much as an agent's context, and what one message may hold."""

KNOWN_FILES_MAX = 4096
"""Files whose rows are remembered to be up to date; forgetting one costs the next answer a transaction."""
