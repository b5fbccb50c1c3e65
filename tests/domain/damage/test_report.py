"""The report's form."""

import json

from domain.damage.finding import Action, DamageClass, finding
from domain.damage.report import Original, Report, shown_name, summary_of
from tests.damage.talk import thread_id

TORN = finding(
    "sessions/a\udcff\x1b\u202e.jsonl",
    thread_id(),
    DamageClass.TORN_TAIL,
    line=3,
    offset=200,
    length=40,
    action=Action.QUARANTINED,
    is_lossless=False,
)
SPLIT = finding("sessions/b.jsonl", None, DamageClass.GLUED_RECORDS, line=1, length=9, action=Action.SPLIT)
ODD = finding("sessions/b.jsonl", None, DamageClass.TURNS_MIXED, line=2, action=Action.KEPT)
FINDINGS = (TORN, SPLIT, ODD)

REPORT = Report(
    "1.0",
    "/home\x1b",
    "apply",
    "2026-05-01T10:00:00Z",
    "2026-05-01T10:00:01Z",
    summary_of(FINDINGS, files=2, records=7),
    FINDINGS,
    (Original("sessions/b.jsonl", "ab" * 32, 123, "repair/r/files/0001"),),
)


def test_the_report_is_one_json_object_of_this_form() -> None:
    told = json.loads(REPORT.json())
    assert list(told) == [
        *(
            "format",
            "tool",
            "version",
            "home",
            "mode",
            "started",
            "finished",
            "summary",
            "findings",
            "originals",
        )
    ]
    assert told["summary"] == {
        "files": 2,
        "records": 7,
        "damaged": 2,
        "salvaged": 1,
        "quarantined": 1,
        "rewritten": 0,
        "moved": 0,
        "left": 1,
        "bytes_lost": 40,
    }
    assert told["findings"][0] == {
        "file": "sessions/a\\xff\\u001b\\u202e.jsonl",
        "file_hex": b"sessions/a\xff\x1b\xe2\x80\xae.jsonl".hex(),
        "thread_id": str(thread_id()),
        "class": "torn-tail",
        "severity": "error",
        "line": 3,
        "offset": 200,
        "length": 40,
        "action": "quarantined",
        "lossless": False,
        "note": "the last record stops in the middle",
    }
    assert told["findings"][1]["file_hex"] is None
    assert told["originals"] == [
        {
            "file": "sessions/b.jsonl",
            "file_hex": None,
            "sha256": "ab" * 32,
            "bytes": 123,
            "stored": "repair/r/files/0001",
        }
    ]


def test_the_lines_are_the_findings_and_then_the_rest() -> None:
    lines = [json.loads(line) for line in REPORT.jsonl()]
    told = json.loads(REPORT.json())
    assert lines[:-1] == told["findings"]
    assert lines[-1] == {name: value for name, value in told.items() if name != "findings"}


def test_no_control_character_of_a_name_is_shown_raw() -> None:
    shown = shown_name("".join(map(chr, range(0x250))) + "\u2028\u202e\udc80\\\U0001f642")
    assert shown.isprintable()
    assert shown.endswith("\\u2028\\u202e\\x80\\\\🙂")
