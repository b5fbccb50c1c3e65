"""The seal of an index: any other byte is noticed, and a crash at any step is none."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from projections import sealed_store
from projections.seal import SEAL_SUFFIX, read_seal, seal_of, wal_size, write_seal
from projections.sealed_store import DamagedIndex, SealedStore
from rollout.catalogue.catalogue import Catalogue

PAGE = 4096


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A sealed index with some rows."""
    path = tmp_path / "index.sqlite"
    with closing(open_store(path)) as store:
        put(store, range(200))
    return path


def open_store(path: Path) -> SealedStore:
    return SealedStore(path, Catalogue())


def put(store: SealedStore, keys: range) -> None:
    """Write rows that fill pages."""
    with store.writing() as cursor:
        cursor.executemany("INSERT INTO cwd VALUES (?, ?)", [(key, "x" * 200) for key in keys])


def count(store: SealedStore) -> int:
    """How many of these rows there are."""
    with store.writing() as cursor:
        found: int = cursor.execute("SELECT count(*) FROM cwd").fetchone()[0]
        return found


def change(path: Path, make: Callable[[bytearray], bytes], *, is_noticed: bool) -> None:
    """Write other bytes; `is_noticed` as programs do, or as a failing disk does."""
    found = path.stat()
    path.write_bytes(make(bytearray(path.read_bytes())))
    if not is_noticed:
        os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def flipped(at: int) -> Callable[[bytearray], bytes]:
    def flip(data: bytearray) -> bytes:
        data[at // 8 % len(data)] ^= 1 << at % 8
        return bytes(data)

    return flip


CHANGES: dict[str, Callable[[bytearray], bytes]] = {
    **{f"bit {seed}": flipped(random.Random(seed).getrandbits(40)) for seed in range(20)},
    "shorter": lambda data: bytes(data[:-PAGE]),
    "longer": lambda data: bytes(data) + b"\1",
    "swapped": lambda data: bytes(
        data[:PAGE] + data[2 * PAGE : 3 * PAGE] + data[PAGE : 2 * PAGE] + data[3 * PAGE :]
    ),
    "a page twice": lambda data: bytes(data[: 2 * PAGE] + data[PAGE:]),
    "zeros": lambda data: bytes(data[: 3 * PAGE]) + bytes(PAGE) + bytes(data[4 * PAGE :]),
}


@pytest.mark.parametrize("is_noticed", [True, False])
@pytest.mark.parametrize("make", CHANGES.values(), ids=CHANGES)
def test_an_index_with_other_bytes_is_refused(
    path: Path,
    make: Callable[[bytearray], bytes],
    is_noticed: bool,  # noqa: FBT001
) -> None:
    change(path, make, is_noticed=is_noticed)
    with pytest.raises(DamagedIndex, match="its pages are not as they were left"):
        open_store(path)


def test_other_bytes_are_noticed_while_the_index_is_open(path: Path) -> None:
    with closing(open_store(path)) as store:
        assert store.is_untouched()
        change(path, flipped(12345), is_noticed=True)
        assert not store.is_untouched()
        with pytest.raises(DamagedIndex):
            store.check()


def test_an_index_that_was_only_touched_is_taken_as_it_is(path: Path) -> None:
    with closing(open_store(path)) as store:
        os.utime(path)
        assert not store.is_untouched()
        store.check()
        assert store.is_untouched()


def test_an_index_without_its_seal_is_looked_at_and_sealed_again(path: Path) -> None:
    seal = path.with_name(path.name + SEAL_SUFFIX)
    seal.unlink()
    with closing(open_store(path)) as store:
        assert count(store) == 200
    assert seal.exists()


@pytest.mark.parametrize("statement", ["DROP TABLE turn", "CREATE TABLE more (a)", "DROP INDEX thread_by_id"])
def test_an_index_without_a_seal_has_exactly_our_tables(path: Path, statement: str) -> None:
    with closing(open_store(path)) as store, store.writing() as cursor:
        cursor.execute(statement)
    path.with_name(path.name + SEAL_SUFFIX).unlink()
    with pytest.raises(DamagedIndex, match="its tables are not those of this version"):
        open_store(path)


def test_two_stores_take_each_others_seals(path: Path) -> None:
    with closing(open_store(path)) as one, closing(open_store(path)) as other:
        for begin, (writer, reader) in enumerate([(one, other), (other, one)] * 3):
            put(writer, range(1000 + 10 * begin, 1010 + 10 * begin))
            writer.checkpoint()
            reader.check()
            assert reader.is_untouched()
            assert count(reader) == 210 + 10 * begin
    assert count(open_store(path)) == 260


def test_what_gathers_beside_the_index_is_taken_in(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_store, "INDEX_CHECKPOINT_SIZE", 100_000)
    with closing(open_store(path)) as store:
        for begin in range(1000, 5000, 100):
            put(store, range(begin, begin + 100))
            assert wal_size(path) < 200_000
        assert store.is_untouched()


@pytest.fixture(params=[(step, before) for step in range(3) for before in (True, False)])
def killed(path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An index whose writer was killed before or behind one of the steps of a checkpoint."""
    wanted, is_before = request.param
    steps = iter(range(10))

    def deadly(work: Callable[..., None]) -> Callable[..., None]:
        def done(*arguments: object) -> None:
            is_last = next(steps) == wanted
            if not (is_last and is_before):
                work(*arguments)
            if is_last:
                raise Killed

        return done

    store = open_store(path)
    put(store, range(1000, 1400))
    with monkeypatch.context() as patch:
        patch.setattr(sealed_store, "write_seal", deadly(write_seal))
        patch.setattr(SealedStore, "_take_in", deadly(SealedStore._take_in))
        with pytest.raises(Killed):
            store.checkpoint()
    yield path
    with suppress(Exception):
        store.datastore.close()


def test_an_index_whose_writer_was_killed_in_a_checkpoint_is_as_it_was(killed: Path) -> None:
    seal = read_seal(killed)
    assert seal is not None
    assert seal.is_kept(killed)
    with closing(open_store(killed)) as store:
        assert count(store) == 600
        assert store.is_untouched()
    kept = read_seal(killed)
    assert kept is not None
    assert (kept.total, kept.pending) == (seal_of(killed).total, ())


def test_a_page_that_was_damaged_before_a_checkpoint_is_not_sealed_with_it(path: Path) -> None:
    with closing(open_store(path)) as store:
        put(store, range(1000, 1010))
        data = bytearray(path.read_bytes())
        data[5 * PAGE + 7] ^= 1
        change(path, lambda _: bytes(data), is_noticed=False)
        store.checkpoint()
    with pytest.raises(DamagedIndex):
        open_store(path)
