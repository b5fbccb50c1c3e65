"""Each target reads whatever is drawn: no other failure than its own, no input that takes long, no growth.

THREADSTORE_LONG multiplies the inputs and tells how many there were.
"""

import resource
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.programs import inputs
from tests.fuzz.targets import TARGETS
from tests.properties.scale import examples, times_longer

SLOWEST_S = 1.0
"""What no input may take of this thread's own time."""
GROWTH_MAX_KB = 256 * 1024


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_is_read_fails_only_as_it_may(name: str) -> None:
    target, before = TARGETS[name], peak_kb()
    counted = [0]

    @examples(target.count)
    @given(inputs(target.seeds))
    def read(data: bytes) -> None:
        counted[0] += 1
        begun = time.thread_time()
        target.read(data)
        assert time.thread_time() - begun < SLOWEST_S

    read()
    assert counted[0] > target.count / 2
    assert peak_kb() - before < GROWTH_MAX_KB
    if times_longer() > 1:
        sys.stderr.write(f"{name}: {counted[0]} inputs\n")


def peak_kb() -> int:
    """The most memory that this process had at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@examples(20)
@given(st.sampled_from(sorted(TARGETS)), st.binary(max_size=48))
def test_good_inputs_are_among_those_that_are_drawn(name: str, program: bytes) -> None:
    assert TARGETS[name].seeds
    for seed in TARGETS[name].seeds:
        TARGETS[name].read(seed)
