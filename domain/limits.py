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

THREAD_LOCK_WAIT_SECONDS = 0.5
THREAD_LOCK_POLL_SECONDS = 0.005
"""How long a change waits while another program has the thread: one that has it loaded keeps it for hours."""

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

FOLDERS_REMEMBERED_MAX = 1024
FOLDER_LENGTH_REMEMBERED_MAX = 4096
"""File URIs remembered with their paths: a thread runs thousands of commands in one or two folders."""

ORDINAL_MAX = 2**63 - 1
"""The greatest ordinal that counts: the index stores signed numbers; the newer release fails near it."""

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

INSTALLATION_SIZE_MAX = 64
"""Bytes of an `installation_id` that are read: it holds one UUID."""

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

UNPACKED_BEGINNING_SIZE = 64 * 1024
UNPACKED_BEGINNING_SIZE_MAX = 4 * 1024 * 1024
"""Plain bytes of a packed log that are unpacked to memory, at first and at most: 3 ms. Heads, and most logs
as a whole, stand there; what lies further is unpacked to the disk."""

UNPACKING_CHUNK_SIZE = 1024 * 1024
"""Plain bytes unpacked at once."""

UNPACKING_WINDOW_MAX = 128 * 1024 * 1024
"""Bytes that unpacking may look back for, which it holds in memory: the most that zstd's own tool takes."""

UNPACKING_RATIO_MAX = 200
UNPACKING_SIZE_ANYWAY = 64 * 1024 * 1024
"""Plain bytes for a packed one, from a size on that does no harm. Logs reach 5 to 30; a bomb 30,000."""

UNPACKING_FRAMES_MAX = 65_536
"""Frames of a packed log: 256 GiB as we pack them. Each costs some microseconds, an empty one nine bytes."""

UNPACKING_BLOCKS_MAX = 2_097_152
"""Blocks of a packed log: 256 GiB in full ones. Each costs a microsecond, and an empty one three bytes."""

PLAIN_CACHE_SIZE_MAX = 2 * 1024 * 1024 * 1024
"""Bytes of unpacked logs kept on the disk beside the index: ten of the longest, used last."""

PLAIN_LEFT_OVER_SECONDS = 3600.0
"""Age at which an unfinished file there is nobody's: unpacking the longest log takes minutes."""

PLAIN_TOUCH_SECONDS = 60.0
"""How much later a use is noted there: a page's order of use need not be finer."""

PACKED_FRAME_SIZE = 4 * 1024 * 1024
"""Plain bytes of one frame that we pack: as much as one look back helps, 1 % larger than without any."""

ODD_NAMES_MAX = 1000
ODD_NAMES_LINES_MAX = 10
"""Logs whose names tell no id, and lines of each, that are looked at for a thread not found by name."""

SEARCHED_SIZE_MAX = 64 * 1024 * 1024
SEARCHED_PACKED_SIZE_MAX = 1024 * 1024
"""Bytes of a plain and of a packed log that a listing looks through, once, to see whether it restates its
head: some 30 ms. Longer ones tell when they are folded."""

BASES_MAX = 128
"""Logs that one log may go on from, one from the other, as in release 0.169.0."""

KNOWN_FILES_MAX = 4096
"""Files whose rows are remembered to be up to date; forgetting one costs the next answer a transaction."""

ANSWER_SIZE_MAX = 128 * 1024 * 1024
"""Bytes of one message that our own client takes from a server, as the official terminal client does."""

SERVER_END_SECONDS = 5.0
"""How long our client lets a server that it started go on after its input was closed."""

NOTIFICATIONS_WAITING_MAX = 10_000
"""Notifications that wait for one reader of our client: minutes of a busy server, some 10 MB."""

SECRET_SIZE_MIN = 32
"""Bytes of a secret that signs tokens, as in release 0.131.0: as many as the signature has."""

SECRET_SIZE_MAX = 64 * 1024
"""Bytes of a file that holds a token or a secret; a thousand times what they have."""

CLOCK_SKEW_SECONDS = 30
"""How far the clock of whoever signs a token may be from ours unless told, as in release 0.131.0."""

FAILURES_MAX = 10
FAILURES_SECONDS = 60.0
"""Failed attempts of an address to come in, and how long each is remembered: nobody guesses a token so."""

FAILING_ADDRESSES_MAX = 4096
"""Addresses whose failures are remembered, some 500 bytes each; the longest quiet one is forgotten first."""

INDEX_LOCK_SECONDS = 5.0
INDEX_LOCK_POLL_SECONDS = 0.005
"""How long to wait for another server that begins, seals or sets aside the index: a second at most."""

INDEX_CHECKPOINT_SIZE = 4 * 1024 * 1024
"""Bytes of write-ahead log that gather before they are taken into the index, SQLite's own measure."""

INDEX_BACKUPS_KEPT = 3
"""Damaged indexes that are kept for whoever wants to know why; each takes about a percent of the log."""

INDEX_ATTEMPTS = 3
"""How often an index is opened anew because it was damaged, or another server was at it meanwhile."""

INDEX_RETRY_SECONDS = 30.0
INDEX_RETRY_SECONDS_MAX = 600.0
"""When an index that was done without is tried again; twice as long after each failure, up to the greater."""

REQUEST_HEAD_SIZE_MAX = 16 * 1024
"""Bytes of an HTTP request's head: a signed token and a browser's cookies fit several times."""

HANDSHAKE_SECONDS = 5.0
"""How long a connection may take until its handshake is there: one that says nothing holds a descriptor."""

CONNECTIONS_MAX = 256
"""Clients of one listener, some 50 KB each while idle; more are asked to come back later (503)."""

HANDSHAKES_MAX = 256
"""Connections without a handshake yet; more are cut, since nothing is known of who they are."""

PING_SECONDS = 30.0
"""Between two pings to a client: middle boxes forget quiet connections after a minute or more."""

SILENT_PINGS_MAX = 10
"""Pings in a row without a word from the client, five minutes, before it is given up: a client that is busy,
stopped in a debugger or asleep is none that has gone."""

WAITING_SIZE_MAX = 8 * 1024 * 1024
"""Bytes that wait for a client behind the message that is going out before it is cut off (1013)."""

FRAME_SIZE_MAX = 1024 * 1024
"""Bytes of one frame to a client; longer messages go out in several, so that a pong need not wait for all."""

INBOX_SIZE_MAX = 256 * 1024
"""Bytes of messages read ahead of the requests at work: pings behind them are seen; a flood waits outside."""

ASKING_ALONE_MAX = 16
ASKING_TOGETHER_MAX = 4
"""Requests at work of a client alone, and of all that ask at the same time: more keep no processor busier,
and each is waited for by whoever comes next, a millisecond for a page."""

ADDING_ALONE_MAX = 128
ADDING_TOGETHER_MAX = 64
"""The same of requests that add lines, as many as release 0.131.0 lets wait: they are saved together."""

WHOLE_ANSWERS_MAX = 2
"""Whole histories that one client has made for it at once: each is held until the client takes it."""

CALM_SECONDS = 1.0
"""How long a client that asked counts as one that asks: between its answer and its next request it thinks."""

MESSAGES_A_TURN = 4
MESSAGES_A_TURN_ALONE = 64
"""Messages of a client taken up before others get their turn, 30 to 60 µs each: where others ask, and where
none was heard of lately, since appends that come together are saved together."""

FRAMES_A_TURN = 16
"""Frames of a client looked at before others get their turn, 20 µs each."""

READ_SIZE_MIN = 512
READ_SIZE_MAX = 64 * 1024
"""Bytes read from a client at once, by how many frames there were in the last ones."""

ACCEPTED_A_TURN = 4
"""Connections taken before clients get their turn, 200 µs each with their handshake."""

UNWATCHED_SECONDS = 1800.0
"""How long a thread stays loaded that nobody is subscribed to or asks of, as in release 0.131.0."""

BAD_MESSAGES_MAX = 100
"""Messages in a row that are none before their sender is cut off: it speaks something else."""

CLOSE_SECONDS = 2.0
"""How long a client may take to answer a goodbye before the connection is cut."""

STOP_SECONDS = 2.0
"""From the request to stop until the process is gone."""

STOP_ANSWERS_SECONDS = 1.2
STOP_GOODBYE_SECONDS = 0.3
"""Parts of that time for requests at work and for goodbyes; the rest is for closing files."""

SOCKET_PATH_SIZE_MAX = 107
"""Bytes of a socket's path: what the kernel's address holds, but for the byte that ends it."""

HANDED_SOCKETS_MAX = 16
"""Sockets handed over at start, of which one is used."""

SALVAGE_HELD_SIZE = 4 * 1024 * 1024
"""Bytes of damaged lines in a row that are held and taken apart together; longer lines are scanned as they
are read. Their text can take five times as much."""

SALVAGE_WORK_MIN = 1024 * 1024
SALVAGE_WORK_RATIO = 16
"""Bytes looked at, and how often those of a damaged stretch are, before the rest of it is given up."""

SPREAD_LINES_MAX = 64
"""Lines that are tried as one record that stray line feeds have cut."""

SALVAGE_LINES_MAX = 20_000
"""Damaged lines in a row that are taken apart together: an object that an editor spread out has fewer."""

FINDINGS_OF_CLASS_MAX = 1000
"""Findings of one kind that are told one by one of one file; what is more is counted in one."""

UNSHOWN_FINDINGS_MAX = 10_000
"""Findings of a file held back until its first record shows that there is something to repair."""

INPUT_WAITING_MAX = 4 * 1024 * 1024
"""Bytes read ahead of the requests at work on standard input: ten thousand requests piped in at once."""

EXTERNAL_SIZE_MAX = 4 * 1024 * 1024 * 1024
"""Bytes of a rollout outside the home's folders that a client may name: it is copied whole."""

LOG_LINE_SIZE_MAX = 1024
"""Bytes of a line of our own log: enough for a sentence and where a failure came up."""

LISTED_TEXT_MAX = 1000
"""Characters of a preview or a name in a list; thread/read gives all. Pasted first messages reach 600 KB, and
half of the clients take no line over 64 KiB."""

LISTED_TEXTS_SIZE_MAX = 26 * 1024
"""Bytes of all previews and names of a list page: with the rest of their rows 25 make 50 KB, 100 make 100."""

TURN_PAGE_SIZE_MAX = 960 * 1024
"""Bytes of turns, or of items, in a page of more than one: five clients take lines of up to 1 MiB."""

CHECK_TRIES = 5
"""How often a look at the index begins again because a server was writing to it."""

CHECK_SAMPLE_FILES = 64
CHECK_SAMPLE_SIZE = 256 * 1024 * 1024
"""Files and bytes of log that a sample of the index is held against: less than a second's reading."""

CHECK_FILES_AT_ONCE = 32
"""Files indexed anew together to compare with: some 300 KB of rows in memory."""

CENSUS_HEADS_MAX = 20_000
"""Files whose heads are read to count what a home holds: some seconds; of more the newest are counted."""
