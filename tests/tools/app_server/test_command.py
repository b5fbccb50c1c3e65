"""The command line of `threadstore app-server`; sentences are those of release 0.131.0 (transports.md)."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from domain.errors.starting import EXPECTED_LISTEN
from tests.conformance.server import ROOT, environment_for
from tools.app_server.generate_ts import INSTEAD
from tools.cli import main

MORE = "\n\nFor more information, try '--help'.\n"
USAGE = "\n\nUsage: threadstore app-server [OPTIONS] [COMMAND]" + MORE
MODES = "\n  [possible values: capability-token, signed-bearer-token]"
UNFIT = "invalid value 'ws://localhost:1' for '--listen <URL>'"
SKEW = "--ws-max-clock-skew-seconds"

WRONG: list[tuple[Sequence[str], str]] = [
    (["--nonsense"], f"unexpected argument '--nonsense' found{USAGE}"),
    (["--profile", "x"], f"unexpected argument '--profile' found{USAGE}"),
    (["--list", "stdio://"], f"unexpected argument '--list' found{USAGE}"),
    (["frob"], f"unrecognized subcommand 'frob'{USAGE}"),
    (["--listen"], f"a value is required for '--listen <URL>' but none was supplied{MORE}"),
    (["--listen", "stdio://"] * 2, f"the argument '--listen <URL>' cannot be used multiple times{USAGE}"),
    (["--strict-config"] * 2, f"the argument '--strict-config' cannot be used multiple times{USAGE}"),
    (["--ws-issuer", "a"] * 2, f"the argument '--ws-issuer <ISSUER>' cannot be used multiple times{USAGE}"),
    (["--ws-auth", "foo"], f"invalid value 'foo' for '--ws-auth <MODE>'{MODES}{MORE}"),
    (
        ["--ws-token-file", ""],
        f"a value is required for '--ws-token-file <PATH>' but none was supplied{MORE}",
    ),
    ([f"{SKEW}=-1"], f"invalid value '-1' for '{SKEW} <SECONDS>': invalid digit found in string{MORE}"),
    ([f"{SKEW}=1.0"], f"invalid value '1.0' for '{SKEW} <SECONDS>': invalid digit found in string{MORE}"),
    (
        [f"{SKEW}={2**64}"],
        f"invalid value '{2**64}' for '{SKEW} <SECONDS>': number too large to fit in target type{MORE}",
    ),
    (
        ["--listen", "ws://localhost:1"],
        f"{UNFIT}: invalid websocket --listen URL `ws://localhost:1`; expected `ws://IP:PORT`{MORE}",
    ),
    (
        ["--listen", "", "proxy"],
        f"invalid value '' for '--listen <URL>': unsupported --listen URL ``; {EXPECTED_LISTEN}{MORE}",
    ),
    (["--stdio", "--listen", "off"], f"the argument '--stdio' cannot be used with '--listen <URL>'{USAGE}"),
    (
        ["proxy", "extra"],
        f"unexpected argument 'extra' found\n\nUsage: threadstore app-server proxy [OPTIONS]{MORE}",
    ),
    (["proxy", "--sock"], f"a value is required for '--sock <SOCKET_PATH>' but none was supplied{MORE}"),
]

CAPABILITY = ["--ws-auth", "capability-token"]
SIGNED = ["--ws-auth", "signed-bearer-token"]
AUTH = "configure `--ws-auth capability-token` or `--ws-auth signed-bearer-token`"
SECRET_MISSING = "failed to read websocket auth secret {home}/x: No such file or directory (os error 2)"
DEFAULTS = "error loading default config after config error"
UNMATCHED = "websocket auth flags require `--ws-auth capability-token` or `--ws-auth signed-bearer-token`"

REFUSED: list[tuple[Sequence[str], str]] = [
    (["--listen", "off"], "no transport configured; use --listen or enable remote control"),
    (["--listen", "off", "--ws-issuer", "x"], UNMATCHED),
    ([f"{SKEW}=+3"], UNMATCHED),
    (
        CAPABILITY,
        "`--ws-token-file` or `--ws-token-sha256` is required when `--ws-auth capability-token` is set",
    ),
    (
        [*CAPABILITY, "--ws-token-sha256", "zz"],
        "--ws-token-sha256 must be a 64-character hex SHA-256 digest",
    ),
    (SIGNED, "`--ws-shared-secret-file` is required when `--ws-auth signed-bearer-token` is set"),
    *[
        (
            ["--listen", f"ws://{address}"],
            f"refusing to start non-loopback websocket listener {address} without auth; {AUTH}",
        )
        for address in ("0.0.0.0:0", "[::]:0", "[::ffff:127.0.0.1]:0")
    ],
    (["--listen", "ws://127.0.0.1:0", *CAPABILITY, "--ws-token-file", "{home}/x"], SECRET_MISSING),
    (["--listen", "ws://0.0.0.0:0", *SIGNED, "--ws-shared-secret-file", "{home}/x"], SECRET_MISSING),
    (["-c", "novalue"], "error parsing -c overrides: Invalid override (missing '='): novalue"),
    (["-c", "=x"], "error parsing -c overrides: Empty key in override: =x"),
    (
        ["-c", "model=1"],
        f"{DEFAULTS}: invalid type: integer `1`, expected a string\nin `model`",
    ),
    (
        ["-c", 'model_provider="nope"'],
        f"{DEFAULTS}: Model provider `nope` not found",
    ),
    (
        ["--strict-config", "-c", "foo=1", "-c", "bar=2"],
        "unknown configuration field `bar` in -c/--config override",
    ),
    (["proxy"], "failed to connect to socket at {control}\n\nCaused by:\n    {nothing}"),
    (["--ws-issuer", "x", "proxy"], "failed to connect to socket at {control}\n\nCaused by:\n    {nothing}"),
    (["daemon", "version"], "failed to connect to {control}\n\nCaused by:\n    {nothing}"),
    (
        ["generate-ts", "--out", "x"],
        f"TypeScript is not generated here: {INSTEAD}",
    ),
]

TAKEN: list[tuple[Sequence[str], Sequence[str]]] = [
    ((), ()),
    ((), ("--listen", "stdio://")),
    ((), ("--stdio",)),
    ((), ("--analytics-default-enabled", "--strict-config")),
    ((), ("--enable", "guardian_approval", "-c", 'web_search="live"')),
    (("--config", "a=1", "-c", "b.c=d e", "--enable", "later_feature", "--disable", "goals"), ("-c", "e=[")),
    (("--profile", "nobody", "--strict-config"), ("--enable", "x")),
    ((), (*CAPABILITY, "--ws-token-file", "nowhere")),
    ((), (*SIGNED, "--ws-shared-secret-file", "nowhere", f"{SKEW}={2**64 - 1}", "--ws-issuer", "")),
]

INITIALIZE = {"id": 0, "method": "initialize", "params": {"clientInfo": {"name": "t", "version": "1"}}}


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty home, near enough to the root for a socket's path."""
    return tmp_path_factory.mktemp("h")


def call(home: Path, *arguments: str) -> Result:
    """A command that ends by itself, in this process."""
    return CliRunner().invoke(main, arguments, prog_name="threadstore", env={"CODEX_HOME": str(home)})


def start(home: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    """A command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tools.cli", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment_for(home),
    )


def greeted(process: "subprocess.Popen[bytes]") -> "subprocess.Popen[bytes]":
    """The server, after it has answered the greeting."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(orjson.dumps(INITIALIZE) + b"\n")
    process.stdin.flush()
    assert orjson.loads(process.stdout.readline())["id"] == 0
    return process


@pytest.mark.parametrize(("options", "told"), WRONG, ids=lambda told: "")
def test_a_command_line_that_does_not_read_is_refused_with_2(
    home: Path, options: Sequence[str], told: str
) -> None:
    result = call(home, "app-server", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"error: {told}"


@pytest.mark.parametrize(("options", "told"), REFUSED, ids=lambda told: "")
def test_what_cannot_be_run_is_refused_with_1(home: Path, options: Sequence[str], told: str) -> None:
    control = home / "app-server-control" / "app-server-control.sock"
    facts = {"home": home, "control": control, "nothing": "No such file or directory (os error 2)"}
    result = call(home, "app-server", *(option.format_map(facts) for option in options))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: {told.format_map(facts)}\n"


def test_settings_before_the_word_are_settings_too(home: Path) -> None:
    result = call(home, "-c", "novalue", "app-server")
    assert result.stderr == "Error: error parsing -c overrides: Invalid override (missing '='): novalue\n"
    assert call(home, "--strict-config", "app-server", "-c", "foo=1").exit_code == 1


@pytest.mark.parametrize(("before", "after"), TAKEN, ids=lambda told: " ".join(told)[:40])
def test_what_clients_pass_is_taken(home: Path, before: Sequence[str], after: Sequence[str]) -> None:
    process = start(home, *before, "app-server", *after)
    told, warned = process.communicate(orjson.dumps(INITIALIZE))
    assert orjson.loads(told.splitlines()[0])["result"]["codexHome"] == str(home)
    assert (process.returncode, warned) == (0, b"")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_with_0_and_without_a_word(home: Path, number: signal.Signals) -> None:
    process = greeted(start(home, "app-server"))
    process.send_signal(number)
    _, warned = process.communicate(timeout=20)
    assert (process.returncode, warned) == (0, b"")


def test_it_ends_though_a_second_process_holds_its_input(home: Path) -> None:
    process = start(home, "app-server")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stdin is not None
    process.stdin.write(orjson.dumps(INITIALIZE) + b"\n")
    process.stdin.flush()
    assert process.wait(20) == 0
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    process.stdin.close()


def test_a_port_that_is_taken_is_refused(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"ws://127.0.0.1:{taken.getsockname()[1]}"
        result = call(home, "app-server", "--listen", place)
    assert (result.exit_code, result.stderr) == (1, "Error: Address in use (os error 98)\n")


def test_help_lists_the_sub_commands(home: Path) -> None:
    told = call(home, "app-server", "--help").stdout
    assert all(name in told for name in ("proxy", "daemon", "generate-json-schema", "generate-ts"))


def test_schemas_are_written_a_file_each(home: Path, tmp_path: Path) -> None:
    published = pytest.importorskip("api.wire.published").published_schemas
    folder = tmp_path / "deep" / "schemas"
    result = call(home, "app-server", "generate-json-schema", "--out", str(folder), "--experimental")
    assert (result.exit_code, result.output) == (0, "")
    files = {
        os.path.relpath(path, folder): orjson.loads(path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert files == published(experimental=True)
