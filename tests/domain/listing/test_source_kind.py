"""Where threads come from, as the filter `sourceKinds` tells them apart (thread-list.md, section 3)."""

from typing import Any

import pytest

from domain.listing.source_kind import AGENTS, INTERACTIVE, REACHED_BY, SourceKind, kinds_reached, source_kind

SPAWN = {"thread_spawn": {"parent_thread_id": "0196f0aa-0000-7000-8000-000000000001", "depth": 1}}

KINDS: list[tuple[Any, SourceKind]] = [
    ("cli", SourceKind.CLI),
    ("vscode", SourceKind.VSCODE),
    ("exec", SourceKind.EXEC),
    ("mcp", SourceKind.APP_SERVER),
    ("unknown", SourceKind.UNKNOWN),
    ("appServer", SourceKind.UNKNOWN),
    ("CLI", SourceKind.UNKNOWN),
    ("", SourceKind.UNKNOWN),
    ("atlas", SourceKind.UNKNOWN),  # a bare word; only a custom source of that name is interactive
    ({"custom": "atlas"}, SourceKind.INTERACTIVE_CUSTOM),
    ({"custom": "chatgpt"}, SourceKind.INTERACTIVE_CUSTOM),
    ({"custom": "Atlas"}, SourceKind.CUSTOM),
    ({"custom": ""}, SourceKind.CUSTOM),
    ({"internal": "memory_consolidation"}, SourceKind.INTERNAL),
    ({"subagent": "review"}, SourceKind.REVIEW),
    ({"subagent": "compact"}, SourceKind.COMPACT),
    ({"subagent": "memory_consolidation"}, SourceKind.MEMORY),
    ({"subagent": SPAWN}, SourceKind.SPAWN),
    ({"subagent": {"other": "guardian"}}, SourceKind.OTHER_AGENT),
]

BY_EACH = {
    "cli": {SourceKind.CLI},
    "vscode": {SourceKind.VSCODE},
    "exec": {SourceKind.EXEC},
    "appServer": {SourceKind.APP_SERVER},
    "subAgent": {
        SourceKind.REVIEW,
        SourceKind.COMPACT,
        SourceKind.SPAWN,
        SourceKind.OTHER_AGENT,
        SourceKind.MEMORY,
    },
    "subAgentReview": {SourceKind.REVIEW},
    "subAgentCompact": {SourceKind.COMPACT},
    "subAgentThreadSpawn": {SourceKind.SPAWN},
    "subAgentOther": {SourceKind.OTHER_AGENT},
    "unknown": {SourceKind.UNKNOWN},
}


@pytest.mark.parametrize(("source", "kind"), KINDS, ids=[str(source) for source, _ in KINDS])
def test_every_source_has_one_kind(source: Any, kind: SourceKind) -> None:
    assert source_kind({"source": source}) is kind


def test_a_thread_that_tells_no_source_is_an_editors() -> None:
    assert source_kind({}) is SourceKind.VSCODE


def test_each_value_of_the_filter_reaches_its_kinds() -> None:
    assert {name: set(kinds_reached([name])) for name in REACHED_BY} == BY_EACH


@pytest.mark.parametrize("names", [[], ()])
def test_without_values_the_interactive_kinds_are_meant(names: list[str]) -> None:
    assert kinds_reached(names) == INTERACTIVE
    assert {SourceKind.CLI, SourceKind.VSCODE, SourceKind.INTERACTIVE_CUSTOM} == INTERACTIVE


def test_several_values_reach_what_each_of_them_does() -> None:
    assert kinds_reached(["cli", "subAgentReview", "cli"]) == {SourceKind.CLI, SourceKind.REVIEW}
    assert kinds_reached(["subAgent", "subAgentReview"]) == AGENTS
    assert kinds_reached(list(REACHED_BY)) == set(SourceKind) - {
        SourceKind.INTERACTIVE_CUSTOM,
        SourceKind.CUSTOM,
        SourceKind.INTERNAL,
    }


def test_the_numbers_in_the_index_stay_what_they_are() -> None:
    assert [(kind.name, int(kind)) for kind in SourceKind] == [
        ("CLI", 1),
        ("VSCODE", 2),
        ("EXEC", 3),
        ("APP_SERVER", 4),
        ("REVIEW", 5),
        ("COMPACT", 6),
        ("SPAWN", 7),
        ("OTHER_AGENT", 8),
        ("MEMORY", 9),
        ("UNKNOWN", 10),
        ("INTERACTIVE_CUSTOM", 11),
        ("CUSTOM", 12),
        ("INTERNAL", 13),
    ]
