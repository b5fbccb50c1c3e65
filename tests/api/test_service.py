"""The service: its table of methods, and what a greeting costs."""

import subprocess
import sys
from importlib import import_module
from inspect import iscoroutinefunction

import pytest

from api.service import HANDLERS, SERVED_BY
from api.wire.methods import KNOWN
from tests.conformance.server import ROOT

GREETING = """
import asyncio, json, sys
from pathlib import Path
from api.service import Service
from rollout.finding.home import Home

async def greet():
    answered = []
    service = Service(Home(Path.cwd()))
    connection = service.connect(answered.append)
    params = {"clientInfo": {"name": "t", "version": "1"}}
    await connection.receive(json.dumps({"id": 1, "method": "initialize", "params": params}).encode())
    assert answered
    await service.close()

asyncio.run(greet())
print(*sorted({name.partition(".")[0] for name in sys.modules} & set(sys.argv[1:])))
"""

HEAVY = (
    "aiosqlite",
    "asyncinotify",
    "eventsourcing",
    "jwt",
    "projections",
    "sqlite3",
    "websockets",
    "zstandard",
)


@pytest.mark.parametrize("method", sorted(SERVED_BY))
def test_each_method_is_known_and_its_function_is_there(method: str) -> None:
    module, _, name = SERVED_BY[method].partition(".")
    assert iscoroutinefunction(getattr(import_module(f"api.handlers.{module}"), name))
    assert method in KNOWN
    assert method in HANDLERS


def test_a_greeting_reads_nothing_of_what_it_does_not_need() -> None:
    done = subprocess.run(
        [sys.executable, "-c", GREETING, *HEAVY],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=60,
    )
    assert done.stdout.split() == []
