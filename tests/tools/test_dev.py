"""The developer's entry point: what it reads and unpacks."""

import io
import sys
import tarfile
from pathlib import Path

import pytest

from tests.clients.packages import PACKAGES
from tools import dev


def archive_of(folder: Path, *names: str) -> Path:
    """A package with files of these names."""
    path = folder / "package.tgz"
    with tarfile.open(path, "w:gz") as package:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = len(name)
            package.addfile(member, io.BytesIO(name.encode()))
    return path


def test_the_server_is_taken_out_of_its_package(tmp_path: Path) -> None:
    inside = "package/vendor/x86_64/codex/codex"
    dev.unpack(archive_of(tmp_path, "package/codex", inside), tmp_path / "codex")
    assert (tmp_path / "codex").read_text() == inside
    assert (tmp_path / "codex").stat().st_mode & 0o100


def test_a_package_without_the_server_is_refused(tmp_path: Path) -> None:
    with pytest.raises(dev.NoBinary):
        dev.unpack(archive_of(tmp_path, "package/codex", "../codex/codex"), tmp_path / "codex")
    assert not (tmp_path / "codex").exists()


def test_the_development_tools_come_from_pyproject() -> None:
    assert any(requirement.startswith("pytest>=") for requirement in dev.group("dev"))


def test_the_clients_that_are_tried_are_those_that_are_installed() -> None:
    installed = [requirement.partition(";")[0] for requirement in dev.group("clients")]
    assert installed == [package.requirement for package in PACKAGES]


def test_a_program_that_is_not_there_does_not_run() -> None:
    assert dev.runs(sys.executable)
    assert not dev.runs("python-of-nobody")


def test_an_old_python_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "PYTHON_LEAST", (99, 1))
    assert dev.main(["demo"]) == 1
    assert "too old: threadstore needs 99.1 or later" in capsys.readouterr().err


def test_a_failed_step_ends_with_its_code_and_output(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(dev.StepFailed, match="sum failed with exit code 3") as failure:
        dev.quiet_step("sum", ["sh", "-c", "echo wrong; exit 3"])
    assert failure.value.code == 3
    assert "wrong" in capfd.readouterr().err


@pytest.mark.parametrize(("arguments", "code"), [(["-h"], 0), ([], 2), (["fly"], 2)])
def test_help_explains(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(arguments) == code
    told = capsys.readouterr()
    assert all(name in told.out + told.err for name in dev.COMMANDS)
