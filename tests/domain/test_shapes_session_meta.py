"""Tests of the shape of session_meta lines."""

from typing import Any

import pytest

from tests.domain.shape_lines import (
    ANYTHING,
    BOOLEAN,
    I32,
    LIST,
    OBJECT,
    STRING,
    THREAD_ID,
    UUID,
    Kind,
    Shape,
    is_kept,
    misjudged,
    names,
    nullable,
    optional,
    required,
)

BARE = Shape(
    "session_meta",
    {"id": THREAD_ID, "timestamp": "t", "cwd": "/srv", "originator": "o", "cli_version": "0"},
    (
        required("id", UUID),
        required("timestamp", STRING),
        required("cwd", STRING),
        required("originator", STRING),
        required("cli_version", STRING),
    ),
)

SHAPES = (
    BARE,
    Shape(
        "session_meta",
        BARE.payload
        | {
            "forked_from_id": THREAD_ID,
            "source": "cli",
            "thread_source": "user",
            "agent_nickname": "n",
            "agent_role": "r",
            "agent_path": "anything",
            "model_provider": "m",
            "base_instructions": {"text": "t"},
            "dynamic_tools": [
                {
                    "name": "n",
                    "description": "d",
                    "inputSchema": {"type": "object"},
                    "namespace": "n",
                    "deferLoading": True,
                    "exposeToContext": True,
                }
            ],
            "memory_mode": "enabled",
            "git": {"commit_hash": "c", "branch": "b", "repository_url": "u"},
        },
        (
            nullable("forked_from_id", UUID),
            nullable("thread_source", names("user", "subagent", "memory_consolidation")),
            nullable("agent_nickname", STRING),
            nullable("agent_role", STRING),
            nullable("agent_path", STRING),
            nullable("model_provider", STRING),
            nullable("base_instructions", OBJECT),
            required("base_instructions.text", STRING),
            nullable("dynamic_tools", LIST),
            required("dynamic_tools.0.name", STRING),
            required("dynamic_tools.0.description", STRING),
            required("dynamic_tools.0.inputSchema", ANYTHING),
            nullable("dynamic_tools.0.namespace", STRING),
            nullable("dynamic_tools.0.deferLoading", BOOLEAN),
            nullable("dynamic_tools.0.exposeToContext", BOOLEAN),
            nullable("memory_mode", STRING),
            nullable("git", OBJECT),
            nullable("git.commit_hash", STRING),
            nullable("git.branch", STRING),
            nullable("git.repository_url", STRING),
        ),
    ),
    Shape(
        "session_meta",
        BARE.payload
        | {
            "agent_type": "r",
            "source": {
                "subagent": {
                    "thread_spawn": {
                        "parent_thread_id": THREAD_ID,
                        "depth": 1,
                        "agent_path": "/root/a",
                        "agent_nickname": "n",
                        "agent_role": "r",
                    }
                }
            },
        },
        (
            nullable("agent_type", STRING),
            optional("source", Kind(good=(), bad=(None, 5, True, [], {}))),
            required("source.subagent.thread_spawn.parent_thread_id", UUID),
            required("source.subagent.thread_spawn.depth", I32),
            nullable("source.subagent.thread_spawn.agent_nickname", STRING),
            nullable("source.subagent.thread_spawn.agent_role", STRING),
        ),
        exact=("source", "source.subagent"),
    ),
)

AGENT_PATHS: dict[str | None, bool] = {
    None: True,
    "/root": True,
    "/root/a": True,
    "/root/a_b/9/_": True,
    "/root/rooted/aroot": True,
    "": False,
    "/": False,
    "/a": False,
    "root/a": False,
    "/rooted": False,
    "/root/": False,
    "/root/a/": False,
    "/root//a": False,
    "/root/A": False,
    "/root/a-b": False,
    "/root/..": False,
    "/root/root": False,
    "/root/root/a": False,
    "/root/a/root": False,
    "/root/a\n": False,
}


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_field_of_a_session_meta_follows_its_rules(shape: Shape) -> None:
    assert misjudged(shape) == []


@pytest.mark.parametrize(
    "source",
    [
        "cli",
        "vscode",
        "exec",
        "mcp",
        "hovercraft",
        "",
        {"custom": "atlas"},
        {"internal": "memory_consolidation"},
        {"subagent": "review"},
        {"subagent": "compact"},
        {"subagent": "memory_consolidation"},
        {"subagent": {"other": "guardian"}},
    ],
)
def test_a_known_source_or_any_other_name_is_kept(source: Any) -> None:
    assert is_kept(BARE.line(source=source))


@pytest.mark.parametrize(
    "source",
    [
        "custom",
        "internal",
        "subagent",
        {"custom": 5},
        {"custom": None},
        {"custom": "a", "internal": "memory_consolidation"},
        {"internal": "mystery"},
        {"subagent": "mystery"},
        {"subagent": "thread_spawn"},
        {"subagent": {"other": None}},
        {"subagent": {"mystery": "x"}},
        {"hovercraft": "x"},
    ],
)
def test_a_source_whose_detail_does_not_fit_drops_the_line(source: Any) -> None:
    assert not is_kept(BARE.line(source=source))


@pytest.mark.parametrize(("path", "kept"), AGENT_PATHS.items())
def test_a_spawned_agent_has_a_path_of_plain_names_below_root(path: str | None, *, kept: bool) -> None:
    spawn = {"parent_thread_id": THREAD_ID, "depth": 1, "agent_path": path}
    assert is_kept(BARE.line(source={"subagent": {"thread_spawn": spawn}})) is kept


def test_a_role_is_given_under_one_of_its_two_names_only() -> None:
    spawn = {"parent_thread_id": THREAD_ID, "depth": 1}
    for role in ({"agent_role": "r"}, {"agent_type": "r"}, {"agent_type": None}):
        assert is_kept(BARE.line(**role))
        assert is_kept(BARE.line(source={"subagent": {"thread_spawn": spawn | role}}))
    assert not is_kept(BARE.line(source={"subagent": {"thread_spawn": spawn | {"agent_type": 5}}}))
    both = {"agent_role": "r", "agent_type": "r"}
    assert not is_kept(BARE.line(**both))
    assert not is_kept(BARE.line(source={"subagent": {"thread_spawn": spawn | both}}))


def test_fields_of_older_and_later_releases_are_ignored() -> None:
    assert is_kept(BARE.line(instructions=5, session_id=5, parent_thread_id=5, history_mode=5))


def test_the_oldest_bare_meta_is_no_line() -> None:
    assert not is_kept({"id": THREAD_ID, "timestamp": "t", "instructions": None, "git": {}})
