"""The real server, kept from the network."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.crash.served import Served

CODEX = os.environ.get("THREADSTORE_CODEX", "")
NOWHERE = "http://127.0.0.1:9"
PROXIES = [
    f"{name}={NOWHERE}" for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
]


@cache
def sealed_command() -> tuple[str, ...]:
    """The command of the real server: in a network of its own, else with proxies that lead nowhere."""
    unshare = shutil.which("unshare")
    if unshare is not None and subprocess.run([unshare, "-rn", "true"], check=False).returncode == 0:
        return unshare, "-rn", CODEX, "app-server", "--enable", "goals"
    return "env", *PROXIES, CODEX, "app-server", "--enable", "goals"


def real_server(home: Path) -> Served:
    """The real server on a home."""
    return Served(home, command=sealed_command())
