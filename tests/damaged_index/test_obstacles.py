"""An index that is held, or that cannot be kept: answers are made with one in memory, until it can be."""

import asyncio
import fcntl
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from api.indexing import keeper as keeping
from api.indexing.readers import Readers
from api.service import Options, Service
from projections import database, sealed_store
from projections.memory_store import MemoryStore
from projections.plans import Plan, Statement
from rollout.catalogue.catalogue import Catalogue
from rollout.finding.home import Home
from tests.api.lasting import Lasting
from tests.conformance.server import ROOT
from tests.damaged_index.answers import answers, difference, fill, fresh, index_of, make_home

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute(sys.argv[2])
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""

ASK = """
import asyncio, json, sys
from pathlib import Path
from tests.damaged_index.answers import served
print(json.dumps(asyncio.run(served(Path(sys.argv[1])))))
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with its index."""
    make_home(tmp_path)
    asyncio.run(fill(tmp_path))
    return tmp_path


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for long, and an index that was done without is tried again at once."""
    for module in (database, sealed_store):
        monkeypatch.setattr(module, "BUSY_TIMEOUT_S", 0.01)
    monkeypatch.setattr(database, "INDEX_LOCK_SECONDS", 0.01)
    monkeypatch.setattr(keeping, "INDEX_RETRY_SECONDS", 0.01)


@contextmanager
def held(path: Path, mode: str) -> Iterator[None]:
    """Another process holds the index: `mode` is a statement before it takes the lock."""
    command = [sys.executable, "-c", HOLD, str(path), mode]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody holds the lock under which indexes are begun."""
    descriptor = os.open(path.with_name(path.name + database.LOCK_SUFFIX), os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


HOLDS = {
    "writing": lambda path: held(path, "SELECT 1"),
    "alone": lambda path: held(path, "PRAGMA locking_mode = EXCLUSIVE"),
    "beginning": locked,
}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("hold", HOLDS)
async def test_an_index_that_another_process_holds_stops_nobody(home: Path, hold: str) -> None:
    with HOLDS[hold](index_of(home)):
        async with Lasting(home) as client:
            got = await answers(client)
    assert not difference(got, await fresh(home))


@pytest.mark.usefixtures("impatient")
async def test_an_index_that_another_process_takes_is_done_without_until_it_lets_go(home: Path) -> None:
    async with Lasting(home, is_lasting=False) as client:
        expected = await answers(client)
        keeper = client.engine.keeper
        with held(index_of(home), "SELECT 1"):
            for path in (home / "sessions").rglob("*.jsonl"):
                os.utime(path)  # everything is to be looked at again
            during = await answers(client)
            assert keeper.is_private
        assert set(during) == set(expected)
        assert during["turns of 3"] == expected["turns of 3"]
        async with asyncio.timeout(20):
            while keeper.is_private:
                assert (await answers(client))["turns of 3"] == expected["turns of 3"]
        assert not difference(await answers(client), during)
        assert keeper._held.store is not None
        assert keeper._held.store.path == index_of(home)


@pytest.mark.parametrize("path", ["/proc/index.sqlite", "/proc/self/status/index.sqlite"])
async def test_where_nothing_can_be_written_an_index_in_memory_serves(home: Path, path: str) -> None:
    expected = await fresh(home)
    service = Service(Home.at(home, Path(path)), Options(is_lasting=True))
    client = Lasting(home)
    client.service = service
    client._connection = service.connect(client._take)
    async with client:
        await client.filled()
        assert not difference(await answers(client), expected)
        assert client.engine.keeper.is_private


@pytest.mark.parametrize("blocks", [0, 8, 40])
async def test_a_disk_that_fills_up_stops_nobody(home: Path, blocks: int) -> None:
    """A limit on the size of files, as a full disk: the index cannot grow beyond some KiB."""
    expected = await fresh(home)
    for file in index_of(home).parent.iterdir():
        file.unlink()
    script = f'ulimit -f {blocks}; exec "$0" -c "$1" "$2"'
    done = await asyncio.create_subprocess_exec(
        *("sh", "-c", script, sys.executable, ASK, str(home)), stdout=subprocess.PIPE, cwd=ROOT
    )
    output, _ = await asyncio.wait_for(done.communicate(), 60)
    assert not difference(json.loads(output), expected)


async def test_readers_and_the_writer_of_an_index_in_memory_see_the_same_rows() -> None:
    def count() -> Plan[int]:
        rows = yield Statement("SELECT count(*) FROM cwd", ())
        return int(rows[0][0])

    with (
        closing(MemoryStore(Catalogue())) as store,
        closing(MemoryStore(Catalogue())) as other,
    ):
        readers = await Readers.open(store.address, 1)
        for number in range(1, 4):
            with store.writing() as cursor:
                cursor.execute("INSERT INTO cwd VALUES (?, 'x')", (number,))
            assert [await readers.ask(count()) for _ in range(2)] == [number] * 2
        strangers = await Readers.open(other.address, 1)
        assert await strangers.ask(count()) == 0
        with pytest.raises(sqlite3.OperationalError, match="attempt to write a readonly database"):
            await next(readers._turn).execute("DELETE FROM cwd")
        await readers.close()
        await strangers.close()
