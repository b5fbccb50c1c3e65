"""Targets that read files of a home."""

import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from api.configuration.config import read_config
from api.configuration.config_tables import read_overrides
from domain.errors import ConfigurationRefused, ThreadstoreError
from rollout.names import NamesFile
from tests.damage.talk import Talk, joined, thread_id
from tests.damage.test_random_damage import check
from tests.fuzz.target import Target
from tests.fuzz.targets.logs import LOGS
from tests.home import TIME

NAMES = "".join(
    json.dumps({"id": str(thread_id(number)), "thread_name": name, "updated_at": TIME}) + "\n"
    for number, name in enumerate(["one", " ", "\u202e", "one"])
).encode()
CONFIG = b"""model = "m"
approval_policy = { granular = { sandbox_approval = true, rules = true, mcp_elicitations = true } }
sandbox_mode = "workspace-write"
profile = "x"
sqlite_home = "~/db"
[profiles.x]
model_reasoning_effort = "high"
[sandbox_workspace_write]
writable_roots = ["/srv"]
network_access = true
[projects."/p"]
trust_level = "trusted"
[model_providers.own]
name = "own"
[features]
goals = true
"""


def read_names(data: bytes) -> None:
    """A file of names has names, or has none; one that grows has the same as one that is read at once."""
    with TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / "session_index.jsonl"
        whole, growing = NamesFile(path), NamesFile(path)
        for end in (len(data) // 2, len(data)):
            path.write_bytes(data[:end])
            growing.refresh()
        whole.refresh()
        for number in range(4):
            name = str(thread_id(number))
            assert growing.name_of(name) == whole.name_of(name)
            assert growing.listed_name_of(name, "one") == whole.listed_name_of(name, "one")
        assert growing.named("o") == whole.named("o")


def read_configuration(data: bytes) -> None:
    """Settings are read, or warned of; an override is read, or refused."""
    with TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / "config.toml"
        path.write_bytes(data)
        config = read_config(path, {}, {})
        assert config.warnings or config.unread is None
        with suppress(ConfigurationRefused):
            config.overridden({"model": "n"})

    with suppress(ThreadstoreError):
        read_overrides([data.decode(errors="replace")], [], [])


def inspect_and_repair(data: bytes) -> None:
    """A damaged log is read and put right: every whole line is served and kept."""
    with TemporaryDirectory(prefix="fuzz-") as folder:
        check(Path(folder), data)


TARGETS = {
    "names": Target(read_names, (NAMES,), 150),
    "configuration": Target(read_configuration, (CONFIG,), 250),
    "repair": Target(inspect_and_repair, (*LOGS, joined(Talk().lines()[:6])), 25),
}
