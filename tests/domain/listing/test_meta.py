"""What session_meta lines tell of a thread (rollout-format.md, section 3, thread-list.md, section 8)."""

from typing import Any

import pytest

from domain.listing.meta import merged, shown_facts, spawn_of, wire_source

Facts = dict[str, Any]

THREAD = "0196f0aa-0000-7000-8000-00000000abcd"
OTHER = "0196f0aa-0000-7000-8000-00000000ffff"
PAYLOAD = {
    "id": THREAD,
    "timestamp": "2026-05-01T10:00:00.000Z",
    "cwd": "/srv",
    "originator": "tests",
    "cli_version": "0.131.0",
}
SHOWN = {name: PAYLOAD[name] for name in ("id", "timestamp", "cwd", "cli_version")}
SPAWN = {"parent_thread_id": OTHER, "depth": 1}
NO_NAMES = {"agent_path": None, "agent_nickname": None, "agent_role": None}


def spawned(**fields: object) -> Facts:
    """A source of a spawned agent."""
    return {"subagent": {"thread_spawn": {**SPAWN, **fields}}}


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        ({}, {}),
        (
            {"originator": "x", "base_instructions": {"text": "t"}, "dynamic_tools": [], "memory_mode": "m"},
            {},
        ),
        ({"instructions": "i", "session_id": "s", "history_mode": "legacy"}, {}),
        ({"history_mode": "paginated"}, {"history_mode": "paginated"}),
        ({"history_mode": "of the future"}, {"history_mode": "of the future"}),
        ({"history_mode": None}, {"history_mode": None}),
        ({"thread_source": "automation"}, {}),
        ({"thread_source": {"of": "the future"}}, {}),
        ({"source": "exec"}, {"source": "exec"}),
        ({"model_provider": None, "git": None, "thread_source": None, "forked_from_id": None}, {}),
        ({"model_provider": ""}, {"model_provider": ""}),
        ({"thread_source": "user"}, {"thread_source": "user"}),
        ({"git": {}}, {"git": {}}),
        ({"git": {"branch": "b"}}, {"git": {"branch": "b"}}),
        ({"agent_nickname": "n", "agent_role": "r"}, {"agent_nickname": "n", "agent_role": "r"}),
        ({"agent_type": "r"}, {"agent_role": "r"}),
        ({"agent_type": None}, {}),
        ({"id": THREAD.upper()}, {}),
        ({"id": f"urn:uuid:{THREAD}"}, {}),
        ({"id": THREAD.replace("-", "")}, {}),
        ({"forked_from_id": f"{{{OTHER.upper()}}}"}, {"forked_from_id": OTHER}),
    ],
)
def test_facts_are_what_a_thread_shows(fields: Facts, facts: Facts) -> None:
    assert shown_facts({**PAYLOAD, **fields}) == {**SHOWN, **facts}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("cli", "cli"),
        ("vscode", "vscode"),
        ("exec", "exec"),
        ("mcp", "appServer"),
        ("unknown", "unknown"),
        ("CLI", "unknown"),
        ("appServer", "unknown"),
        ("subAgent", "unknown"),
        ("", "unknown"),
        ({"custom": "atlas"}, {"custom": "atlas"}),
        ({"custom": ""}, {"custom": ""}),
        ({"internal": "memory_consolidation"}, "unknown"),
        ({"subagent": "review"}, {"subAgent": "review"}),
        ({"subagent": "compact"}, {"subAgent": "compact"}),
        ({"subagent": "memory_consolidation"}, {"subAgent": "memory_consolidation"}),
        ({"subagent": {"other": "o"}}, {"subAgent": {"other": "o"}}),
        ({"subagent": {"other": "thread_spawn"}}, {"subAgent": {"other": "thread_spawn"}}),
        (spawned(), {"subAgent": {"thread_spawn": {**SPAWN, **NO_NAMES}}}),
        (spawned(depth=-1, extra=1), {"subAgent": {"thread_spawn": {**SPAWN, **NO_NAMES, "depth": -1}}}),
        (
            spawned(parent_thread_id=OTHER.upper(), agent_path="/root/a"),
            {"subAgent": {"thread_spawn": {**SPAWN, **NO_NAMES, "agent_path": "/root/a"}}},
        ),
    ],
)
def test_a_source_has_another_name_at_the_wire(source: str | Facts, told: str | Facts) -> None:
    assert wire_source({"source": source}) == told


def test_a_thread_without_a_source_comes_from_vscode() -> None:
    assert wire_source({}) == "vscode"


@pytest.mark.parametrize(
    ("inside", "outside", "names"),
    [
        ({}, {}, (None, None)),
        ({"agent_nickname": "in", "agent_role": "ir"}, {}, ("in", "ir")),
        ({"agent_nickname": "in", "agent_type": "ir"}, {}, ("in", "ir")),
        ({}, {"agent_nickname": "on", "agent_role": "or"}, ("on", "or")),
        ({}, {"agent_nickname": "on", "agent_type": "or"}, ("on", "or")),
        (
            {"agent_nickname": "in", "agent_role": "ir"},
            {"agent_nickname": "on", "agent_role": "or"},
            ("on", "or"),
        ),
        ({"agent_nickname": "in", "agent_role": "ir"}, {"agent_role": "or"}, ("in", "or")),
        ({"agent_nickname": None, "agent_role": None}, {"agent_nickname": "on"}, ("on", None)),
    ],
)
def test_the_names_of_the_line_count_before_those_inside_the_source(
    inside: Facts, outside: Facts, names: tuple[str | None, str | None]
) -> None:
    spawn = spawn_of(shown_facts({**PAYLOAD, "source": spawned(**inside), **outside}))
    assert spawn is not None
    assert (spawn["agent_nickname"], spawn["agent_role"]) == names


def test_a_spawn_record_has_all_five_keys() -> None:
    assert spawn_of({"source": spawned()}) == {**SPAWN, **NO_NAMES}


@pytest.mark.parametrize(
    "source",
    [
        "cli",
        "mystery",
        {"custom": "c"},
        {"internal": "memory_consolidation"},
        {"subagent": "review"},
        {"subagent": {"other": "o"}},
    ],
)
def test_any_other_source_has_no_spawn_record(source: str | Facts) -> None:
    assert spawn_of({"source": source, "agent_nickname": "n", "agent_role": "r"}) is None


# -- later lines (case later-session-meta-replaces) -------------------------------------------


def told(first: Facts, last: Facts, git: Facts | None = None) -> Facts:
    """The facts of two lines, each with what else it tells."""
    return merged({**SHOWN, **first}, {**SHOWN, **last}, None if git is None else {**SHOWN, **git})


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("cwd", "/a", "/b"),
        ("cli_version", "1", "2"),
        ("source", "cli", "exec"),
        ("thread_source", "user", "subagent"),
        ("agent_nickname", "a", "b"),
        ("agent_role", "a", "b"),
        ("model_provider", "a", "b"),
    ],
)
def test_a_later_line_restates_what_may_change(name: str, first: str, last: str) -> None:
    assert told({name: first}, {name: last})[name] == last
    assert told({}, {name: last})[name] == last


@pytest.mark.parametrize(
    ("name", "first", "last"), [("id", THREAD, OTHER), ("timestamp", "a", "b"), ("forked_from_id", "a", "b")]
)
def test_a_later_line_does_not_restate_what_stays(name: str, first: str, last: str) -> None:
    assert told({name: first}, {name: last})[name] == first


@pytest.mark.parametrize("name", ["source", "thread_source", "agent_nickname", "agent_role"])
def test_what_a_later_line_does_not_tell_is_not_known_any_more(name: str) -> None:
    assert name not in told({name: "a"}, {})


def test_a_later_line_without_a_provider_leaves_the_first_one() -> None:
    assert told({"model_provider": "a"}, {})["model_provider"] == "a"


@pytest.mark.parametrize(
    ("git", "facts"),
    [
        (None, {"branch": "a"}),
        ({"git": {"branch": "b"}}, {"branch": "b"}),
        ({"git": {"commit_hash": "c"}}, {"commit_hash": "c"}),
    ],
)
def test_git_facts_are_those_of_the_last_line_that_has_any(git: Facts | None, facts: Facts) -> None:
    assert told({"git": {"branch": "a"}}, {}, git)["git"] == facts


def test_merging_leaves_the_lines_alone() -> None:
    first, last = {**SHOWN, "source": "cli", "git": {"branch": "a"}}, {**SHOWN, "cwd": "/b"}
    kept = (dict(first), dict(last))
    merged(first, last, last)
    assert (first, last) == kept
