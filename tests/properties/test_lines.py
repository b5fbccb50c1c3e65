"""Every line of the pools is read as the model reads it, wherever it stands."""

from uuid import UUID

import pytest

from tests.home import THREAD, meta
from tests.properties import pools
from tests.properties.homes import new_home
from tests.properties.model import difference, turns_of


@pytest.mark.parametrize("name", pools.POOLS)
def test_line_is_read_as_the_model_reads_it(name: str) -> None:
    with new_home() as home:
        for number, one in enumerate(pools.POOLS[name]):
            around = (one, meta() + one + pools.USER_LINE, meta() + one[:-1], pools.USER_LINE + one)
            for place, data in enumerate(around):
                thread_id = UUID(int=THREAD.int + 16 * number + place)
                home.write(data, thread_id)
                assert difference(home.turns(thread_id=thread_id), turns_of(data)) is None, data
