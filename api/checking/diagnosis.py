"""A home looked over for a person: what there is, what is hidden, what is wrong, and what helps."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from api.checking.census import Census, census
from api.checking.index_check import Depth, Progress
from api.checking.index_state import IndexState, index_state
from api.checking.surroundings import Surroundings, surroundings
from api.checking.verification import Asked, verify
from api.configuration.config import read_config
from rollout.finding.home import Home
from rollout.names import NamesFile


@dataclass(frozen=True, slots=True)
class Advice:
    """Something that is not as it should be, and what helps."""

    about: str
    helps: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All facts. `severities` counts the findings of a deep look by severity; None without one."""

    home: str
    census: Census
    index: IndexState
    surroundings: Surroundings
    named: int
    severities: dict[str, int] | None

    def facts(self) -> dict[str, Any]:
        """The facts and the advice by name."""
        return asdict(self) | {"advice": [asdict(each) for each in self.advice()]}

    def advice(self) -> Iterator[Advice]:
        """What to do, the most important first."""
        yield from self._of_damage()
        if self.index.fault is not None:
            helps = "nothing: a server makes it anew" if self.index.is_ours else "another --index"
            yield Advice(f"the index is not used as it is: {self.index.fault}", helps)
        if self.census.repeated_ids:
            what = f"thread ids with several files: {self.census.repeated_ids:,}; lists show the longest"
            yield Advice(what, "threadstore repair --dry-run")
        for words, count in self.census.odd:
            yield Advice(f"{words} among the logs: {count:,}", "threadstore verify tells which")
        yield from self._of_surroundings()

    def _of_damage(self) -> Iterator[Advice]:
        if self.severities is not None:
            for severity in ("error", "warning"):
                if self.severities.get(severity):
                    what = f"{self.severities[severity]:,} findings of severity {severity}"
                    yield Advice(what, "threadstore verify, then threadstore repair --dry-run")
        elif self.index.damaged_lines:
            what = f"{self.index.damaged_lines:,} damaged lines in {self.index.damaged_files:,} files"
            yield Advice(what, "threadstore verify, then threadstore repair --dry-run")

    def _of_surroundings(self) -> Iterator[Advice]:
        watches = self.surroundings.watches_max
        if watches is not None and self.census.folders > watches // 2:
            what = f"{self.census.folders:,} folders, and {watches:,} watches for all programs of a user"
            yield Advice(what, "raise fs.inotify.max_user_watches; until then folders are looked at")
        if not self.surroundings.is_writable:
            yield Advice("the home cannot be written", "nothing for reading: the index is kept in memory")


def diagnose(home: Home, *, is_deep: bool = False, progress: Progress | None = None) -> Diagnosis:
    """Look over a home; a deep look reads every log, any other a bounded part of each."""
    counted, places = census(home, read_config(home.root / "config.toml", {}).model_provider)
    names = NamesFile(home.names)
    names.refresh()
    severities = None
    if is_deep:
        found = verify(home, Asked(), Depth.FULL, progress).outcome.findings
        severities = dict(Counter(each.severity.value for each in found))
    state = index_state(home.index, places)
    return Diagnosis(str(home.root), counted, state, surroundings(home), len(names.named("")), severities)
