"""What can happen to the file of an index, in place: between runs, or under a server."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

PAGE = 4096
SIDES = ("-wal", "-shm", "-journal")

Damage = Callable[[Path, random.Random], None]


def _bytes(change: Callable[[bytearray, random.Random], bytes]) -> Damage:
    """Damage to the bytes of the file."""

    def done(path: Path, chance: random.Random) -> None:
        data = bytearray(path.read_bytes())
        with path.open("r+b") as file:  # the same file, for whoever has it open
            file.write(changed := change(data, chance))
            file.truncate(len(changed))

    return done


def _sql(*statements: str) -> Damage:
    """Damage to the rows and tables."""

    def done(path: Path, chance: random.Random) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.create_function("searchable", 1, str)
            for statement in statements:
                connection.execute(statement)

    return done


def settle(path: Path) -> None:
    """Bring what is beside the file into it, as `sqlite3` on a shell does."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for side in SIDES:
        path.with_name(path.name + side).unlink(missing_ok=True)


def _root_page(path: Path, table: str, kind: str) -> int:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE tbl_name = ? AND type = ? ORDER BY name", (table, kind)
        )
        page: int = rows.fetchone()[0]
        return page


def _page_of(table: str, kind: str, data: bytes) -> Damage:
    def done(path: Path, chance: random.Random) -> None:
        page = _root_page(path, table, kind)
        with path.open("r+b") as file:
            file.seek((page - 1) * PAGE)
            file.write(data)

    return done


def _missing(path: Path, chance: random.Random) -> None:
    for name in (path.name, *(path.name + side for side in SIDES)):
        path.with_name(name).unlink(missing_ok=True)


def _directory(path: Path, chance: random.Random) -> None:
    _missing(path, chance)
    path.mkdir()
    (path / "file").write_text("somebody's")


def _loop(path: Path, chance: random.Random) -> None:
    _missing(path, chance)
    path.symlink_to(path)


def _swapped(data: bytearray, chance: random.Random) -> bytes:
    data[PAGE : 2 * PAGE], data[2 * PAGE : 3 * PAGE] = data[2 * PAGE : 3 * PAGE], data[PAGE : 2 * PAGE]
    return bytes(data)


def _flipped(data: bytearray, chance: random.Random) -> bytes:
    at = chance.randrange(8 * len(data))
    data[at // 8] ^= 1 << at % 8
    return bytes(data)


def _side(suffix: str, make: Callable[[random.Random], bytes]) -> Damage:
    def done(path: Path, chance: random.Random) -> None:
        path.with_name(path.name + suffix).write_bytes(make(chance))

    return done


def _other(path: Path, chance: random.Random) -> None:
    """The database of another program."""
    _missing(path, chance)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 77")
        connection.execute("CREATE TABLE theirs (a)")


flip = _bytes(_flipped)

IN_PLACE: dict[str, Damage] = {
    "zero length": _bytes(lambda data, chance: b""),
    "garbage": _bytes(lambda data, chance: chance.randbytes(len(data))),
    "text": _bytes(lambda data, chance: b"-- moved to the new disk\n" * 40),
    "header of zeros": _bytes(lambda data, chance: bytes(100) + bytes(data[100:])),
    "cut in the middle of a page": _bytes(lambda data, chance: bytes(data[: len(data) // 2 + 100])),
    "cut between pages": _bytes(lambda data, chance: bytes(data[: len(data) // 2 // PAGE * PAGE])),
    "half a page more": _bytes(lambda data, chance: bytes(data) + bytes(PAGE // 2)),
    "pages swapped": _bytes(_swapped),
    "page of zeros": _bytes(
        lambda data, chance: bytes(data[: 5 * PAGE]) + bytes(PAGE) + bytes(data[6 * PAGE :])
    ),
    "page of list rows": _page_of("thread", "table", b"\xff" * PAGE),
    "page of turns": _page_of("turn", "table", b"\xff" * PAGE),
    "page of an order": _page_of("thread", "index", bytes(PAGE)),
    "bit": flip,
}
"""Kinds that a running server meets too."""

BETWEEN_RUNS: dict[str, Damage] = {
    "nothing": lambda path, chance: None,
    "missing": _missing,
    "directory": _directory,
    "link to itself": _loop,
    "read-only": lambda path, chance: path.chmod(0o444),
    "of another program": _other,
    "newer": _sql("PRAGMA user_version = 999999"),
    "half migrated": _sql("PRAGMA user_version = 1"),
    "never migrated": _sql("PRAGMA user_version = 0"),
    "without a table": _sql("DROP TABLE turn"),
    "without list rows": _sql("DELETE FROM thread"),
    "without turns": _sql("DELETE FROM turn"),
    "a row with another id": _sql("UPDATE thread SET thread_id = 'nobody', name_id = x'00' WHERE rowid = 2"),
    "rows of other files": _sql(
        "UPDATE turn SET file_id = file_id + 1000", "UPDATE turn SET file_id = 1010 - file_id"
    ),
    "times that are none": _sql("UPDATE thread SET updated_ms = -9223372036854775808"),
    "other words": _sql("UPDATE thread SET preview = 'not theirs', first_text = 'not theirs'"),
    "garbage beside it": _side("-wal", lambda chance: chance.randbytes(8192)),
    "garbage for shared memory": _side("-shm", lambda chance: b"\xff" * 32768),
    "garbage as its seal": _side("-seal", lambda chance: chance.randbytes(100)),
    "the seal of nothing": _side("-seal", lambda chance: b""),
}
"""Kinds that are done while no server runs."""

KINDS = IN_PLACE | BETWEEN_RUNS


def damage(path: Path, kind: str, seed: int = 1) -> None:
    """Do this to an index that no server has open."""
    settle(path)
    KINDS[kind](path, random.Random(f"{seed}:{kind}"))
