"""Whether a home, and a server that was started on it anew, hold what the ledgers say."""

from collections.abc import Iterable
from pathlib import Path

from tests.conformance.corpus import PAGE_SIZE_MAX
from tests.conformance.values import Json, JsonObject, as_list, as_object
from tests.crash.client import Client, fork_of
from tests.crash.files import lines_of, records_of, rollouts
from tests.crash.ledger import Account
from tests.crash.served import Served
from tests.properties.model import difference, turns_of


def audit(home: Path, served: Served, clients: list[Client]) -> int:
    """Settle every account; AssertionError for what is not as acknowledged. Gives how many lines are torn."""
    paths = rollouts(home)
    for client in clients:
        client.accounts = [account for account in client.accounts if _exists(account, paths)]
    known = {account.thread_id for client in clients for account in client.accounts}
    _adopt_forks(clients, {name: paths[name] for name in paths.keys() - known - _shared(clients)})
    torn = 0
    for client in clients:
        for account in client.accounts:
            torn += _settle(home, served, account, paths[account.thread_id])
    shared = clients[0].shared.thread_id
    torn += _settle_files([client.shared for client in clients], paths[shared])
    _check_turns(served, shared, paths[shared][0])
    torn += sum(_torn_beside(path) for path in _beside(home))
    _check_lists(served, home, paths)
    return torn


def _exists(account: Account, paths: dict[str, list[Path]]) -> bool:
    """Whether the thread is there; one of which nothing was acknowledged may not be."""
    found = paths.get(account.thread_id, [])
    assert not account.is_stored or len(found) == 1, f"{account.thread_id} lies at {found}"
    return bool(found) and bool(lines_of(found[0].read_bytes())[0])


def _shared(clients: list[Client]) -> set[str]:
    return {client.shared.thread_id for client in clients}


def _adopt_forks(clients: list[Client], strangers: dict[str, list[Path]]) -> None:
    """A thread that nobody acknowledged is a whole copy of one that was being copied."""
    for thread_id, found in strangers.items():
        values, torn = lines_of(found[0].read_bytes())
        if not values:
            continue  # nothing was written yet
        source_id = as_object(values[0]["payload"]).get("forked_from_id")
        sources = [
            (client, account)
            for client in clients
            for account in client.forked
            if account.thread_id == source_id
        ]
        assert sources, f"{found[0]} is of nobody"
        client, source = sources[0]
        copy = fork_of(source, thread_id)
        assert not torn
        assert records_of(values) == copy.records, f"{found[0]} is no whole copy"
        client.accounts.append(copy)
    for client in clients:
        client.forked = []


def _settle(home: Path, served: Served, account: Account, found: list[Path]) -> int:
    torn = _settle_files([account], found)
    if not account.is_touched:
        return torn
    account.settle_fact("is_archived", found[0].parent.name == "archived_sessions")
    thread = _check_turns(served, account.thread_id, found[0])
    account.settle_fact("name", _text(thread["name"]))
    if not account.facts.get("is_fork"):
        account.settle_fact("branch", _text(as_object(thread["gitInfo"]).get("branch")))
        metas = [record[1] for record in account.records if record[0] == "session_meta"]
        if metas:
            account.settle_fact("mode", metas[-1].rpartition("/")[2])
    if not account.facts["is_archived"]:
        goal = served.call("thread/goal/get", {"threadId": account.thread_id})["goal"]
        account.settle_fact("objective", _text(as_object(goal).get("objective")))
    account.is_stored = True
    account.is_touched = bool(account.facts["is_archived"])  # its goal is looked at once it is back
    return torn


def _settle_files(accounts: Iterable[Account], found: list[Path]) -> int:
    assert len(found) == 1, found
    values, torn = lines_of(found[0].read_bytes())
    for account in accounts:
        assert as_object(values[0]["payload"])["id"] == account.thread_id
        account.settle_records(records_of(values))
    return len(torn)


def _check_turns(served: Served, thread_id: str, path: Path) -> JsonObject:
    """The thread that is served, its turns being those of its file."""
    answer = served.call("thread/read", {"threadId": thread_id, "includeTurns": True})
    thread = as_object(answer["thread"])
    assert thread["path"] == str(path)
    wrong = difference([as_object(turn) for turn in as_list(thread["turns"])], turns_of(path.read_bytes()))
    assert wrong is None, f"{thread_id}: {wrong}"
    return thread


def _check_lists(served: Served, home: Path, paths: dict[str, list[Path]]) -> None:
    """Each thread with a user message is in one list, and each list has it once."""
    for folder, is_archived in (("sessions", False), ("archived_sessions", True)):
        wanted = [
            thread_id
            for thread_id, found in paths.items()
            if found[0].is_relative_to(home / folder) and b'"user_message"' in found[0].read_bytes()
        ]
        assert sorted(listed(served, archived=is_archived)) == sorted(wanted)


def listed(served: Served, **filters: Json) -> list[str]:
    """The ids of all listed threads."""
    cursor: Json = None
    found: list[str] = []
    while True:
        params: JsonObject = {"limit": PAGE_SIZE_MAX, "modelProviders": [], "cursor": cursor, **filters}
        page = served.call("thread/list", params)
        found += [str(as_object(thread)["id"]) for thread in as_list(page["data"])]
        cursor = page["nextCursor"]
        if cursor is None:
            return found


def _beside(home: Path) -> list[Path]:
    """The logs beside the rollouts: names, and our notes."""
    return [
        path
        for path in [home / "session_index.jsonl", *(home / "threadstore_events").glob("*")]
        if path.exists()
    ]


def _torn_beside(path: Path) -> int:
    return len(lines_of(path.read_bytes())[1])


def _text(value: Json) -> str | None:
    return None if value is None else str(value)
