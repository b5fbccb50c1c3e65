"""The report of a run over a home: one JSON object, or a line a finding; never any text from a file."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson

from domain.damage.finding import Action, Finding
from domain.text import is_utf8

FORMAT = 1
"""The version of the report's form."""

TOOL = "threadstore"


@dataclass(frozen=True, slots=True)
class Original:
    """An original that was kept: its path, sha256, size, and where it is kept; paths are below the home."""

    file: str
    sha256: str
    size: int
    stored: str

    def fields(self) -> dict[str, Any]:
        """As the report shows it."""
        return {**_name(self.file), "sha256": self.sha256, "bytes": self.size, "stored": self.stored}


@dataclass(frozen=True, slots=True)
class Summary:
    """The counters of a report.

    `files` and `records` were looked at, `damaged` files have findings that are more than notices.
    `salvaged` records were had back, `quarantined` pieces or files taken out, `rewritten` and `moved` count
    files, `left` findings that stay. `bytes_lost` is what was taken out of records that are not whole.
    """

    files: int = 0
    records: int = 0
    damaged: int = 0
    salvaged: int = 0
    quarantined: int = 0
    rewritten: int = 0
    moved: int = 0
    left: int = 0
    bytes_lost: int = 0


SALVAGING = frozenset({Action.REWRITTEN, Action.JOINED, Action.SPLIT, Action.DECODED})
"""Actions that bring records back to readers."""


def summary_of(findings: Sequence[Finding], *, files: int, records: int) -> Summary:
    """The counters that the findings tell; how many files were rewritten or moved is not among them."""
    return Summary(
        files=files,
        records=records,
        damaged=len({each.file for each in findings if each.is_harmful}),
        salvaged=sum(each.count for each in findings if each.action in SALVAGING),
        quarantined=sum(each.count for each in findings if each.action is Action.QUARANTINED),
        left=sum(each.count for each in findings if each.is_left),
        bytes_lost=sum(
            each.length for each in findings if each.action is Action.QUARANTINED and not each.is_lossless
        ),
    )


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found and did. `mode` is check, dry-run, apply, restore or verify; times are RFC 3339."""

    version: str
    home: str
    mode: str
    started: str
    finished: str
    summary: Summary
    findings: tuple[Finding, ...] = ()
    originals: tuple[Original, ...] = ()

    def head(self) -> dict[str, Any]:
        """Everything but the lists."""
        return {
            "format": FORMAT,
            "tool": TOOL,
            "version": self.version,
            "home": shown_name(self.home),
            "mode": self.mode,
            "started": self.started,
            "finished": self.finished,
            "summary": asdict(self.summary),
        }

    def json(self) -> bytes:
        """The report as one JSON object, without line feed."""
        lists = {
            "findings": [finding_fields(each) for each in self.findings],
            "originals": [each.fields() for each in self.originals],
        }
        return orjson.dumps(self.head() | lists)

    def jsonl(self) -> Iterator[bytes]:
        """A line a finding, without line feeds; the last line is the report without its findings."""
        for each in self.findings:
            yield orjson.dumps(finding_fields(each))
        yield orjson.dumps(self.head() | {"originals": [each.fields() for each in self.originals]})


def as_checked(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings of a run that does nothing about them."""
    return tuple(replace(each, action=Action.NONE) for each in findings)


def finding_fields(each: Finding) -> dict[str, Any]:
    """A finding as the report shows it."""
    return {
        **_name(each.file),
        "thread_id": None if each.thread_id is None else str(each.thread_id),
        "class": each.damage.value,
        "severity": each.severity.value,
        "line": each.line,
        "offset": each.offset,
        "length": each.length,
        "action": each.action.value,
        "lossless": each.is_lossless,
        "note": each.note,
    }


def shown_name(file: str) -> str:
    """A path as it may be shown: everything but printable ASCII and letters of UTF-8 is escaped."""
    return "".join(map(_shown_character, file))


def _shown_character(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if character.isprintable():
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 - the surrogates that stand for bytes that are no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004


def _name(file: str) -> dict[str, str | None]:
    """A path for people, and in hex where that cannot be exact."""
    raw = file.encode("utf-8", "surrogateescape")
    return {"file": shown_name(file), "file_hex": raw.hex() if not is_utf8(raw) else None}
