"""Repairing the contents of one file."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from domain.damage.finding import Action, DamageClass, Finding
from domain.damage.grammar import NAMES, ROLLOUT
from domain.damage.steps import Keep, Write
from domain.damage.survey import Head
from domain.limits import REOPEN_MAX
from rollout.damage.encoding import encoding_of, transcoded
from rollout.damage.file_steps import FileSteps
from rollout.repairing.bytes_of import reading
from rollout.repairing.holding import HeldFile, NotTouched, held
from rollout.repairing.journal import Step
from rollout.repairing.replacing import remove_if_there, replace_bytes
from rollout.repairing.result import write_result
from rollout.repairing.run import TEXT_ENDING, Run
from rollout.repairing.verifying import Source, verify
from rollout.writing import storage
from rollout.writing.partial import write_fully


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What became of a file: the findings of the look under the lock, and whether it has other bytes now."""

    findings: list[Finding]
    is_changed: bool


def rewrite(run: Run, file: str) -> Rewritten:
    """Repairs the contents of this file, a path below the home.

    NotTouched when it is in use or changes again and again, UnfaithfulResult when the result would lose
    something; OSError. None of them leaves the file changed.
    """
    for tries_left in reversed(range(REOPEN_MAX)):
        try:
            with held(run.home, file) as holding:
                return _rewrite(run, holding)
        except NotTouched as refusal:
            if refusal.damage is not DamageClass.FILE_CHANGED or not tries_left:
                raise
    raise NotTouched(DamageClass.FILE_CHANGED)


def _rewrite(run: Run, holding: HeldFile) -> Rewritten:
    steps = FileSteps(holding.read, holding.found.st_size, holding.file)
    encoding = encoding_of(holding.read)
    if encoding is not None:
        return _transcode(run, holding, steps, encoding)
    look = _look(steps)
    if look.is_needed:
        replace_bytes(run, holding, lambda made, step: _make(run, steps, look.head, made, step))
    return Rewritten(look.findings, look.is_needed)


def _transcode(run: Run, holding: HeldFile, steps: FileSteps, encoding: str) -> Rewritten:
    def make(made: int, step: Step) -> str:
        with _utf8(run, holding, step, encoding) as text:
            return _make(run, text, _look(text).head, made, step)

    replace_bytes(run, holding, make)
    return Rewritten([steps.finding(DamageClass.UTF16, Action.DECODED)], is_changed=True)


@dataclass(frozen=True, slots=True)
class _Look:
    findings: list[Finding]
    head: Head | None
    is_needed: bool


def _look(steps: FileSteps) -> _Look:
    """The findings, and whether other bytes are needed: not where no record can be had."""
    findings = list(steps.findings())
    head = steps.survey.new_head()
    is_needed = steps.survey.records > 0 and (head is not None or not _is_sound(steps))
    return _Look(findings, head, is_needed)


def _is_sound(steps: FileSteps) -> bool:
    """Whether every byte is kept as it is."""
    at = 0
    for each in steps:
        if isinstance(each, Write) or (isinstance(each, Keep) and (each.start != at or not each.is_ended)):
            return False
        if isinstance(each, Keep):
            at = each.end
    return at == steps.size


def _make(run: Run, steps: FileSteps, head: Head | None, made: int, step: Step) -> str:
    """Writes the result and checks it, as it can be read again."""
    total = write_result(made, steps, head, run, step)
    result = Source(reading(made), storage.fstat(made).st_size)
    verify(Source(steps.read, steps.size), result, NAMES if steps.is_names else ROLLOUT)
    return total


@contextmanager
def _utf8(run: Run, holding: HeldFile, step: Step, encoding: str) -> Iterator[FileSteps]:
    """The file's text in a file of its own, which goes again."""
    path = run.full(f"{step.stored}{TEXT_ENDING}")
    descriptor = storage.create(path)
    try:
        for data in transcoded(holding.read, holding.found.st_size, encoding):
            write_fully(descriptor, data)
        yield FileSteps(reading(descriptor), storage.fstat(descriptor).st_size, holding.file)
    finally:
        with suppress(OSError):
            storage.close(descriptor)
            remove_if_there(path)
