"""Every kind of damage: its name, how much it matters, and what it is in our words."""

from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """Records are hidden from readers, or will be at the next append."""
    WARNING = "warning"
    """An ambiguity that a person should see."""
    NOTICE = "notice"
    """Harmless."""


class DamageClass(StrEnum):
    """Every kind of finding; `SEVERITIES` tells how much it matters, `SENTENCES` what it is."""

    TORN_TAIL = "torn-tail"
    NO_FINAL_NEWLINE = "no-final-newline"
    NUL_TAIL = "nul-tail"

    BLANK_LINE = "blank-line"
    NUL_LINE = "nul-line"
    GLUED_RECORDS = "glued-whole"
    TORN_RECORD = "torn-record"
    GLUED_RETRY = "glued-retry"
    INTERLEAVED = "interleaved-chunks"
    HEADLESS_RECORD = "headless-line"
    BROKEN_RECORD = "broken-record"
    SPREAD_RECORD = "pretty-printed"
    SURROUNDING_TEXT = "surrounding-text"
    FOREIGN_TEXT = "foreign-text"
    DUPLICATE_LINE = "duplicate-line"
    DUPLICATE_TURN = "duplicate-turn"
    OVERLONG_LINE = "overlong-line"

    INVALID_UTF8 = "invalid-utf8"
    CESU8 = "cesu8"
    LONE_SURROGATE = "lone-surrogate"
    BYTE_ORDER_MARK = "bom"
    CRLF = "crlf"
    UTF16 = "utf16"
    RAW_CONTROL = "raw-control"

    NON_OBJECT = "non-object"
    UNKNOWN_TYPE = "unknown-type"
    MISSING_FIELDS = "missing-fields"
    REFUSED_VALUE = "refused-value"
    DEEP_NESTING = "deep-nesting"
    ODD_TIMESTAMP = "odd-timestamp"

    ORDINAL_MISSING = "ordinal-missing"
    ORDINAL_REPEATED = "ordinal-repeated"
    ORDINAL_TOO_LARGE = "ordinal-too-large"

    META_MISSING = "meta-missing"
    META_NOT_FIRST = "meta-not-first"
    META_UNUSABLE = "meta-unusable"
    META_BAD_TIME = "meta-bad-time"
    META_FOREIGN = "meta-foreign"
    META_ONLY = "meta-only"

    TURN_OPEN = "turn-open"
    TURNS_MIXED = "turns-mixed"

    ID_MISMATCH = "id-mismatch"
    WRONG_DAY = "wrong-day"
    TIME_MISMATCH = "name-time-differs"
    NAME_CAPITALS = "name-capitals"
    MISPLACED = "misplaced"
    MISNAMED = "misnamed"
    NESTED_ARCHIVE = "archived-nested"
    COPY_WITHIN = "copy-within-another"
    COPIES_DIVERGE = "copies-diverge"
    EMPTY_FILE = "empty-file"
    NO_RECORDS = "no-records"
    IRREGULAR_FILE = "irregular-file"
    PIPE = "fifo"
    DANGLING_LINK = "dangling-link"
    LINKED_FILE = "linked-file"
    LINKED_FOLDER = "linked-folder"
    UNREADABLE_FILE = "unreadable-file"
    UNREADABLE_FOLDER = "unreadable-folder"
    NAME_NOT_UTF8 = "name-not-utf8"
    PACKED_DAMAGED = "packed-damaged"

    INDEX_DAMAGED = "index-damaged"
    INDEX_DIFFERS = "index-differs"

    FILE_IN_USE = "file-in-use"
    FILE_CHANGED = "file-changed"
    FILE_TOO_LARGE = "file-too-large"
    REPAIR_FAILED = "repair-failed"
    RESTORED = "restored"


_WARNINGS = frozenset(
    {
        DamageClass.DUPLICATE_TURN,
        DamageClass.MISSING_FIELDS,
        DamageClass.META_BAD_TIME,
        DamageClass.TURNS_MIXED,
        DamageClass.ID_MISMATCH,
        DamageClass.COPY_WITHIN,
        DamageClass.COPIES_DIVERGE,
        DamageClass.IRREGULAR_FILE,
        DamageClass.DANGLING_LINK,
        DamageClass.LINKED_FILE,
        DamageClass.NAME_NOT_UTF8,
        DamageClass.INDEX_DAMAGED,
        DamageClass.INDEX_DIFFERS,
        DamageClass.FILE_IN_USE,
        DamageClass.FILE_CHANGED,
        DamageClass.FILE_TOO_LARGE,
    }
)
_NOTICES = frozenset(
    {
        DamageClass.BLANK_LINE,
        DamageClass.DUPLICATE_LINE,  # release 0.131.0 writes some twice itself
        DamageClass.CRLF,
        DamageClass.UNKNOWN_TYPE,
        DamageClass.ODD_TIMESTAMP,
        DamageClass.META_FOREIGN,
        DamageClass.META_ONLY,
        DamageClass.TURN_OPEN,
        DamageClass.WRONG_DAY,
        DamageClass.TIME_MISMATCH,
        DamageClass.NAME_CAPITALS,
        DamageClass.EMPTY_FILE,
        DamageClass.LINKED_FOLDER,
        DamageClass.RESTORED,
    }
)


def _severity(damage: DamageClass) -> Severity:
    if damage in _NOTICES:
        return Severity.NOTICE
    return Severity.WARNING if damage in _WARNINGS else Severity.ERROR


SEVERITIES = {damage: _severity(damage) for damage in DamageClass}
"""How much each kind of finding matters."""

SENTENCES: dict[DamageClass, str] = {
    DamageClass.TORN_TAIL: "the last record stops in the middle",
    DamageClass.NO_FINAL_NEWLINE: "the last line has no line feed: the next append would run into it",
    DamageClass.NUL_TAIL: "zeros at the end: the next append would run into them",
    DamageClass.BLANK_LINE: "a blank line",
    DamageClass.NUL_LINE: "zeros where records were",
    DamageClass.GLUED_RECORDS: "several whole records on one line",
    DamageClass.TORN_RECORD: "a record that stops in the middle",
    DamageClass.GLUED_RETRY: "a torn beginning of the record behind it, which is whole",
    DamageClass.INTERLEAVED: "records of two writers mixed at the borders of their writes",
    DamageClass.HEADLESS_RECORD: "the rest of a record whose beginning is missing",
    DamageClass.BROKEN_RECORD: "a record that is no JSON",
    DamageClass.SPREAD_RECORD: "one record over several lines",
    DamageClass.SURROUNDING_TEXT: "text around a whole record",
    DamageClass.FOREIGN_TEXT: "a line that is no part of a record",
    DamageClass.DUPLICATE_LINE: "the same line twice in a row",
    DamageClass.DUPLICATE_TURN: "a turn that begins a second time",
    DamageClass.OVERLONG_LINE: "a record too long for readers, which pass it over",
    DamageClass.INVALID_UTF8: "bytes that are no UTF-8; each becomes U+FFFD",
    DamageClass.CESU8: "characters written as two halves of three bytes each",
    DamageClass.LONE_SURROGATE: "an escape for half a character; it becomes U+FFFD",
    DamageClass.BYTE_ORDER_MARK: "a byte order mark before the record",
    DamageClass.CRLF: "lines that end with CR LF",
    DamageClass.UTF16: "the whole file is in another encoding than UTF-8",
    DamageClass.RAW_CONTROL: "control characters in a text that are not escaped",
    DamageClass.NON_OBJECT: "JSON that is no object",
    DamageClass.UNKNOWN_TYPE: "a kind of line that this release does not know; a newer one may need it",
    DamageClass.MISSING_FIELDS: "JSON without the fields of a record: readers pass it over",
    DamageClass.REFUSED_VALUE: "numbers or words that strict JSON has not",
    DamageClass.DEEP_NESTING: "more nested containers than readers take",
    DamageClass.ODD_TIMESTAMP: "a timestamp that is no time",
    DamageClass.ORDINAL_MISSING: "no ordinal: readers of this dialect pass the line over",
    DamageClass.ORDINAL_REPEATED: "an ordinal that was passed already: readers pass the line over",
    DamageClass.ORDINAL_TOO_LARGE: "an ordinal so large that it hides the lines behind it",
    DamageClass.META_MISSING: "no session_meta",
    DamageClass.META_NOT_FIRST: "the session_meta is not the first record",
    DamageClass.META_UNUSABLE: "the session_meta lacks a field, or has one of the wrong kind",
    DamageClass.META_BAD_TIME: "the time in the session_meta is no time",
    DamageClass.META_FOREIGN: "a later session_meta of another thread",
    DamageClass.META_ONLY: "only a session_meta: nobody wrote to this thread",
    DamageClass.TURN_OPEN: "a turn without an end; it shows as interrupted",
    DamageClass.TURNS_MIXED: "records of several turns mixed: two programs wrote to this thread",
    DamageClass.ID_MISMATCH: "the name and the session_meta tell different ids",
    DamageClass.WRONG_DAY: "in the folder of another day than its name tells",
    DamageClass.TIME_MISMATCH: "the name and the session_meta tell different times",
    DamageClass.NAME_CAPITALS: "the id in the name has capitals",
    DamageClass.MISPLACED: "not in the folder of a day: no list looks here",
    DamageClass.MISNAMED: "a name that no list takes for a rollout's",
    DamageClass.NESTED_ARCHIVE: "in a folder below the archive: no list looks here",
    DamageClass.COPY_WITHIN: "another file of this thread begins with all of this one",
    DamageClass.COPIES_DIVERGE: "another file of this thread holds something else",
    DamageClass.EMPTY_FILE: "nothing in it",
    DamageClass.NO_RECORDS: "no record can be had from it: left as it is",
    DamageClass.IRREGULAR_FILE: "not a regular file",
    DamageClass.PIPE: "a pipe with a rollout's name: release 0.131.0 waits at it for ever",
    DamageClass.DANGLING_LINK: "a link that leads to no file",
    DamageClass.LINKED_FILE: "a link to a file: no list shows it",
    DamageClass.LINKED_FOLDER: "a link to a folder: no list looks there",
    DamageClass.UNREADABLE_FILE: "the file cannot be read",
    DamageClass.UNREADABLE_FOLDER: "the folder cannot be read",
    DamageClass.NAME_NOT_UTF8: "a name that is no UTF-8: no protocol can tell it",
    DamageClass.PACKED_DAMAGED: "a packed file that cannot be unpacked",
    DamageClass.INDEX_DAMAGED: "the index cannot be relied on; the next server builds it again",
    DamageClass.INDEX_DIFFERS: "the index says something else than the log",
    DamageClass.FILE_IN_USE: "another program has the file open: not touched",
    DamageClass.FILE_CHANGED: "the file changed again and again: not touched",
    DamageClass.FILE_TOO_LARGE: "larger than asked for: not looked into",
    DamageClass.REPAIR_FAILED: "the repair of this file failed: the next run finishes or forgets it",
    DamageClass.RESTORED: "as it was before that run",
}
"""What each kind of finding is, in our words."""
