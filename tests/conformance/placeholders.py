"""`$HOME` and `${name}`: what differs from run to run, and has a fixed name in a case."""

import re
from collections.abc import Callable, Mapping

from tests.conformance.values import Json

SAVED = re.compile(r"\$\{(\w+)\}")
TELLING_LENGTH = 8
"""A shorter saved text could stand in an answer by chance."""


def filled_in(value: Json, home: str, saved: Mapping[str, Json]) -> Json:
    """A request of a case as it is sent: the home's path and the saved values put in."""

    def one(match: re.Match[str]) -> str:
        known = saved.get(match[1], match[0])
        return known if isinstance(known, str) else str(known)

    def fill(text: str) -> Json:
        whole = SAVED.fullmatch(text)
        if whole and whole[1] in saved:
            return saved[whole[1]]
        return SAVED.sub(one, text).replace("$HOME", home)

    return _mapped(value, fill, lambda key: key.replace("$HOME", home))


def generalised(value: Json, home: str, saved: Mapping[str, Json]) -> Json:
    """An answer as a case spells it: the other way round."""
    names = {
        known.replace(home, "$HOME"): "${" + name + "}"
        for name, known in saved.items()
        if isinstance(known, str) and len(known) >= TELLING_LENGTH
    }

    def spell(text: str) -> str:
        text = text.replace(home, "$HOME")
        for known, name in names.items():
            text = text.replace(known, name)
        return text

    return _mapped(value, spell, lambda key: key.replace(home, "$HOME"))


def _mapped(value: Json, text: Callable[[str], Json], key: Callable[[str], str]) -> Json:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return [_mapped(item, text, key) for item in value]
    if isinstance(value, dict):
        return {key(name): _mapped(item, text, key) for name, item in value.items()}
    return value
