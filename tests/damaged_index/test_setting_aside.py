"""What cannot be used goes to a folder beside the index, and nobody's good index ever does."""

import asyncio
from pathlib import Path

import pytest

from api.indexing.backups import backups_of, place_of, set_aside
from api.indexing.index import open_index
from projections.memory_store import MemoryStore
from tests.api.clients import ServedClient, service_on
from tests.damaged_index.answers import difference, fill, fresh, index_of, make_home, served
from tests.damaged_index.kinds import damage


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with its index."""
    make_home(tmp_path)
    asyncio.run(fill(tmp_path))
    return tmp_path


def kept(home: Path) -> list[Path]:
    """What was set aside, the oldest first."""
    folder = backups_of(index_of(home))
    names = sorted(folder.iterdir()) if folder.exists() else []
    return [path for path in names if path.name.endswith("-index.sqlite")]


async def test_a_healthy_index_is_used_again_and_again(home: Path) -> None:
    place = place_of(index_of(home))
    for _ in range(3):
        await served(home)
    assert place_of(index_of(home)) == place
    assert kept(home) == []


async def test_a_damaged_index_is_kept_as_it_was(home: Path) -> None:
    damage(index_of(home), "garbage")
    data = index_of(home).read_bytes()
    await served(home)
    [aside] = kept(home)
    assert aside.read_bytes() == data


async def test_a_folder_in_place_of_the_index_is_kept_with_what_is_in_it(home: Path) -> None:
    damage(index_of(home), "directory")
    await served(home)
    [aside] = kept(home)
    assert (aside / "file").read_text() == "somebody's"


async def test_the_newest_three_are_kept(home: Path) -> None:
    contents = []
    for seed in range(5):
        damage(index_of(home), "garbage", seed)
        contents.append(index_of(home).read_bytes())
        await served(home, is_lasting=False)
    assert [path.read_bytes() for path in kept(home)] == contents[-3:]


async def test_servers_that_meet_a_damaged_index_together_set_it_aside_once(home: Path) -> None:
    expected = await fresh(home)
    for seed in range(3):
        damage(index_of(home), "bit", seed)
        found = await asyncio.gather(*(served(home) for _ in range(4)))
        assert not any(difference(each, expected) for each in found)
        assert len(kept(home)) == seed + 1


def test_an_index_that_another_server_made_meanwhile_stays(home: Path) -> None:
    index = index_of(home)
    place = place_of(index)
    assert place is not None
    moved = set_aside(index, place)
    assert moved is not None
    open_index(index).close()
    fresh_place = place_of(index)
    assert set_aside(index, place) is None
    assert place_of(index) == fresh_place


@pytest.mark.parametrize("name", ["state_5.sqlite", "logs_2.sqlite", "goals_1.sqlite", "memories_1.sqlite"])
@pytest.mark.parametrize("content", [b"", b"somebody's", None])
def test_a_database_of_codex_named_as_the_index_is_not_touched(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    told: list[str] = []
    store = open_index(path, told.append)
    assert isinstance(store, MemoryStore)
    store.close()
    assert (path.read_bytes() if path.exists() else None) == content
    assert [each.name for each in tmp_path.iterdir()] == ([] if content is None else [name])
    assert told == [
        f"the index {path} cannot be used ({name} is a database of Codex); one in memory serves instead"
    ]


async def test_clients_are_told_what_became_of_the_index(home: Path) -> None:
    damage(index_of(home), "text")
    service = service_on(home)
    client = await ServedClient(service).greet()
    await client.until(lambda: bool(client.params("warning")))
    await service.close()
    [warning] = client.params("warning")
    [aside] = kept(home)
    assert warning["threadId"] is None
    assert str(aside) in warning["message"]
    assert "file is not a database" in warning["message"] or "pages" in warning["message"]
