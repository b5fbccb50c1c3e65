"""How many examples the properties draw.

The everyday run draws few, always the same ones. For a long run set an environment variable:

    THREADSTORE_LONG=1 pytest tests/properties     twenty times as many, new ones each time
    THREADSTORE_LONG=50 pytest tests/properties    fifty times as many
"""

import os

from hypothesis import HealthCheck, settings

LONGER = 20


def times_longer() -> int:
    """By how much the examples of an everyday run are multiplied."""
    wanted = os.environ.get("THREADSTORE_LONG", "")
    if not wanted:
        return 1
    return int(wanted) if wanted.isdecimal() and int(wanted) > 1 else LONGER


def examples(count: int) -> settings:
    """Settings for so many examples in an everyday run; logs are large and disks may be slow."""
    return settings(
        max_examples=count * times_longer(),
        derandomize=times_longer() == 1,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
