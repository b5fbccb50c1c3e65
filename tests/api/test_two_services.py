"""Two services on one home: nothing is lost between them, and each tells the right clients."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from api.service import Options, Service
from domain.durability import Durability
from rollout.finding.home import Home
from tests.api.clients import Refused, ServedClient
from tests.home import THREAD, event, item, meta

Json = dict[str, Any]

LINES_EACH = 25
ID = str(THREAD)
GOALS = {"features": {"goals": True}}


@pytest.fixture
def rollout(tmp_path: Path) -> Path:
    """A thread of one turn whose token usage is known."""
    path = tmp_path / "sessions" / "2026" / "05" / "01" / f"rollout-2026-05-01T10-00-00-{THREAD}.jsonl"
    path.parent.mkdir(parents=True)
    usage = dict.fromkeys(
        (
            "input_tokens",
            "cached_input_tokens",
            "output_tokens",
            "reasoning_output_tokens",
            "total_tokens",
        ),
        1,
    )
    info = {"total_token_usage": usage, "last_token_usage": usage, "model_context_window": None}
    path.write_bytes(
        meta()
        + event("task_started", turn_id="one", model_context_window=None)
        + event("user_message", message="ask one")
        + event("token_count", info=info, rate_limits=None)
        + event("task_complete", turn_id="one", last_agent_message=None)
    )
    return path


@asynccontextmanager
async def serving(home: Path) -> AsyncIterator[Service]:
    """A service on the home."""
    options = Options(durability=Durability.PROCESS, overrides=GOALS)
    service = Service(Home.at(home), options)
    try:
        yield service
    finally:
        await service.close()


@asynccontextmanager
async def two(home: Path) -> AsyncIterator[tuple[ServedClient, ServedClient]]:
    """A client of each of two services."""
    async with serving(home) as one, serving(home) as other:
        yield (await client_of(one), await client_of(other))


async def client_of(service: Service, *unwanted: str, experimental: bool = True) -> ServedClient:
    """A client that has shaken hands, and does not want to be told some things."""
    client = ServedClient(service)
    capabilities = {"experimentalApi": experimental, "optOutNotificationMethods": list(unwanted)}
    await client.call("initialize", clientInfo={"name": "tests", "version": "1"}, capabilities=capabilities)
    return client


def message(text: str) -> Json:
    """A response item."""
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


async def inject(client: ServedClient, text: str) -> None:
    """Add an item to the thread."""
    await client.call("thread/inject_items", threadId=ID, items=[message(text)])


def payloads(path: Path, kind: str) -> list[Json]:
    """The payloads of a kind of line, each of which is one whole record."""
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    return [line["payload"] for line in lines if line["type"] == kind]


def texts(path: Path) -> list[str]:
    """The texts of the injected items, in their order."""
    return [payload["content"][0]["text"] for payload in payloads(path, "response_item")]


def methods(client: ServedClient, about: str = ID) -> list[str]:
    """The notifications that a client got about a thread."""
    return [
        told["method"]
        for told in client.told
        if about in (told["params"].get("threadId"), told["params"].get("thread", {}).get("id"))
    ]


async def test_items_from_both_services_are_there_once_and_in_each_ones_order(
    tmp_path: Path, rollout: Path
) -> None:
    async with two(tmp_path) as clients:
        for client in clients:
            await client.call("thread/resume", threadId=ID)

        async def write(client: ServedClient, tag: str) -> None:
            await asyncio.gather(*(inject(client, f"{tag}{number:03}") for number in range(LINES_EACH)))

        await asyncio.gather(*(write(client, tag) for client, tag in zip(clients, "ab", strict=True)))
    found = texts(rollout)
    for tag in "ab":
        assert [text for text in found if text[0] == tag] == [f"{tag}{n:03}" for n in range(LINES_EACH)]
    assert len(found) == 2 * LINES_EACH


async def test_git_facts_from_both_services_are_merged(tmp_path: Path, rollout: Path) -> None:
    async with two(tmp_path) as clients:
        changes: list[Json] = [{"branch": "main"}, {"sha": "0" * 40}]
        for _ in range(5):
            await asyncio.gather(
                *(
                    client.call("thread/metadata/update", threadId=ID, gitInfo=change)
                    for client, change in zip(clients, changes, strict=True)
                )
            )
        shown = [(await client.call("thread/read", threadId=ID))["thread"]["gitInfo"] for client in clients]
    assert shown == [{"branch": "main", "sha": "0" * 40, "originUrl": None}] * 2


async def test_what_one_service_did_the_other_answers_at_once(tmp_path: Path, rollout: Path) -> None:
    async with two(tmp_path) as (one, other):
        for number in range(5):
            await one.call("thread/name/set", threadId=ID, name=f"name {number}")
            assert (await other.call("thread/read", threadId=ID))["thread"]["name"] == f"name {number}"
            await other.call("thread/goal/set", threadId=ID, objective=f"goal {number}")
            goal = (await one.call("thread/goal/get", threadId=ID))["goal"]
            assert goal["objective"] == f"goal {number}"
            await one.call("thread/archive", threadId=ID)
            assert await listed(other) == []
            assert await listed(other, archived=True) == [ID]
            await other.call("thread/unarchive", threadId=ID)
            assert await listed(one) == [ID]
            assert await listed(one, archived=True) == []


async def listed(client: ServedClient, **filters: object) -> list[str]:
    """The ids of the listed threads."""
    return [thread["id"] for thread in (await client.call("thread/list", **filters))["data"]]


async def test_goals_set_by_both_services_at_once_are_patches_of_one(tmp_path: Path, rollout: Path) -> None:
    async with two(tmp_path) as (one, other):
        await one.call("thread/goal/set", threadId=ID, objective="whole")
        for budget in range(1, 6):
            await asyncio.gather(
                one.call("thread/goal/set", threadId=ID, tokenBudget=budget),
                other.call("thread/goal/set", threadId=ID, objective=f"objective {budget}"),
            )
            goal = (await one.call("thread/goal/get", threadId=ID))["goal"]
            assert (goal["tokenBudget"], goal["objective"]) == (budget, f"objective {budget}")


async def test_of_two_archivings_one_is_done_and_the_other_refused(tmp_path: Path, rollout: Path) -> None:
    async with two(tmp_path) as clients:
        answers = await asyncio.gather(
            *(client.call("thread/archive", threadId=ID) for client in clients), return_exceptions=True
        )
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "dict"]
    (refusal,) = [answer for answer in answers if isinstance(answer, Refused)]
    assert str(refusal) == f"no rollout found for thread id {ID}"
    assert [path.parent.name for path in tmp_path.rglob("rollout-*")] == ["archived_sessions"]


async def test_an_item_goes_where_the_other_service_has_moved_the_file(tmp_path: Path, rollout: Path) -> None:
    async with two(tmp_path) as (one, other):
        await one.call("thread/resume", threadId=ID)
        await other.call("thread/archive", threadId=ID)
        await inject(one, "late")
    (path,) = tmp_path.rglob("rollout-*")
    assert path.parent.name == "archived_sessions"
    assert texts(path) == ["late"]


async def test_a_thread_that_one_service_started_the_other_does_not_know_before_it_is_stored(
    tmp_path: Path,
) -> None:
    async with two(tmp_path) as (one, other):
        thread_id = (await one.call("thread/start"))["thread"]["id"]
        with pytest.raises(Refused, match="thread not loaded"):
            await other.call("thread/read", threadId=thread_id)
        await one.call("thread/name/set", threadId=thread_id, name="stored")
        assert (await other.call("thread/read", threadId=thread_id))["thread"]["name"] == "stored"


async def test_lists_tell_the_status_that_a_thread_has_in_the_service_asked(
    tmp_path: Path, rollout: Path
) -> None:
    async with two(tmp_path) as (one, other):
        await one.call("thread/resume", threadId=ID)
        for client, status in ((one, "idle"), (other, "notLoaded")):
            (thread,) = (await client.call("thread/list"))["data"]
            assert thread["status"] == {"type": status}
        assert (await one.call("thread/loaded/list"))["data"] == [ID]
        assert (await other.call("thread/loaded/list"))["data"] == []


async def test_threads_are_told_to_everyone_and_goals_to_those_with_the_experimental_api(
    tmp_path: Path, rollout: Path
) -> None:
    async with serving(tmp_path) as service:
        asking = await client_of(service)
        plain = await client_of(service, experimental=False)
        deaf = await client_of(service, "thread/archived", "thread/goal/updated")
        silent = ServedClient(service)
        for method, params in LIFE:
            await asking.call(method, threadId=ID, **params)
    everyone = [
        "thread/status/changed",
        "thread/name/updated",
        "thread/status/changed",
        "thread/archived",
        "thread/unarchived",
    ]
    assert [method for method in methods(plain) if "goal" not in method] == everyone
    assert not [method for method in methods(plain) if "goal" in method]
    assert [
        method for method in methods(asking) if "goal" not in method and "token" not in method
    ] == everyone
    goals = [method for method in methods(asking) if "goal" in method]
    assert goals == ["thread/goal/cleared", "thread/goal/updated", "thread/goal/cleared"]
    assert [method for method in methods(deaf) if "goal" in method] == ["thread/goal/cleared"] * 2
    assert "thread/archived" not in methods(deaf)
    assert "thread/unarchived" in methods(deaf)
    assert silent.told == []


LIFE: tuple[tuple[str, Json], ...] = (
    ("thread/resume", {}),
    ("thread/name/set", {"name": "a name"}),
    ("thread/goal/set", {"objective": "an objective"}),
    ("thread/goal/clear", {}),
    ("thread/archive", {}),
    ("thread/unarchive", {}),
)
"""What happens to a thread, one after the other."""


async def test_a_started_thread_is_told_to_everyone_and_behind_the_answer(tmp_path: Path) -> None:
    async with serving(tmp_path) as service:
        one, other = await client_of(service), await client_of(service, experimental=False)
        thread = (await one.call("thread/start"))["thread"]
        await one.call("thread/loaded/list")
        for client in (one, other):
            assert client.params("thread/started") == [{"thread": thread}]


async def test_usage_is_told_to_subscribers(tmp_path: Path, rollout: Path) -> None:
    usage = "thread/tokenUsage/updated"
    async with serving(tmp_path) as service:
        first, second, bystander = [await client_of(service) for _ in range(3)]
        await first.call("thread/resume", threadId=ID)
        await second.call("thread/resume", threadId=ID)
        await first.call("thread/loaded/list")
        assert [len(client.params(usage)) for client in (first, second, bystander)] == [1, 1, 0]
        await bystander.call("thread/rollback", threadId=ID, numTurns=1)
        assert [len(client.params(usage)) for client in (first, second, bystander)] == [2, 2, 0]
        await second.call("thread/unsubscribe", threadId=ID)
        await first.call("thread/rollback", threadId=ID, numTurns=1)
        assert [len(client.params(usage)) for client in (first, second, bystander)] == [3, 2, 0]


async def test_nobody_is_told_by_the_other_service(tmp_path: Path, rollout: Path) -> None:
    async with two(tmp_path) as (one, other):
        await one.call("thread/resume", threadId=ID)
        await one.call("thread/name/set", threadId=ID, name="a name")
        await one.call("thread/archive", threadId=ID)
        assert methods(other) == []


async def test_a_line_of_another_program_between_two_commands_stays_whole(
    tmp_path: Path, rollout: Path
) -> None:
    async with two(tmp_path) as clients:
        for client in clients:
            await client.call("thread/resume", threadId=ID)
        for number in range(2):
            for client in clients:
                with rollout.open("ab") as file:
                    file.write(
                        item("message", role="user", content=[{"type": "input_text", "text": "x"}])[:-1]
                    )
                await inject(client, f"{number}")
    assert texts(rollout) == [text for number in range(2) for _ in clients for text in ("x", f"{number}")]
