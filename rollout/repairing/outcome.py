"""What came of a run over a home."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.damage.finding import Action, Finding
from domain.damage.report import Original, Summary, as_checked, summary_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """The findings with what was done about them, the originals that were kept, and the counters.

    `is_changed`: something in the home is other than before. `has_failed`: a call of the system did.
    """

    findings: tuple[Finding, ...]
    originals: tuple[Original, ...]
    summary: Summary
    is_changed: bool = False
    has_failed: bool = False

    def as_checked(self) -> "Outcome":
        """The same for a run that tells only what it found."""
        findings = as_checked(self.findings)
        summary = summary_of(findings, files=self.summary.files, records=self.summary.records)
        return replace(self, findings=findings, summary=replace(summary, damaged=self.summary.damaged))


def untouched(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of a file that was left as it is."""
    return [replace(each, action=Action.NONE) for each in findings]
