"""The Thread object of the protocol (thread-list.md, section 8)."""

from typing import Any

import pytest

from domain.listing.thread_object import Defaults, Stored, git_info, thread_object
from domain.paths import absolute

Facts = dict[str, Any]

THREAD = "0196f0aa-0000-7000-8000-00000000abcd"
OTHER = "0196f0aa-0000-7000-8000-00000000ffff"
FACTS: Facts = {
    "id": THREAD,
    "timestamp": "2026-05-01T10:00:00.999Z",
    "cwd": "/srv",
    "cli_version": "0.131.0",
    "source": "cli",
    "model_provider": "azure",
}
STORED = Stored(
    path="/home/r.jsonl", started_s=1_000, updated_ms=1_777_629_601_999, preview="hello", name=None
)
DEFAULTS = Defaults(model_provider="openai", working_directory="/srv/here")
SPAWN = {
    "parent_thread_id": OTHER,
    "depth": 1,
    "agent_path": None,
    "agent_nickname": "in",
    "agent_role": "ir",
}


def shown(name: str, **facts: object) -> object:
    """One field of a thread with these facts."""
    known = {key: value for key, value in {**FACTS, **facts}.items() if value is not None}
    return thread_object(known, STORED, DEFAULTS)[name]


def test_a_thread_has_all_keys() -> None:
    assert thread_object(FACTS, STORED, DEFAULTS) == {
        "id": THREAD,
        "sessionId": THREAD,
        "forkedFromId": None,
        "preview": "hello",
        "ephemeral": False,
        "modelProvider": "azure",
        "createdAt": 1_777_629_600,
        "updatedAt": 1_777_629_601,
        "status": {"type": "notLoaded"},
        "path": "/home/r.jsonl",
        "cwd": "/srv",
        "cliVersion": "0.131.0",
        "source": "cli",
        "threadSource": None,
        "agentNickname": None,
        "agentRole": None,
        "gitInfo": None,
        "name": None,
        "turns": [],
    }


@pytest.mark.parametrize(
    ("name", "facts", "value"),
    [
        ("forkedFromId", {"forked_from_id": OTHER}, OTHER),
        ("threadSource", {"thread_source": "user"}, "user"),
        ("modelProvider", {"model_provider": ""}, "openai"),
        ("modelProvider", {"model_provider": None}, "openai"),
        ("source", {"source": "mcp"}, "appServer"),
        ("source", {"source": None}, "vscode"),
        ("source", {"source": {"custom": "atlas"}}, {"custom": "atlas"}),
        ("agentNickname", {"agent_nickname": "n"}, None),
        ("agentRole", {"agent_role": "r", "source": {"subagent": "review"}}, None),
        ("agentNickname", {"source": {"subagent": {"thread_spawn": SPAWN}}}, "in"),
        ("agentRole", {"source": {"subagent": {"thread_spawn": SPAWN}}}, "ir"),
        ("agentNickname", {"source": {"subagent": {"thread_spawn": SPAWN}}, "agent_nickname": "on"}, "on"),
        ("agentRole", {"source": {"subagent": {"thread_spawn": SPAWN}}, "agent_role": "or"}, "or"),
        (
            "source",
            {"source": {"subagent": {"thread_spawn": SPAWN}}, "agent_role": "or"},
            {"subAgent": {"thread_spawn": {**SPAWN, "agent_role": "or"}}},
        ),
        ("gitInfo", {"git": {}}, None),
        ("gitInfo", {"git": {"branch": "b"}}, {"sha": None, "branch": "b", "originUrl": None}),
        ("cwd", {"cwd": "a/../b/"}, "/srv/here/b"),
        ("cwd", {"cwd": ""}, "/srv/here"),
        ("cwd", {"cwd": None}, "/srv/here"),
        # Seconds are rounded down, also before 1970.
        ("createdAt", {"timestamp": "2026-05-01T12:00:00+02:00"}, 1_777_629_600),
        ("createdAt", {"timestamp": "1969-12-31T23:59:59.5Z"}, -1),
        # An unreadable time falls back to that of the file's name.
        ("createdAt", {"timestamp": "yesterday"}, 1_000),
        ("createdAt", {"timestamp": ""}, 1_000),
        ("createdAt", {"timestamp": "2026-05-01T24:00:00Z"}, 1_000),
        ("createdAt", {"timestamp": None}, 1_000),
    ],
)
def test_a_field_shows_what_the_meta_tells(name: str, facts: Facts, value: object) -> None:
    assert shown(name, **facts) == value


@pytest.mark.parametrize(("updated_ms", "seconds"), [(0, 0), (999, 0), (1000, 1), (-1, -1), (-1000, -1)])
def test_the_time_of_the_last_change_is_rounded_down(updated_ms: int, seconds: int) -> None:
    stored = Stored("/p", 0, updated_ms, "", "a name")
    assert thread_object(FACTS, stored, DEFAULTS)["updatedAt"] == seconds
    assert thread_object(FACTS, stored, DEFAULTS)["name"] == "a name"


@pytest.mark.parametrize(
    ("git", "info"),
    [
        (None, None),
        ({}, None),
        ({"branch": None}, None),
        ({"surprise": "s"}, None),
        (
            {"commit_hash": "c", "branch": "b", "repository_url": "u"},
            {"sha": "c", "branch": "b", "originUrl": "u"},
        ),
        ({"commit_hash": "c"}, {"sha": "c", "branch": None, "originUrl": None}),
        ({"repository_url": "u", "branch": None}, {"sha": None, "branch": None, "originUrl": "u"}),
        # Blank strings stay.
        ({"branch": ""}, {"sha": None, "branch": "", "originUrl": None}),
        ({"branch": " "}, {"sha": None, "branch": " ", "originUrl": None}),
    ],
)
def test_git_facts_are_shown_when_any_is_known(git: Facts | None, info: Facts | None) -> None:
    assert git_info(git) == info


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/a//b/./c/../d/", "/a/b/d"),
        ("/", "/"),
        ("//", "/"),
        ("///", "/"),
        ("//a", "/a"),
        ("/..", "/"),
        ("/../../a", "/a"),
        ("/a/..", "/"),
        ("/a/~", "/a/~"),
        ("/ ", "/ "),
        ("/é\n", "/é\n"),
        ("", "/srv/here"),
        (".", "/srv/here"),
        ("./", "/srv/here"),
        ("a/", "/srv/here/a"),
        ("..", "/srv"),
        ("../../..", "/"),
        ("../../x", "/x"),
        (" /x", "/srv/here/ /x"),
        ("\\x", "/srv/here/\\x"),
        ("~user/x", "/srv/here/~user/x"),
    ],
)
def test_a_path_is_made_absolute_by_its_text_alone(path: str, told: str) -> None:
    assert absolute(path, "/srv/here") == told
