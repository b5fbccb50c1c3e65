"""What release 0.131.0 wrote itself is read as it reads it."""

from collections.abc import Iterator

import pytest

from tests.conformance.compare import differences
from tests.conformance.conversation import Conversation
from tests.conformance.corpus import (
    FILES,
    PAGE_SIZE_MAX,
    expected,
    lay_corpus,
    read_thread,
    unnamed_hooks,
    walk,
)
from tests.conformance.server import launcher, server_command
from tests.conformance.values import as_list

NOT_RECORDED = ("path", "updatedAt", "turns")


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Conversation]:
    """A conversation with our server on a home of all the corpus."""
    home = tmp_path_factory.mktemp("corpus").resolve()
    lay_corpus(home)
    conversation = Conversation(launcher(server_command())(home))
    conversation.greet({"experimentalApi": True})
    yield conversation
    conversation.close()


@pytest.mark.parametrize("name", FILES)
def test_thread_reads_as_in_the_reference(name: str, talk: Conversation) -> None:
    thread, turns = expected(name)
    got = read_thread(talk, thread["id"], include_turns=True)
    told = {key: value for key, value in got.items() if key not in NOT_RECORDED}
    assert list(differences(thread, told)) == []
    assert list(differences(turns, unnamed_hooks(as_list(got["turns"])))) == []


@pytest.mark.parametrize("name", FILES)
def test_thread_is_the_same_without_its_turns(name: str, talk: Conversation) -> None:
    thread_id = expected(name)[0]["id"]
    whole = read_thread(talk, thread_id, include_turns=True)
    assert list(differences(whole | {"turns": []}, read_thread(talk, thread_id, include_turns=False))) == []


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 3, PAGE_SIZE_MAX])
@pytest.mark.parametrize("name", FILES)
def test_pages_joined_are_the_thread(name: str, limit: int, direction: str, talk: Conversation) -> None:
    thread, turns = expected(name)
    walked = walk(talk, thread["id"], limit=limit, direction=direction)
    assert list(differences(turns, unnamed_hooks(walked))) == []
