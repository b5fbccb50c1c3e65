"""Where `--listen` says to listen (transports.md; each row was tried with the release binary)."""

from pathlib import Path

import pytest

from api.doors.listen import Listen, Off, Stdio, Tcp, Unix, parse_listen
from domain.errors import UnfitListen, UnknownListen

HOME = Path("/home/of/threads")
CONTROL = HOME / "app-server-control" / "app-server-control.sock"

READ: list[tuple[str, Listen]] = [
    ("stdio://", Stdio()),
    ("off", Off()),
    ("unix://", Unix(CONTROL, is_default=True)),
    ("unix:///a/b", Unix(Path("/a/b"), is_default=False)),
    ("unix:///a/../b//c", Unix(Path("/b/c"), is_default=False)),
    ("ws://127.0.0.1:0", Tcp("127.0.0.1", 0)),
    ("ws://127.0.0.1:65535", Tcp("127.0.0.1", 65_535)),
    ("ws://127.0.0.1:00080", Tcp("127.0.0.1", 80)),
    ("ws://0.0.0.0:1", Tcp("0.0.0.0", 1)),
    ("ws://[::1]:1", Tcp("::1", 1)),
    ("ws://[0:0::1]:1", Tcp("::1", 1)),
    ("ws://[::ffff:127.0.0.1]:1", Tcp("::ffff:127.0.0.1", 1)),
    ("ws://[fe80::1%2]:1", Tcp("fe80::1%2", 1)),
]

UNKNOWN = (
    "",
    " stdio://",
    "stdio",
    "stdio:/",
    "stdio://x",
    "STDIO://",
    "unix:/x",
    "unix:",
    "UNIX://",
    "WS://127.0.0.1:1",
    "wss://127.0.0.1:1",
    "http://127.0.0.1:1",
    "127.0.0.1:1",
    "off://",
    "OFF",
    "carrier-pigeon://",
)

UNFIT = (
    "ws://",
    "ws://localhost:1",
    "ws://127.0.0.1",
    "ws://127.0.0.1:",
    "ws://127.0.0.1:1/",
    "ws://127.0.0.1:1/path",
    "ws://127.0.0.1:65536",
    "ws://127.0.0.1:" + "9" * 5000,
    "ws://127.0.0.1:+1",
    "ws://127.0.0.1:-1",
    "ws://127.0.0.1: 1",
    "ws://127.0.0.1:\u0661",
    "ws://127.0.0.01:1",
    "ws://127.0.1:1",
    "ws://[127.0.0.1]:1",
    "ws://::1:1",
    "ws://::1",
    "ws://[::1]",
    "ws://[::1:1",
    "ws://:1",
    "ws:// 127.0.0.1:1",
    "ws://me@127.0.0.1:1",
)


@pytest.mark.parametrize(("text", "listen"), READ, ids=lambda told: str(told)[:40])
def test_a_place_to_listen_is_read(text: str, listen: Listen) -> None:
    assert parse_listen(text, HOME) == listen


def test_a_relative_path_begins_at_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert parse_listen("unix://a/s", HOME) == Unix(tmp_path / "a" / "s", is_default=False)


@pytest.mark.parametrize("text", UNKNOWN)
def test_another_spelling_is_refused_with_what_there_is(text: str) -> None:
    with pytest.raises(UnknownListen) as refusal:
        parse_listen(text, HOME)
    assert str(refusal.value) == (
        f"invalid value '{text}' for '--listen <URL>': unsupported --listen URL `{text}`; "
        "expected `stdio://`, `unix://`, `unix://PATH`, `ws://IP:PORT`, or `off`"
    )


@pytest.mark.parametrize("text", UNFIT, ids=lambda told: told[:40])
def test_a_port_needs_an_ip_and_a_number(text: str) -> None:
    with pytest.raises(UnfitListen) as refusal:
        parse_listen(text, HOME)
    assert str(refusal.value) == (
        f"invalid value '{text}' for '--listen <URL>': "
        f"invalid websocket --listen URL `{text}`; expected `ws://IP:PORT`"
    )


@pytest.mark.parametrize("text", ["127.0.0.1:80", "[::1]:80"])
def test_an_address_is_written_as_in_an_address_line(text: str) -> None:
    assert str(parse_listen(f"ws://{text}", HOME)) == text
