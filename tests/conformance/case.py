"""A recorded conversation: the home it takes place in, its steps, and what each should give."""

import json
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.compare import Expectation, Match
from tests.conformance.errors import BadCase
from tests.conformance.files import lay
from tests.conformance.steps import Step, read_step
from tests.conformance.values import Json, JsonObject, as_list, as_object, strings

CASES = Path(__file__).resolve().parents[1] / "data" / "conformance"
EXPERIMENTAL: JsonObject = {"experimentalApi": True}


@dataclass(frozen=True, slots=True)
class Case:
    """One case file. `name` is its area and its own name: `history/empty-file`."""

    name: str
    about: str
    files: JsonObject
    mtimes_s: JsonObject
    steps: tuple[tuple[Step, Expectation | None], ...]
    greets: bool
    capabilities: Json

    def lay(self, home: Path) -> None:
        """Write the case's files under this home."""
        lay(home, self.files, self.mtimes_s)


def name_of(path: Path) -> str:
    """The name of the case in this file."""
    return f"{path.parent.name}/{path.stem}"


def cases_of(area: str) -> list[Path]:
    """The case files of one area, by name."""
    return sorted((CASES / area).glob("*.json"))


def load(path: Path) -> Case:
    """The case in this file; BadCase when it does not read."""
    name = name_of(path)
    try:
        value: Json = json.loads(path.read_text("utf8"))
        return _read(name, as_object(value))
    except (OSError, ValueError, LookupError) as error:
        raise BadCase(name, str(error)) from error


def _read(name: str, case: JsonObject) -> Case:
    if case.get("system_files"):
        raise BadCase(name, "system_files (files laid over /etc) are not supported by this runner")
    steps = tuple((read_step(step), _expectation(step)) for step in map(as_object, as_list(case["steps"])))
    return Case(
        name=name,
        about=str(case.get("about", "")),
        files=as_object(case.get("home")),
        mtimes_s=as_object(case.get("mtime")),
        steps=steps,
        greets=case.get("initialize") is not False,
        capabilities=case.get("capabilities", EXPERIMENTAL),
    )


def _expectation(step: JsonObject) -> Expectation | None:
    if "expect" not in step:
        return None
    return Expectation(
        outcome=as_object(step["expect"]),
        match=Match(step.get("match", Match.EXACT.value)),
        ignored=strings(step.get("ignore")),
    )
