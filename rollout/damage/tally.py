"""Findings of one file, so many of a kind one by one, the rest together: memory does not grow with damage."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from domain.damage.finding import DamageClass, Finding
from domain.limits import FINDINGS_OF_CLASS_MAX


@dataclass(slots=True)
class _Rest:
    """What is not told one by one: the first of it, how many, how long, and whether nothing is lost."""

    first: Finding
    count: int = 0
    length: int = 0
    is_lossless: bool = True

    def add(self, each: Finding) -> None:
        """One more."""
        self.count += 1
        self.length += each.length
        self.is_lossless = self.is_lossless and each.is_lossless


def tallied(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings in order; at the end, one of each kind for those beyond the limit."""
    counts: Counter[DamageClass] = Counter()
    rests: dict[DamageClass, _Rest] = {}
    for each in findings:
        counts[each.damage] += 1
        if counts[each.damage] <= FINDINGS_OF_CLASS_MAX:
            yield each
        else:
            rests.setdefault(each.damage, _Rest(each)).add(each)
    for rest in rests.values():
        note = f"{rest.first.note} ({rest.count} more from here on)"
        is_lossless = rest.is_lossless
        yield replace(rest.first, length=rest.length, is_lossless=is_lossless, note=note, count=rest.count)
