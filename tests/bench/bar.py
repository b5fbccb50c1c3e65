"""A number to reach."""

import operator
from collections.abc import Callable
from dataclasses import dataclass

COMPARES: dict[str, Callable[[float, float], bool]] = {">=": operator.ge, "<=": operator.le, "<": operator.lt}
"""How a number stands to the one that is wanted, by sign."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A number that has to be at least, or less than, another one."""

    what: str
    got: float | None
    sign: str
    wanted: float
    unit: str = ""

    @property
    def verdict(self) -> str:
        """Met, missed, or not measured."""
        if self.got is None:
            return "not measured"
        return "met" if COMPARES[self.sign](self.got, self.wanted) else "missed"
