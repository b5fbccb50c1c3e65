"""Mending bytes without a home: the same steps, written to memory."""

from domain.damage.finding import Finding
from domain.damage.steps import Cut, Write
from rollout.damage.file_steps import FileSteps
from tests.damage.talk import Talk


def steps_of(data: bytes, file: str = "") -> FileSteps:
    """The steps of a file of these bytes."""
    return FileSteps(lambda size, at: data[at : at + size], len(data), file or Talk().file)


def found_in(data: bytes) -> list[Finding]:
    """The findings of a file of these bytes."""
    return list(steps_of(data).findings())


def mended(data: bytes) -> bytes:
    """What a repair makes of the bytes; a file without a record stays as it is."""
    steps = steps_of(data)
    written = bytearray()
    for step in steps:
        if isinstance(step, Finding | Cut):
            continue
        if isinstance(step, Write):
            written += step.data + b"\n"
        else:
            written += data[step.start : step.end] + b"\n" * (not step.is_ended)
    if not steps.survey.records:
        return data
    head = steps.survey.new_head()
    return bytes(written) if head is None else head.data + b"\n" + bytes(written)
