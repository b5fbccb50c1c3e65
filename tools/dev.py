"""What a developer runs in a fresh clone, with nothing but Python and its standard library.

    python3 tools/dev.py demo [--home DIR]            show the store at work on a home
    python3 tools/dev.py test [--reference] [--clients] [ARG…]
                                                      lint, types, imports, tests; ARGs go to pytest
    python3 tools/dev.py bench [--reference-binary PATH] [--quick] [ARG…]

Each makes the environment first: `.venv` in the checkout, with the program and its development tools. It
is made again when pyproject.toml changes. The tests run on all cores; `test -n 0 ARG…` runs them in one
process, as a debugger wants it. `test --reference` also fetches the real server (npm) and
compares with it, and works beside release 0.169.0 where THREADSTORE_CODEX_NEWER names a binary of that;
`test --clients` installs clients that others wrote, in an environment of their own, and lets them talk to
the server. `bench -h` tells the benchmark's own options.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "threadstore-installed"
PYTHON_LEAST = (3, 11)

REFERENCE_RELEASE = "0.131.0-linux-x64"
REFERENCE_FOLDER = VENV / "reference"

CLIENTS = VENV / "clients"
CLIENTS_PYTHON = CLIENTS / "bin" / "python"
CLIENTS_STAMP = CLIENTS / "clients-installed"
CLIENTS_PROGRAMS = ("python3.13", "python3.14")
"""Pythons that all clients can be installed for; ours may be too old for some."""

USAGE_CODE = 2
INTERRUPTED_CODE = 130


class DevError(Exception):
    """A step that failed: what a person reads, and the exit code."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


class PythonTooOld(DevError):
    """The Python that runs this is older than the program can use."""

    def __init__(self, version: str) -> None:
        least = ".".join(map(str, PYTHON_LEAST))
        super().__init__(f"Python {version} is too old: threadstore needs {least} or later")


class StepFailed(DevError):
    """A command that ended badly."""

    def __init__(self, what: str, code: int) -> None:
        super().__init__(f"{what} failed with exit code {code}", code)


class CommandMissing(DevError):
    """A program that is not on this machine."""

    def __init__(self, program: str) -> None:
        super().__init__(f"{program} is not installed")


class NoBinary(DevError):
    """A fetched package without the server in it."""

    def __init__(self, archive: Path) -> None:
        super().__init__(f"{archive.name} holds no package/vendor/*/codex/codex")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the commands; its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    command = COMMANDS.get(given[0]) if given else None
    if command is None:
        wants_help = given[:1] in (["-h"], ["--help"])
        print(__doc__, file=sys.stdout if wants_help else sys.stderr)
        return 0 if wants_help else USAGE_CODE
    try:
        return command(given[1:])
    except DevError as error:
        print(f"dev.py: {error}", file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        return INTERRUPTED_CODE


def demo(arguments: list[str]) -> int:
    """The demonstration."""
    make_environment()
    return run([str(PYTHON), "-m", "tools.demo", *arguments])


def bench(arguments: list[str]) -> int:
    """The benchmark."""
    make_environment()
    return run([str(PYTHON), "-m", "tests.bench.compare", *arguments])


def test(arguments: list[str]) -> int:
    """Every check, in order; the first that fails ends the run."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    settings = {}
    make_environment()
    if "--reference" in arguments:
        arguments = [argument for argument in arguments if argument != "--reference"]
        settings["THREADSTORE_CODEX"] = str(reference_binary())
    if "--clients" in arguments:
        arguments = [argument for argument in arguments if argument != "--clients"]
        settings["THREADSTORE_CLIENTS"] = str(clients_python())
    for name, command in CHECKS.items():
        quiet_step(name, [str(VENV / "bin" / command[0]), *command[1:]])
    return run([str(PYTHON), "-m", "pytest", *SIDE_BY_SIDE, *arguments], settings | COMPILED, cwd=ROOT)


CHECKS = {
    "ruff check": ["ruff", "check", "--quiet", "--output-format", "concise"],
    "ruff format": ["ruff", "format", "--check", "--quiet"],
    "mypy": ["mypy"],
    "lint-imports": ["lint-imports"],
}
"""What runs before the tests, by name."""

SIDE_BY_SIDE = ("-n", "logical", "--dist", "worksteal")
"""A process a core; each takes tests that stand together, so what a file shares is made once or twice."""

COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
"""Modules are compiled once, not by each server that a test starts: a third of such a start."""

COMMANDS = {"demo": demo, "test": test, "bench": bench}


def make_environment() -> None:
    """Make `.venv`, unless it is there and installed from this pyproject.toml."""
    if sys.version_info[:2] < PYTHON_LEAST:
        raise PythonTooOld(".".join(map(str, sys.version_info[:3])))
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + sys.version.encode()).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == digest:
        return
    if not PYTHON.exists():
        quiet_step("making .venv", [sys.executable, "-m", "venv", "--clear", str(VENV)])
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    quiet_step("installing", [*pip, "--editable", str(ROOT), *group("dev")])
    STAMP.write_text(digest)


def clients_python() -> Path:
    """The Python of the environment with the clients, which is made when they change."""
    digest = hashlib.sha256("\n".join(group("clients")).encode()).hexdigest()
    if CLIENTS_STAMP.exists() and CLIENTS_STAMP.read_text() == digest:
        return CLIENTS_PYTHON
    program = next(filter(runs, CLIENTS_PROGRAMS), sys.executable)
    quiet_step("making clients", [program, "-m", "venv", "--clear", str(CLIENTS)])
    pip = [str(CLIENTS_PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    quiet_step("installing clients", [*pip, *group("clients")])
    CLIENTS_STAMP.write_text(digest)
    return CLIENTS_PYTHON


def runs(program: str) -> bool:
    """Whether a Python of this name can be run."""
    path = shutil.which(program)
    if path is None:
        return False
    done = subprocess.run([path, "-c", ""], capture_output=True, check=False)  # noqa: S603  our own commands
    return done.returncode == 0


def group(name: str) -> list[str]:
    """What a group of pyproject.toml asks for."""
    import tomllib  # noqa: PLC0415  an older Python has none, and must get as far as its error

    with (ROOT / "pyproject.toml").open("rb") as file:
        groups = tomllib.load(file)["dependency-groups"]
    return [str(requirement) for requirement in groups[name]]


def reference_binary() -> Path:
    """The real server, fetched once."""
    binary = REFERENCE_FOLDER / REFERENCE_RELEASE / "codex"
    if binary.exists():
        return binary
    npm = shutil.which("npm")
    if npm is None:
        raise CommandMissing("npm")
    binary.parent.mkdir(parents=True, exist_ok=True)
    package = f"@openai/codex@{REFERENCE_RELEASE}"
    quiet_step(f"fetching {package}", [npm, "pack", "--silent", package], cwd=binary.parent)
    archive = next(binary.parent.glob("*.tgz"))
    unpack(archive, binary)
    archive.unlink()
    return binary


def unpack(archive: Path, binary: Path) -> None:
    """Take the server out of its package; it appears under its name only when it is whole."""
    part = binary.with_suffix(".part")
    with tarfile.open(archive) as package:
        for member in package:
            source = package.extractfile(member)
            if source and Path(member.name).match("package/vendor/*/codex/codex"):
                with part.open("wb") as target:
                    shutil.copyfileobj(source, target)
                part.chmod(0o755)
                part.rename(binary)
                return
    raise NoBinary(archive)


def quiet_step(name: str, command: list[str], cwd: Path = ROOT) -> None:
    """Run a step and print one line about it; what it printed itself shows only when it fails."""
    print(f"{name:20} ", end="", file=sys.stderr, flush=True)
    begun = time.monotonic()
    done = subprocess.run(  # noqa: S603  our own commands
        command, cwd=cwd, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    verdict = "failed" if done.returncode else "ok"
    print(f"{verdict:6} {time.monotonic() - begun:6.1f} s", file=sys.stderr, flush=True)
    if done.returncode:
        sys.stderr.write(done.stdout.decode(errors="replace"))
        raise StepFailed(name, done.returncode)


def run(command: list[str], settings: Mapping[str, str] | None = None, cwd: Path | None = None) -> int:
    """Run a command in the foreground; its exit code."""
    return subprocess.run(command, cwd=cwd, env=environment() | dict(settings or {}), check=False).returncode  # noqa: S603  our own commands


def environment() -> dict[str, str]:
    """This process's environment, with the checkout first among the places to import from."""
    search = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(search)}


if __name__ == "__main__":
    sys.exit(main())
