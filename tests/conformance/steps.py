"""The kinds of steps a case is made of: what each one does, and what it gives back to be judged."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tests.conformance.files import appended, set_mtime
from tests.conformance.stage import Stage
from tests.conformance.values import Json, JsonObject, as_list, as_object, pick, strings

QUIET_S = 0.5
"""How long nothing more may come before the notifications of a request count as complete."""


class Step(Protocol):
    """Something that happens in a case."""

    @property
    def label(self) -> str:
        """What to call the step in a difference."""

    def perform(self, stage: Stage) -> JsonObject:
        """Let it happen; what there is to judge."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request to the server."""

    label: str
    message: JsonObject
    save: JsonObject
    notifications: tuple[str, ...]
    """How the names of those begin that are asked for."""
    expected: int
    """How many of them were recorded: a slow machine is waited for."""
    quiet_s: float

    def perform(self, stage: Stage) -> JsonObject:
        """The answer, and the notifications that came with it when they are asked for."""
        stage.talk.notifications.clear()
        outcome = stage.talk.request({key: stage.fill(value) for key, value in self.message.items()})
        if self.notifications:
            stage.talk.settle(self.quiet_s, self.notifications, self.expected)
            outcome["notifications"] = [
                {"method": message["method"], "params": message.get("params")}
                for message in stage.talk.notified(self.notifications)
            ]
        for name, path in self.save.items():
            try:
                stage.saved[name] = pick(outcome, str(path))
            except LookupError:
                continue
        return outcome


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line sent as it stands; with an id when an answer is due."""

    line: str
    is_answered: bool
    request_id: Json
    label: str = "raw"

    def perform(self, stage: Stage) -> JsonObject:
        """The answer, when one is due."""
        stage.talk.send_line(self.line.encode())
        return stage.talk.answer(self.request_id) if self.is_answered else {}


@dataclass(frozen=True, slots=True)
class Append:
    """Another program extends a file, or makes it."""

    file: str
    lines: list[Json]
    mtime_s: Json
    label: str = "append"

    def perform(self, stage: Stage) -> JsonObject:
        """Nothing to judge."""
        path = stage.path(self.file)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as out:
            out.write(appended(self.lines, stage.home))
        set_mtime(path, self.mtime_s)
        return {}


@dataclass(frozen=True, slots=True)
class Rename:
    """Another program moves a file."""

    file: str
    to: str
    label: str = "rename"

    def perform(self, stage: Stage) -> JsonObject:
        """Nothing to judge."""
        target = stage.path(self.to)
        target.parent.mkdir(parents=True, exist_ok=True)
        stage.path(self.file).rename(target)
        return {}


@dataclass(frozen=True, slots=True)
class Remove:
    """Another program removes a file."""

    file: str
    label: str = "remove"

    def perform(self, stage: Stage) -> JsonObject:
        """Nothing to judge."""
        stage.path(self.file).unlink()
        return {}


@dataclass(frozen=True, slots=True)
class Sleep:
    """Time goes by."""

    seconds: float
    label: str = "sleep"

    def perform(self, stage: Stage) -> JsonObject:
        """Nothing to judge."""
        time.sleep(self.seconds)
        return {}


@dataclass(frozen=True, slots=True)
class Restart:
    """The server ends, and a new one starts on the same home."""

    label: str = "restart"

    def perform(self, stage: Stage) -> JsonObject:
        """Nothing to judge."""
        stage.restart()
        return {}


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What the server left on disk: the lines of a file, or the one JSON value that it holds."""

    file: str
    is_one_value: bool
    kinds: tuple[str, ...] | None
    label: str

    def perform(self, stage: Stage) -> JsonObject:
        """The file's content; null when there is no such file."""
        path = stage.path(self.file)
        if not path.exists():
            return {"file": None}
        text = path.read_text("utf8", "replace")
        if self.is_one_value:
            return {"file": _json_or_text(text)}
        lines = [_json_or_text(line) if line.startswith(("{", "[")) else line for line in _lines(text)]
        return {"file": [line for line in lines if self.kinds is None or _is_of(line, self.kinds)]}


def _lines(text: str) -> list[str]:
    """The lines as a rollout's reader sees them: only a line feed ends one."""
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


def _is_of(line: Json, kinds: tuple[str, ...]) -> bool:
    value = as_object(line)
    return value.get("type") in kinds or as_object(value.get("payload")).get("type") in kinds


def _json_or_text(text: str) -> Json:
    try:
        value: Json = json.loads(text)
    except ValueError:
        return text
    return value


def _request(step: JsonObject) -> Step:
    quiet_s = step.get("quiet_s", QUIET_S)
    return Request(
        label=str(step["method"]),
        message={key: step[key] for key in ("method", "params") if key in step},
        save=as_object(step.get("save")),
        notifications=strings(step.get("notifications")),
        expected=len(as_list(as_object(step.get("expect")).get("notifications"))),
        quiet_s=quiet_s if isinstance(quiet_s, int | float) else QUIET_S,
    )


def _read_file(step: JsonObject) -> Step:
    kinds = strings(step["only"]) if "only" in step else None
    file = str(step["read_file"])
    return ReadFile(file=file, is_one_value=step.get("json") is True, kinds=kinds, label=file)


KINDS: dict[str, Callable[[JsonObject], Step]] = {
    "method": _request,
    "raw": lambda step: RawLine(str(step["raw"]), "id" in step, step.get("id")),
    "append": lambda step: Append(str(step["append"]), as_list(step["lines"]), step.get("mtime")),
    "rename": lambda step: Rename(str(step["rename"]), str(step["to"])),
    "remove": lambda step: Remove(str(step["remove"])),
    "sleep_s": lambda step: Sleep(float(str(step["sleep_s"]))),
    "restart": lambda step: Restart(),
    "read_file": _read_file,
}
"""The key that tells a step's kind, and how such a step is read."""


def read_step(step: JsonObject) -> Step:
    """The step that this object of a case describes; LookupError when it is of no known kind."""
    kind = next((kind for kind in KINDS if kind in step), None)
    if kind is None:
        raise LookupError(f"no step of a known kind: {sorted(step)}")
    return KINDS[kind](step)
