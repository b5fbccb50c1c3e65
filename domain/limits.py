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
