"""Which tools of a client are refused, and how the others are stored (cases dynamic-tool-*)."""

import json
from pathlib import Path
from typing import Any

import pytest

from domain.errors import UnfitDynamicTool
from domain.session.dynamic_tools import check_dynamic_tools, stored_tool
from domain.session.tool_schema import tool_schema_fault

CASES = Path(__file__).parents[2] / "data" / "conformance" / "lifecycle"

Tool = dict[str, Any]


def recorded() -> list[tuple[list[Tool], str | None]]:
    steps = []
    for name in ("names", "namespaces", "sets", "stored"):
        case = json.loads((CASES / f"dynamic-tool{'s' if name == 'stored' else ''}-{name}.json").read_text())
        steps += [step for step in case["steps"] if "dynamicTools" in step.get("params", {})]
    return [
        (step["params"]["dynamicTools"], step["expect"].get("error", {}).get("message")) for step in steps
    ]


def tool(name: str = "a", **more: object) -> Tool:
    return {"name": name, "description": "", "inputSchema": {}, **more}


def refusal(*tools: Tool) -> str | None:
    try:
        check_dynamic_tools(tools)
    except UnfitDynamicTool as refused:
        return str(refused)
    return None


@pytest.mark.parametrize(("tools", "message"), recorded())
def test_tools_fare_as_recorded(tools: list[Tool], message: str | None) -> None:
    assert refusal(*tools) == message


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (tool("\u3000"), "dynamic tool name must not be empty"),
        (tool("\u0085x"), r"dynamic tool name has leading/trailing whitespace: \u{85}x"),
        (
            tool("\x1cx"),
            r"dynamic tool name must match ^[a-zA-Z0-9_-]+$ to match Responses API: \u{1c}x",
        ),
        (tool("x\n"), r"dynamic tool name has leading/trailing whitespace: x\n"),
        (tool(namespace="\u00a0s"), "dynamic tool namespace has leading/trailing whitespace for a: s"),
        (tool(deferLoading=None, exposeToContext=False), "deferred dynamic tool must include a namespace: a"),
        (tool(deferLoading=False, exposeToContext=False), None),
        (tool("MCP"), None),
        (tool("mcpx"), None),
        (tool(namespace="Web"), None),
    ],
)
def test_blanks_case_and_the_older_spelling_count_as_in_the_release(given: Tool, message: str | None) -> None:
    assert refusal(given) == message


def test_the_first_fault_of_the_first_wrong_tool_is_told() -> None:
    wrong = tool(" b", namespace="", inputSchema=5)
    assert refusal(tool(), wrong, tool()) == "dynamic tool name has leading/trailing whitespace:  b"


SINGLETON = "tool input schema must not be a singleton null type"


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        (True, None),
        ({"type": "zz", "oneOf": 5, "$defs": 5, "const": None}, None),
        ({"type": ["null"]}, SINGLETON),
        ({"type": "null", "properties": {}}, SINGLETON),
        ({"type": ["null", "string"]}, None),
        ({"properties": {"a": {"type": "null"}}}, None),
        ({"enum": None, "properties": None, "items": None, "required": None, "anyOf": None}, None),
        (5, "invalid type: integer `5`, expected struct JsonSchema"),
        ({"properties": 5}, "invalid type: integer `5`, expected a map"),
        ({"properties": {"a": "x"}}, 'invalid type: string "x", expected struct JsonSchema'),
        ({"properties": {"a": None}}, "invalid type: null, expected struct JsonSchema"),
        ({"items": 1.5}, "invalid type: floating point `1.5`, expected struct JsonSchema"),
        ({"required": True}, "invalid type: boolean `true`, expected a sequence"),
        ({"required": [5]}, "invalid type: integer `5`, expected a string"),
        ({"anyOf": [[]]}, "invalid type: sequence, expected struct JsonSchema"),
        ({"description": {}}, "invalid type: map, expected a string"),
        (
            {"additionalProperties": {"items": 5}},
            "data did not match any variant of untagged enum AdditionalProperties",
        ),
        ({"additionalProperties": {"type": 5}}, None),
    ],
)
def test_a_schema_is_looked_into_as_far_as_the_release_does(schema: object, why: str | None) -> None:
    assert tool_schema_fault(schema) == why


def test_a_deep_schema_is_no_trouble() -> None:
    schema: dict[str, Any] = {}
    for _ in range(5000):
        schema = {"items": schema}
    assert tool_schema_fault(schema) is None


def test_tools_are_stored_with_their_keys_in_order_and_defaults_said() -> None:
    tools = (tool(exposeToContext=False, namespace="n", extra=1), tool("b", namespace=None))
    stored = [stored_tool(each) for each in tools]
    assert json.dumps(stored) == json.dumps(
        [
            {"namespace": "n", "name": "a", "description": "", "inputSchema": {}, "deferLoading": True},
            {"name": "b", "description": "", "inputSchema": {}, "deferLoading": False},
        ]
    )
