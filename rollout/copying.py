"""Placeholder of the engineer who writes this file: replace it."""

from domain.durability import Durability


def copy_log(source: str, target: str, head_line: bytes, now: str, durability: Durability) -> None:
    """Placeholder."""
    raise NotImplementedError
