"""What is printed for a person holds no character that a terminal obeys."""

import json
import re
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.api.lifecycle import ID, laid, lines
from tests.home import TIME
from tools.cli import main
from tools.terminal import WIDTH_MAX, one_line, safe, safe_lines, terminal_width

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\x08\x7f\r\u202egnp.exe\u2066\u2028\u2029\u061c\ufeff\x85"
OBEYED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
"""Controls but the line feed that ends a line, what turns or breaks lines, and halves of characters."""


def test_every_character_that_turns_or_controls_is_spelt() -> None:
    raw = [
        chr(code)
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in {"Cc", "Zl", "Zp", "Cs"}
        or unicodedata.bidirectional(chr(code))
        in {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    ]
    assert [character for character in raw if safe(character).isascii() is False] == []
    assert all(re.fullmatch(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4})", safe(character)) for character in raw)


def test_a_text_is_spelt_and_what_is_harmless_stays() -> None:
    assert safe("\x1b[2J a\tb \u202e") == "\\x1b[2J a\\x09b \\u202e"
    assert safe("Grüße, 世界 \U0001f600") == "Grüße, 世界 \U0001f600"
    assert safe(b"\xff".decode(errors="surrogateescape")) == "\\xff"
    assert safe_lines("a\nb\x1b") == "a\nb\\x1b"


def test_a_line_is_no_wider_than_200_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "5000")
    assert terminal_width() == WIDTH_MAX == 200
    assert len(one_line(EVIL * 1000, terminal_width())) == 200


def hostile_home(root: Path) -> Path:
    """A home whose texts, names and paths would take a terminal over."""
    path = laid(root)
    said = json.loads(lines().splitlines()[2]) | {"timestamp": TIME}
    said["payload"]["message"] = EVIL * 30
    path.write_bytes(lines().replace(b"ask one", json.dumps(EVIL * 30)[1:-1].encode()))
    name = json.dumps({"id": ID, "thread_name": EVIL, "updated_at": TIME})
    (root / "session_index.jsonl").write_text(name + "\n")
    odd = path.with_name(f"rollout-2026-05-01T10-00-00-{ID[:-1]}9{EVIL.replace('/', '')}.jsonl")
    odd.write_bytes(b"no record\n" + EVIL.encode() + b"\n")
    return root


def ran(*arguments: str) -> Result:
    """A command that was run."""
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


COMMANDS = {
    "list": ("list",),
    "show": ("show", ID, "--view", "full"),
    "show what is not there": ("show", EVIL),
    "check": ("repair",),
    "a dry run": ("repair", "--dry-run"),
    "verify": ("verify",),
    "doctor": ("doctor",),
    "index": ("index",),
    "a run that is not there": ("restore", EVIL),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_command_prints_nothing_that_a_terminal_obeys(command: tuple[str, ...], tmp_path: Path) -> None:
    done = ran(command[0], "--home", str(hostile_home(tmp_path)), *command[1:])
    assert done.output
    assert OBEYED.findall(done.output) == []


@pytest.mark.parametrize("command", ["list", "show"])
def test_json_is_plain_json(command: str, tmp_path: Path) -> None:
    home = str(hostile_home(tmp_path))
    done = ran(command, "--home", home, "--json", *([ID] if command == "show" else []))
    told = json.loads(done.stdout)
    text = told["name"] if command == "list" else told["items"][0]["content"][0]["text"]
    assert text.startswith(EVIL[:20])
