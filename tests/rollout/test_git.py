"""What git knows of a working directory, with real repositories."""

import subprocess
from pathlib import Path

import pytest

from rollout.git import git_facts

AUTHOR = ("-c", "user.name=a", "-c", "user.email=a@example.org")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *AUTHOR, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, on the branch `main`."""
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    git(folder, "commit", "-q", "--allow-empty", "-m", "first")
    return folder


def test_commit_branch_and_origin_are_told_in_the_order_of_the_log(repository: Path) -> None:
    git(repository, "remote", "add", "origin", "https://example.org/x.git")
    facts = git_facts(str(repository))
    assert facts is not None
    assert [*facts.items()] == [
        ("commit_hash", git(repository, "rev-parse", "HEAD")),
        ("branch", "main"),
        ("repository_url", "https://example.org/x.git"),
    ]


def test_a_folder_below_the_repository_is_in_it(repository: Path) -> None:
    below = repository / "a" / "b"
    below.mkdir(parents=True)
    assert git_facts(str(below)) == git_facts(str(repository))


def test_a_detached_head_has_no_branch(repository: Path) -> None:
    git(repository, "checkout", "-q", "--detach")
    assert git_facts(str(repository)) == {"commit_hash": git(repository, "rev-parse", "HEAD")}


def test_packed_references_and_linked_work_trees_are_understood(repository: Path, tmp_path: Path) -> None:
    git(repository, "worktree", "add", "-q", str(tmp_path / "linked"), "-b", "side/x")
    git(repository, "pack-refs", "--all")
    commit = git(repository, "rev-parse", "HEAD")
    assert git_facts(str(tmp_path / "linked")) == {"commit_hash": commit, "branch": "side/x"}


def test_of_a_repository_without_a_commit_nothing_is_known(repository: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    git(empty, "init", "-q", "-b", "main")
    assert git_facts(str(empty)) == {}


def test_outside_a_repository_there_is_nothing_to_tell(tmp_path: Path) -> None:
    assert git_facts(str(tmp_path)) is None
    assert git_facts(str(tmp_path / "not there")) is None
    assert git_facts("bad\0path") is None


def test_what_a_repository_names_is_not_run(repository: Path, tmp_path: Path) -> None:
    trace = tmp_path / "was run"
    program = repository / "program"
    program.write_text(f"#!/bin/sh\ntouch '{trace}'\n")
    program.chmod(0o755)
    hooks = repository / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "reference-transaction", "post-checkout"):
        (hooks / name).write_bytes(program.read_bytes())
        (hooks / name).chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "credential.helper", "core.editor"):
        git(repository, "config", key, str(program))
    for alias in ("rev-parse", "symbolic-ref", "remote"):
        git(repository, "config", f"alias.{alias}", f"!{program}")
    assert git_facts(str(repository)) is not None
    assert not trace.exists()


def test_a_git_that_lies_in_the_repository_is_not_run(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = tmp_path / "was run"
    (repository / "git").write_text(f"#!/bin/sh\ntouch '{trace}'\n")
    (repository / "git").chmod(0o755)
    monkeypatch.chdir(repository)
    monkeypatch.setenv("PATH", ".:")
    assert git_facts(str(repository)) is None
    assert not trace.exists()


def test_a_git_that_hangs_is_given_up(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "git").write_text("#!/bin/sh\nread forever < '$0.pipe' || exec tail -f /dev/null\n")
    (programs / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setattr("rollout.git.GIT_SECONDS", 0.1)
    assert git_facts(str(repository)) is None


def test_variables_that_lead_elsewhere_are_not_followed(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    facts = git_facts(str(repository))
    assert facts is not None
    assert facts["branch"] == "main"
