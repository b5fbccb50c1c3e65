"""Hook prompts are read as release 0.131.0 reads them, however odd their XML."""

import pytest
from hypothesis import given

from domain.hooks import parse_fragment
from tests.properties.fragment_texts import FRAGMENTS
from tests.properties.fragments import fragment
from tests.properties.prompts import TEXTS
from tests.properties.scale import examples


def read(text: str) -> dict[str, str] | None:
    """The fragment that the domain reads."""
    found = parse_fragment(text)
    return None if found is None else {"text": found.text, "hookRunId": found.hook_run_id}


@pytest.mark.parametrize("text", FRAGMENTS)
def test_fragment_is_read_as_the_model_reads_it(text: str) -> None:
    assert read(text) == fragment(text)


@examples(300)
@given(TEXTS)
def test_broken_fragment_is_read_as_the_model_reads_it(text: str) -> None:
    assert read(text) == fragment(text)
