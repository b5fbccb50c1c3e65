"""The Python clients that are tried, at the versions they were found at, and how to run one.

`python tools/dev.py test --clients` installs them into an environment of their own and names its Python in
THREADSTORE_CLIENTS. Two of them ask for a newer Python than we do.
"""

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.conformance.server import ROOT
from tests.end_to_end.doors import GUARDED, OURS, STDIO, WEBSOCKET, Door, environment

PYTHON = os.environ.get("THREADSTORE_CLIENTS", "")
PROGRAMS = Path(__file__).parent / "programs"
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Package:
    """A client: what it is installed as, what it is imported as, its program, and its doors."""

    requirement: str
    module: str
    program: str
    doors: tuple[Door, ...] = (STDIO,)

    @property
    def is_there(self) -> bool:
        """Whether it can be imported."""
        return bool(PYTHON) and self.module in importable()


PACKAGES = (
    Package("openai-codex==0.163.0", "openai_codex", "official.py"),
    Package("codex-app-server-client==0.1.0", "codex_app_server_client", "app_server_client.py"),
    Package("codex-python-sdk==0.2.1", "codex_python_sdk", "python_sdk.py"),
    Package(
        "codex-app-server-sdk==0.4.1",
        "codex_app_server_sdk",
        "app_server_sdk.py",
        (STDIO, WEBSOCKET, GUARDED),
    ),
    Package("codexed==1.2.2", "codexed", "codexed_client.py", (STDIO, WEBSOCKET, GUARDED)),
)

IMPORTABLE = """
import importlib.util, sys
print(*(name for name in sys.argv[1:] if importlib.util.find_spec(name)))
"""


@cache
def importable() -> frozenset[str]:
    """The clients that the named Python has."""
    names = [package.module for package in PACKAGES]
    found = subprocess.run([PYTHON, "-c", IMPORTABLE, *names], capture_output=True, text=True, check=True)
    return frozenset(found.stdout.split())


def executable(folder: Path) -> Path:
    """A file that can be run in place of the official binary."""
    path = folder / "codex"
    program = shlex.join(OURS.command[:-1])
    path.write_text(f'#!/bin/sh\nexport PYTHONPATH={shlex.quote(str(ROOT))}\nexec {program} "$@"\n')
    path.chmod(0o755)
    return path


def browse(package: Package, home: Path, *where: str) -> str:
    """What a client saw of a home, as JSON."""
    settings = {name: text for name, text in environment(home).items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [PYTHON, str(PROGRAMS / package.program), *where],
        capture_output=True,
        text=True,
        env=settings,
        cwd=home,
        timeout=PATIENCE_S,
        check=False,
    )
    sys.stderr.write(done.stderr)
    assert done.returncode == 0, done.stderr
    return done.stdout
