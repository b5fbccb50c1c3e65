"""The steps of one open file: its lines through the mender."""

from collections.abc import Iterator

from domain.damage.finding import Action, DamageClass, Finding, finding
from domain.damage.grammar import NAMES, ROLLOUT
from domain.damage.mender import Mender
from domain.damage.placing import named
from domain.damage.steps import Line, Step
from domain.damage.survey import Survey
from domain.limits import UNSHOWN_FINDINGS_MAX
from rollout.damage.encoding import is_utf16
from rollout.damage.long_lines import long_parts
from rollout.damage.raw_lines import Read, raw_lines
from rollout.damage.tally import tallied

NAMES_FILE = "session_index.jsonl"


class FileSteps:
    """One file up to `size`; `file` is its path below the home. Each walk over it begins anew."""

    def __init__(self, read: Read, size: int, file: str) -> None:
        self.file = file
        self.size = size
        self.named = named(file)
        self.is_names = file == NAMES_FILE
        self.survey = Survey(file, self.named)
        self.read = read

    def __iter__(self) -> Iterator[Step]:
        """All steps; the survey is that of this walk."""
        self.survey = Survey(self.file, self.named)
        if self.is_names:
            self.survey.is_headless = True
        grammar = NAMES if self.is_names else ROLLOUT
        mender = Mender(self.file, self.named.thread_id, grammar, self.survey)
        for line in raw_lines(self.read, self.size):
            if isinstance(line, Line):
                yield from mender.take(line)
            else:
                yield from mender.take_long(line, long_parts(self.read, line, grammar))
        yield from mender.finish()

    def findings(self) -> Iterator[Finding]:
        """The findings alone, of each kind so many; of a file without records one, since nothing is done."""
        return tallied(self._findings())

    def _findings(self) -> Iterator[Finding]:
        if is_utf16(self.read):
            yield self.finding(DamageClass.UTF16, Action.DECODED)
            return
        unshown: list[Finding] = []
        is_shown = False
        for step in self:
            if not isinstance(step, Finding):
                continue
            is_shown = is_shown or self.survey.records > 0 or len(unshown) >= UNSHOWN_FINDINGS_MAX
            if is_shown:
                yield from unshown
                unshown.clear()
                yield step
            else:
                unshown.append(step)
        if self.survey.records or is_shown:
            yield from unshown
        elif not self.is_names or unshown:
            yield self.finding(DamageClass.EMPTY_FILE if self._is_blank() else DamageClass.NO_RECORDS)

    def finding(self, damage: DamageClass, action: Action = Action.NONE) -> Finding:
        """A finding about the file as a whole."""
        is_lossless = damage is not DamageClass.NO_RECORDS
        return finding(
            self.file,
            self.named.thread_id,
            damage,
            length=self.size,
            action=action,
            is_lossless=is_lossless,
        )

    def _is_blank(self) -> bool:
        """Whether there is nothing but white space; a long file has something else, or is odd enough."""
        return not self.read(65536, 0).strip(b" \t\r\n")
