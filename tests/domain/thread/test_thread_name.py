"""What a thread may be called (lifecycle: thread/name/set; cases name, name-errors)."""

import pytest

from domain.errors import MustNotBeEmpty
from domain.thread.thread_name import thread_name


def test_a_name_is_trimmed_at_both_ends_only() -> None:
    assert thread_name("  two \n words\u3000") == "two \n words"


@pytest.mark.parametrize("text", ["", "   ", "\t\n\u2003"])
def test_a_blank_name_is_refused(text: str) -> None:
    with pytest.raises(MustNotBeEmpty, match=r"^thread name must not be empty$"):
        thread_name(text)
