"""Refusals of a command line, in the words of release 0.131.0 (and of the parser that it is made with)."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import click

MORE = "\n\nFor more information, try '--help'."
TOO_LARGE = "number too large to fit in target type"
NO_NUMBER = "invalid digit found in string"

NATURAL_MAX = 2**64 - 1

Command = Callable[..., Any]
Option = Callable[[Command], Command]

Read = Callable[[click.Context, click.Parameter, str], object]
"""Makes a value of the text of an option; Misused when it cannot."""


class Misused(click.UsageError):
    """A command line that does not read: the whole sentence, and whether the usage is shown."""

    def __init__(self, sentence: str, ctx: click.Context | None, *, is_usage_shown: bool = False) -> None:
        super().__init__(sentence, ctx)
        self._is_usage_shown = is_usage_shown

    def show(self, file: Any = None) -> None:
        """Print it."""
        usage = f"\n\n{self.ctx.get_usage()}" if self.ctx is not None and self._is_usage_shown else ""
        click.echo(f"error: {self.format_message()}{usage}{MORE}", file=file, err=True)


class Plain(click.Command):
    """A command whose refusals read like those of the release."""

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        """The context of a call; Misused when it does not read."""
        try:
            return super().make_context(*arguments, **options)
        except _HELP:
            raise
        except click.UsageError as error:
            raise _misused(error, self.params) from None


def once(*names: str, read: Read | None = None, **options: Any) -> Option:
    """An option that is refused when it is given twice; None where it is not given.

    `read` makes its value of the text.
    """

    def the_one(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> object:
        if len(values) > 1:
            raise _twice(ctx, param)
        if not values:
            return None
        return values[0] if read is None else read(ctx, param, values[0])

    return click.option(*names, multiple=True, callback=the_one, **options)


def flag(*names: str, **options: Any) -> Option:
    """A flag that is refused when it is given twice."""
    return click.option(*names, count=True, callback=told_once, **options)


def with_options(options: Sequence[Option], command: Command) -> Command:
    """A command with these options, which its help lists in this order."""
    for option in reversed(options):
        command = option(command)
    return command


def told_once(ctx: click.Context, param: click.Parameter, count: int) -> bool:
    """Whether a flag was given; Misused when it was given twice."""
    if count > 1:
        raise _twice(ctx, param)
    return bool(count)


def natural(ctx: click.Context, param: click.Parameter, value: str) -> int:
    """A natural number of 64 bits; Misused for anything else."""
    if not re.fullmatch(r"\+?[0-9]+", value, re.ASCII):
        raise _invalid(ctx, param, value, NO_NUMBER)
    digits = value.lstrip("+").lstrip("0") or "0"
    if len(digits) > len(str(NATURAL_MAX)) or int(digits) > NATURAL_MAX:
        raise _invalid(ctx, param, value, TOO_LARGE)
    return int(digits)


def file_path(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """A path as it was given; Misused when it is empty."""
    if not value:
        raise Misused(_without_value(param), ctx)
    return value


def one_of(*words: str) -> Read:
    """Reads one of these words; Misused for another one."""

    def read(ctx: click.Context, param: click.Parameter, value: str) -> str:
        if value not in words:
            told = f"invalid value '{value}' for '{_shown(param)}'\n  [possible values: {', '.join(words)}]"
            raise Misused(told, ctx)
        return value

    return read


def _twice(ctx: click.Context, param: click.Parameter) -> Misused:
    return Misused(f"the argument '{_shown(param)}' cannot be used multiple times", ctx, is_usage_shown=True)


def _invalid(ctx: click.Context, param: click.Parameter, value: str, why: str) -> Misused:
    return Misused(f"invalid value '{value}' for '{_shown(param)}': {why}", ctx)


def _without_value(param: click.Parameter | None) -> str:
    return f"a value is required for '{_shown(param)}' but none was supplied"


def _shown(param: click.Parameter | None) -> str:
    """How an option is written: `--listen <URL>`."""
    if param is None:
        return ""
    name = max(param.opts, key=len)
    metavar = getattr(param, "metavar", None)
    return f"{name} <{metavar}>" if metavar else name


_HELP = getattr(click.exceptions, "NoArgsIsHelpError", ())
"""What newer versions of the parser raise to show their help."""


def _misused(error: click.UsageError, params: Sequence[click.Parameter]) -> Misused:
    """What the parser's own refusal would say in the release."""
    if isinstance(error, Misused):
        return error
    if isinstance(error, click.NoSuchOption):
        return Misused(f"unexpected argument '{error.option_name}' found", error.ctx, is_usage_shown=True)
    if isinstance(error, click.BadOptionUsage) and "requires an argument" in error.message:
        return Misused(_without_value(_named(error.option_name, params)), error.ctx)
    if isinstance(error, click.MissingParameter):
        missing = f"the following required arguments were not provided:\n  {_shown(error.param)}"
        return Misused(missing, error.ctx, is_usage_shown=True)
    extra = re.match(r"Got unexpected extra arguments? \((\S+)", error.message)
    if extra:
        word = extra[1].rstrip(")")
        return Misused(f"unexpected argument '{word}' found", error.ctx, is_usage_shown=True)
    return Misused(error.format_message(), error.ctx, is_usage_shown=True)


def _named(name: str, params: Sequence[click.Parameter]) -> click.Parameter | None:
    return next((param for param in params if name in param.opts), None)
