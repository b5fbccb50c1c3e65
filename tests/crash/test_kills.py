"""A server that is killed while clients write has lost nothing that it acknowledged, and needs no repair.

THREADSTORE_LONG multiplies the kills (50 for 2,000; 20 without), THREADSTORE_SEED draws others.
"""

import os
import shutil
import sys
from pathlib import Path
from random import Random, SystemRandom
from threading import Event, Lock, Thread

import pytest

from tests.conformance.values import as_object
from tests.crash.audit import audit
from tests.crash.client import Client
from tests.crash.served import Served
from tests.properties.scale import times_longer

HOMES = 4 * times_longer()
KILLS_A_HOME = 5 if times_longer() == 1 else 10
CLIENTS = 4
ANSWERS_MAX = 60
LONG_EVERY = 5
"""Every fifth time one of the clients writes texts of 5 MB, which a kill cuts off."""
LONG_ANSWERS_MAX = 5
DELAY_MAX_S = 0.03
FIRST_ANSWER_S = 60.0
OPTIONS = ("--enable", "goals")


def seed() -> int:
    """The seed of this run: always the same in an everyday run, unless told."""
    told = os.environ.get("THREADSTORE_SEED")
    if told is None and times_longer() > 1:
        return SystemRandom().randrange(1 << 32)
    return int(told or "1")


class Moment:
    """The moment of a kill: a number of answers, and a little more."""

    def __init__(self, random: Random, answers_max: int) -> None:
        self._left = random.randrange(answers_max)
        self._delay_s = random.uniform(0, DELAY_MAX_S)
        self._lock = Lock()
        self._reached = Event()
        self._never = Event()

    def count(self) -> None:
        """One more request was answered."""
        with self._lock:
            self._left -= 1
            if self._left < 0:
                self._reached.set()

    def bring(self) -> None:
        """Let it be now: there is nothing more to wait for."""
        self._reached.set()

    def wait(self) -> None:
        """Return when it has come."""
        assert self._reached.wait(FIRST_ANSWER_S)
        self._never.wait(self._delay_s)


class Siege:
    """One home, and the clients whose server is killed again and again."""

    def __init__(self, home: Path, random: Random) -> None:
        self._home = home
        self._random = random
        self._count = 0
        with Served(home, OPTIONS) as served:
            thread = as_object(served.call("thread/start", {})["thread"])
            served.call("thread/memoryMode/set", {"threadId": thread["id"], "mode": "enabled"})
        self.clients = [
            Client(number, Random(random.random()), str(thread["id"])) for number in range(CLIENTS)
        ]
        self.torn = 0

    def assault(self) -> None:
        """Start a server, look whether all is there, write more, look again, then kill it while it works."""
        with Served(self._home, OPTIONS) as served:
            self.torn = audit(self._home, served, self.clients)
            for client in self.clients:
                client.append_to(served, client.shared)
            self._count += 1
            self.clients[0].writes_long = self._count % LONG_EVERY == 0
            moment = Moment(self._random, LONG_ANSWERS_MAX if self.clients[0].writes_long else ANSWERS_MAX)
            threads = [
                Thread(target=client.work, args=(served, moment.count, moment.bring), daemon=True)
                for client in self.clients
            ]
            for thread in threads:
                thread.start()
            moment.wait()
            served.kill()
            for thread in threads:
                thread.join()
        failures = [client.failure for client in self.clients if client.failure is not None]
        if failures:
            raise failures[0]

    def end(self) -> None:
        """Look whether all is there, append to everything, and look again."""
        with Served(self._home, OPTIONS) as served:
            self.torn = audit(self._home, served, self.clients)
            for client in self.clients:
                for account in client.accounts:
                    if not account.facts["is_archived"]:
                        client.append_to(served, account)
            assert audit(self._home, served, self.clients) == self.torn


@pytest.mark.parametrize("number", range(HOMES))
def test_what_was_acknowledged_survives_every_kill(number: int, tmp_path: Path) -> None:
    drawn = seed()
    sys.stdout.write(f"THREADSTORE_SEED={drawn}, home {number}\n")
    siege = Siege(tmp_path, Random(f"{drawn} {number}"))
    for _ in range(KILLS_A_HOME):
        if number % 4 == 3:
            shutil.rmtree(tmp_path / "threadstore", ignore_errors=True)
        siege.assault()
    siege.end()
    written = sum(client.acknowledged for client in siege.clients)
    sys.stdout.write(f"{written} requests were acknowledged, {siege.torn} lines are torn\n")
    assert written
