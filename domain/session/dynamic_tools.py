"""Tools that a client brings along: which are refused, and how they are stored.

The rules, their order and their sentences are those of release 0.131.0 (cases dynamic-tool-*).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from domain.errors import UnfitDynamicTool
from domain.session.tool_schema import tool_schema_fault
from domain.text import is_blank, trim
from domain.wording import escaped

Tool = Mapping[str, Any]

NAME_PATTERN = "^[a-zA-Z0-9_-]+$"
_NAME = re.compile(r"[a-zA-Z0-9_-]+")
NAME_CHARACTERS_MAX = 128
NAMESPACE_CHARACTERS_MAX = 64
API = "to match Responses API"

RESERVED_NAMESPACES = frozenset(
    {
        "api_tool",
        "browser",
        "computer",
        "container",
        "file_search",
        "functions",
        "image_gen",
        "multi_tool_use",
        "python",
        "python_user_visible",
        "submodel_delegator",
        "terminal",
        "tool_search",
        "web",
    }
)
"""Namespaces that the model's API keeps for its own tools."""


def check_dynamic_tools(tools: Sequence[Tool]) -> None:
    """Refuse the first tool that does not fit, by UnfitDynamicTool."""
    taken: set[tuple[str | None, str]] = set()
    for tool in tools:
        name, namespace = tool["name"], tool.get("namespace")
        _check_name(name)
        if namespace is not None:
            _check_namespace(namespace, name)
        if (namespace, name) in taken:
            within = "" if namespace is None else f" in namespace {namespace}"
            raise UnfitDynamicTool(f"duplicate dynamic tool name{within}: {name}")
        taken.add((namespace, name))
        if is_deferred(tool) and namespace is None:
            raise UnfitDynamicTool(f"deferred dynamic tool must include a namespace: {name}")
        if why := tool_schema_fault(tool["inputSchema"]):
            raise UnfitDynamicTool(f"dynamic tool input schema is not supported for {name}: {why}")


def stored_tool(tool: Tool) -> dict[str, Any]:
    """One tool as `dynamic_tools` of a session_meta has it, its keys in order, defaults said."""
    namespace = tool.get("namespace")
    return ({} if namespace is None else {"namespace": namespace}) | {
        "name": tool["name"],
        "description": tool["description"],
        "inputSchema": tool["inputSchema"],
        "deferLoading": is_deferred(tool),
    }


def is_deferred(tool: Tool) -> bool:
    """Whether the tool is loaded only when searched for; `exposeToContext` is the older opposite."""
    deferred = tool.get("deferLoading")
    return tool.get("exposeToContext") is False if deferred is None else bool(deferred)


def _check_name(name: str) -> None:
    if is_blank(name):
        raise UnfitDynamicTool("dynamic tool name must not be empty")
    if name != trim(name):
        raise UnfitDynamicTool(f"dynamic tool name has leading/trailing whitespace: {escaped(name)}")
    _check_form("name", name, NAME_CHARACTERS_MAX)
    if _is_reserved(name):
        raise UnfitDynamicTool(f"dynamic tool name is reserved: {name}")


def _check_namespace(namespace: str, name: str) -> None:
    clean = trim(namespace)
    if not clean:
        raise UnfitDynamicTool(f"dynamic tool namespace must not be empty for {name}")
    if namespace != clean:
        raise UnfitDynamicTool(
            f"dynamic tool namespace has leading/trailing whitespace for {name}: {escaped(clean)}"
        )
    _check_form("namespace", clean, NAMESPACE_CHARACTERS_MAX)
    if _is_reserved(clean):
        raise UnfitDynamicTool(f"dynamic tool namespace is reserved for {name}: {clean}")
    if clean in RESERVED_NAMESPACES:
        raise UnfitDynamicTool(
            f"dynamic tool namespace collides with a reserved Responses API namespace for {name}: {clean}"
        )


def _check_form(what: str, text: str, characters_max: int) -> None:
    if _NAME.fullmatch(text) is None:
        raise UnfitDynamicTool(f"dynamic tool {what} must match {NAME_PATTERN} {API}: {escaped(text)}")
    if len(text) > characters_max:
        raise UnfitDynamicTool(
            f"dynamic tool {what} must be at most {characters_max} characters {API}: {escaped(text)}"
        )


def _is_reserved(name: str) -> bool:
    return name == "mcp" or name.startswith("mcp__")
