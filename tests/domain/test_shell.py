"""Words are quoted as release 0.169.0 quotes them, and a shell reads them back."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shell import NUL_TEXT, joined_words, quoted_word
from tests.properties.scale import examples

WORDS: list[tuple[str, str]] = [
    ("", "''"),
    ("ls", "ls"),
    ("azAZ09+-./:@]_", "azAZ09+-./:@]_"),
    ("a b", "'a b'"),
    ("a=b", "'a=b'"),
    ("é", "'é'"),
    ('"', "'\"'"),
    ("$x!`", "'$x!`'"),
    ("it's", '"it\'s"'),
    ("a\\b", '"a\\\\b"'),
    ("a'\"", '"a\'\\""'),
    ("a'$b", "\"a'\"'$b'"),
    ("^", "'^'"),
    ("a^", "a'^'"),
    ("a'^b", "\"a'\"'^b'"),
    ("\n", "'\n'"),
]


@pytest.mark.parametrize(("word", "quoted"), WORDS)
def test_a_word_gets_the_quotes_that_it_needs(word: str, quoted: str) -> None:
    assert quoted_word(word) == quoted


def test_words_are_joined_by_blanks() -> None:
    assert joined_words(["ls", "a b", ""]) == "ls 'a b' ''"
    assert joined_words([]) == ""
    assert joined_words(["a", "b\0c"]) == NUL_TEXT


@examples(200)
@given(st.lists(st.text(st.sampled_from("ab'\"\\$`!^ \n~é"), max_size=8), max_size=4))
def test_a_shell_reads_the_words_back(words: list[str]) -> None:
    assert shlex.split(joined_words(words)) == words
