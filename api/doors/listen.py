"""Where the service listens, as `--listen` says it (release 0.131.0 wrote the texts of its refusals)."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from domain.errors import UnfitListen, UnknownListen

CONTROL_SOCKET = Path("app-server-control") / "app-server-control.sock"
"""Where in a home its control socket lies, as clients of `unix://` expect it."""

PORT_MAX = 65_535


@dataclass(frozen=True, slots=True)
class Stdio:
    """One client over standard input and output."""


@dataclass(frozen=True, slots=True)
class Unix:
    """WebSocket on a Unix socket; `is_default` for the control socket of the home."""

    path: Path
    is_default: bool


@dataclass(frozen=True, slots=True)
class Tcp:
    """WebSocket on a port of an address; port 0 lets the system choose one.

    `host` is an IPv4 address, or an IPv6 address without brackets.
    """

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Off:
    """Nowhere."""


Listen = Stdio | Unix | Tcp | Off


def control_socket(home_root: Path) -> Path:
    """The control socket of a home."""
    return home_root / CONTROL_SOCKET


def parse_listen(text: str, home_root: Path) -> Listen:
    """Where this text says to listen.

    UnknownListen for another scheme or spelling, UnfitListen where no IP and port follow `ws://`.
    """
    for scheme, read in SCHEMES.items():
        if text.startswith(scheme):
            return read(text, text.removeprefix(scheme), home_root)
    whole = WHOLE.get(text)
    if whole is None:
        raise UnknownListen(text)
    return whole


def _unix(text: str, path: str, home_root: Path) -> Unix:
    del text
    if not path:
        return Unix(control_socket(home_root), is_default=True)
    return Unix(Path(os.path.abspath(path)), is_default=False)  # noqa: PTH100 - links stay


def _tcp(text: str, address: str, home_root: Path) -> Tcp:
    del home_root
    host, colon, port = address.rpartition(":")
    is_bracketed = host.startswith("[") and host.endswith("]")
    is_number = port.isascii() and port.isdigit() and int(port.lstrip("0")[:6] or "0") <= PORT_MAX
    try:
        ip = ip_address(host[1:-1] if is_bracketed else host)
    except ValueError:
        raise UnfitListen(text) from None
    if not colon or not is_number or is_bracketed != (ip.version == 6):  # noqa: PLR2004 - the IP version
        raise UnfitListen(text)
    return Tcp(_written(ip), int(port))


def _written(ip: IPv4Address | IPv6Address) -> str:
    """The address as most write it, one of IPv4 in IPv6 with dots."""
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return str(ip) if mapped is None else f"::ffff:{mapped}"


SCHEMES: dict[str, Callable[[str, str, Path], Listen]] = {"unix://": _unix, "ws://": _tcp}
"""What reads the rest behind a scheme."""

WHOLE: dict[str, Listen] = {"stdio://": Stdio(), "off": Off()}
"""What is spelled in exactly one way."""
