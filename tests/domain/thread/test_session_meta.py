"""A session_meta line said again has the release's own spelling (seen with the real server)."""

from typing import Any
from uuid import UUID

import pytest

from domain.events import RolloutLine
from domain.thread.session_meta import git_of, restated, told_by
from domain.topics import topic_of_raw
from tests.home import event, meta

THREAD = UUID("0196f000-0000-7000-8000-000000000001")
OTHER = "0196f000-0000-7000-8000-000000000009"

BARE = {
    "id": str(THREAD),
    "timestamp": "2026-05-01T10:00:00.000Z",
    "cwd": "/home/dev/project",
    "originator": "o",
    "cli_version": "0.131.0",
}
SAID = BARE | {"source": "vscode", "model_provider": None, "base_instructions": None, "memory_mode": "m"}


def said(**fields: object) -> dict[str, Any]:
    """A head with these fields, said again."""
    return restated(BARE | fields, "m")


def test_the_least_of_heads_gets_its_defaults() -> None:
    assert said() == SAID


def test_the_keys_have_the_order_of_real_lines() -> None:
    full = {
        "git": {},
        "memory_mode": "x",
        "dynamic_tools": [],
        "base_instructions": {"text": "t"},
        "agent_path": "/root/x",
        "agent_role": "r",
        "agent_nickname": "n",
        "thread_source": "user",
        "forked_from_id": OTHER,
    }
    assert list(restated(full | BARE, "m", {"branch": "b", "commit_hash": "c"})) == [
        *("id", "forked_from_id", "timestamp", "cwd", "originator", "cli_version", "source"),
        *("thread_source", "agent_nickname", "agent_role", "agent_path", "model_provider"),
        *("base_instructions", "dynamic_tools", "memory_mode", "git"),
    ]


def test_unknown_fields_are_lost() -> None:
    assert said(instructions="old", session_id="s", zzz=1, thread_source=None, agent_nickname=None) == SAID
    assert said(base_instructions={"text": "t", "more": 1})["base_instructions"] == {"text": "t"}


def test_ids_become_plain() -> None:
    told = said(id=f"{{{str(THREAD).upper()}}}", forked_from_id=OTHER.replace("-", ""))
    assert (told["id"], told["forked_from_id"]) == (str(THREAD), OTHER)


def test_an_older_name_of_the_role_is_replaced() -> None:
    assert said(agent_type="role") == SAID | {"agent_role": "role"}


SPAWN = {"parent_thread_id": OTHER.replace("-", ""), "depth": 1, "agent_type": "x", "unknown": 1}
PLAIN_SPAWN = {
    "parent_thread_id": OTHER,
    "depth": 1,
    "agent_path": None,
    "agent_nickname": None,
    "agent_role": "x",
}


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("cli", "cli"),
        ("weird", "unknown"),
        ({"custom": "c"}, {"custom": "c"}),
        ({"internal": "memory_consolidation"}, {"internal": "memory_consolidation"}),
        ({"subagent": "review"}, {"subagent": "review"}),
        ({"subagent": {"thread_spawn": SPAWN}}, {"subagent": {"thread_spawn": PLAIN_SPAWN}}),
    ],
)
def test_a_source_gets_its_usual_spelling(source: object, plain: object) -> None:
    assert said(source=source)["source"] == plain


@pytest.mark.parametrize(
    ("fields", "is_deferred"),
    [
        ({}, False),
        ({"deferLoading": True}, True),
        ({"deferLoading": None}, False),
        ({"exposeToContext": True}, False),
        ({"exposeToContext": False}, True),
        ({"namespace": None, "unknown": 1}, False),
    ],
)
def test_a_tool_gets_its_usual_spelling(fields: dict[str, object], *, is_deferred: bool) -> None:
    tool = {"inputSchema": {"z": 1, "a": 2}, "description": "d", "name": "n"}
    (told,) = said(dynamic_tools=[tool | fields])["dynamic_tools"]
    assert list(told.items()) == [
        ("name", "n"),
        ("description", "d"),
        ("inputSchema", {"z": 1, "a": 2}),
        ("deferLoading", is_deferred),
    ]


def test_a_tools_namespace_comes_first() -> None:
    tool = {"name": "n", "description": "d", "inputSchema": 1, "namespace": "s"}
    assert next(iter(said(dynamic_tools=[tool])["dynamic_tools"][0])) == "namespace"


@pytest.mark.parametrize(
    ("git", "told"),
    [
        (None, None),
        ({}, {}),
        ({"commit_hash": None, "branch": "b", "x": 1}, {"branch": "b"}),
    ],
)
def test_git_facts_are_those_that_are_not_null(git: object, told: object) -> None:
    assert git_of(BARE | {"git": git}) == told


def line(raw: bytes, version: int) -> RolloutLine:
    return RolloutLine(THREAD, version, topic_of_raw(raw), raw)


@pytest.mark.parametrize("version", [1, 2])
def test_only_usable_session_meta_lines_tell_facts(version: int) -> None:
    good = told_by(line(meta(THREAD).rstrip(), version))
    assert good is not None
    assert good["cwd"] == "/srv/demo"
    assert told_by(line(meta(THREAD, cwd=5).rstrip(), version)) is None
    assert told_by(line(event("user_message", message="m").rstrip(), version)) is None
    assert told_by(line(b"{torn", version)) is None


def test_a_byte_order_mark_harms_a_first_line_no_more_than_elsewhere() -> None:
    raw = b"\xef\xbb\xbf" + meta(THREAD).rstrip()
    assert told_by(line(raw, 1)) is not None
    assert told_by(line(raw, 2)) is None
