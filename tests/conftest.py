"""How all tests run: properties without a clock, and the same everywhere."""

from hypothesis import HealthCheck, settings

from tests.properties.scale import times_longer

EXAMPLES = 50
"""What a property draws in an everyday run unless it says otherwise."""

settings.register_profile(
    "suite",
    max_examples=EXAMPLES * times_longer(),
    derandomize=times_longer() == 1,
    database=None,
    deadline=None,  # a machine under load is slow, not wrong
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")
