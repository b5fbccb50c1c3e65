"""SQL is written by us and nobody else: a walk over the code, and searches for all that SQL could mistake."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.lifecycle import ID, ear_on, laid
from tests.conformance.server import ROOT

ROOMS = ("domain", "rollout", "projections", "api", "tools")
VERBS = (
    *("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "REPLACE ", "PRAGMA ", "CREATE ", "DROP ", "ALTER "),
    *("ATTACH ", "DETACH ", "WITH ", "SAVEPOINT ", "EXPLAIN ", "VACUUM"),
)
RUNNERS = {"execute", "executemany", "executescript"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the program."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def text_of(node: ast.expr) -> str:
    """What of a text is written in the code."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(
        part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "\0"
        for part in parts
    )


def is_statement(node: ast.expr) -> bool:
    """Whether a text begins like SQL."""
    return text_of(node).lstrip("\n ").startswith(VERBS)


def put_in(node: ast.AST) -> Iterator[ast.expr]:
    """What an expression puts into a statement besides texts of the code."""
    if isinstance(node, ast.JoinedStr) and is_statement(node):
        yield from (part.value for part in node.values if isinstance(part, ast.FormattedValue))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and is_statement(node.left):
        yield node.right
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    if node.func.attr == "format" and is_statement(node.func.value):
        yield from (*node.args, *(keyword.value for keyword in node.keywords))
    if node.func.attr in RUNNERS and node.args:
        yield from (
            side
            for inner in ast.walk(node.args[0])
            if isinstance(inner, ast.BinOp)
            for side in (inner.left, inner.right)
        )


def names_of(node: ast.expr) -> set[str]:
    """The variables in an expression that are no constants of a module."""
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    return {name for name in names if not name.lstrip("_").isupper()}


OUR_OWN: dict[str, set[str]] = {
    "api/checking/census.py": {"condition"},
    "api/checking/index_check.py": {"table"},
    "projections/change_rows.py": {"marks"},
    "projections/changes.py": {"only"},
    "projections/database.py": {"len"},
    "projections/history.py": {"len"},
    "projections/list_query.py": {"clauses", "columns", "order", "self"},
    "projections/pages.py": {"direction", "names", "order", "view", "where"},
    "projections/schema.py": {"order", "part"},
    "projections/shards.py": {"columns", "name", "table"},
    "projections/store.py": {"table"},
    "projections/thread_pages.py": {"what"},
    "projections/thread_rows.py": {"len"},
    "projections/turn_rows.py": {"ItemLine", "TurnRow", "len"},
    "rollout/catalogue/catalogue.py": {"condition"},
    "rollout/catalogue/joining.py": {"shard"},
}
"""Variables that stand in statements, by module: each holds a word of ours, never one from outside."""


def test_statements_hold_no_words_from_outside() -> None:
    found: dict[str, set[str]] = {}
    for path, module in sources():
        names = {name for node in ast.walk(module) for value in put_in(node) for name in names_of(value)}
        if names - OUR_OWN.get(path, set()):
            found[path] = names - OUR_OWN.get(path, set())
    assert found == {}


@pytest.mark.parametrize(
    "code",
    [
        'cursor.execute(f"SELECT {name}")',
        'cursor.execute("SELECT %s" % name)',
        'cursor.execute("SELECT {}".format(name))',
        "cursor.execute(SELECT + name)",
        'query = f"\\n DELETE FROM {name}"',
    ],
)
def test_the_walk_sees_a_word_from_outside(code: str) -> None:
    found = {name for node in ast.walk(ast.parse(code)) for value in put_in(node) for name in names_of(value)}
    assert found == {"name"}


ODD = (
    "%",
    "_",
    "'",
    '"',
    "\\",
    "*",
    "?",
    "[a]",
    "--",
    ";",
    "''",
    "a%b",
    "NEAR(",
    "AND",
    "^",
    "x'00'",
    "\u0130",
)
"""What LIKE, GLOB, the search index or SQL itself would mistake."""


async def test_every_character_of_a_search_stands_for_itself(tmp_path: Path) -> None:
    laid(tmp_path)
    async with ear_on(tmp_path) as ear:
        wrong = []
        for name in ODD:
            await ear.call("thread/name/set", threadId=ID, name=f"before {name} behind")
            for term in ODD:
                found = (await ear.call("thread/list", searchTerm=term))["data"]
                if [thread["id"] for thread in found] != [ID] * (term in f"before {name} behind"):
                    wrong.append((name, term))
        assert wrong == []
        assert (await ear.call("thread/list", searchTerm="before\0"))["data"] == []
