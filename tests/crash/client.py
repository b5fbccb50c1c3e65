"""A client that keeps writing until the server is gone, and keeps account of what was acknowledged."""

from collections.abc import Callable
from random import Random

from tests.conformance.values import Json, JsonObject, as_object
from tests.crash.files import meta_record
from tests.crash.ledger import Account, Record, mark
from tests.crash.served import Served, ServerGone

SIZE_MAX = 5_000_000
SIZES = ((100, 70), (2_000, 20), (60_000, 9), (500_000, 1))
"""Bytes of a message, and how often it is so long."""
ALPHABETS = ("a", 'say "x\\y" ', "naïve — ", "雪と氷", "🙂\n")
THREADS_MAX = 4
"""Threads that a client starts; the rest are forks."""
ACTIVE_MAX = 6
"""Threads that it goes on with, the latest."""


class Client:
    """One of several; it has threads of its own, and one that it shares with the others."""

    def __init__(self, number: int, random: Random, shared_id: str) -> None:
        self.tag = f"c{number}-"
        self.accounts: list[Account] = []
        self.shared = Account(shared_id, is_shared=True, tag=self.tag, is_stored=True)
        self.forked: list[Account] = []
        """Of which a copy may be there that nobody told of."""
        self.writes_long = False
        """Whether every text that may be long is."""
        self.acknowledged = 0
        self.failure: BaseException | None = None
        self._random = random
        self._count = 0
        self._server: Served | None = None
        self._loaded: set[str] = set()

    def work(self, served: Served, on_answer: Callable[[], None], on_failure: Callable[[], None]) -> None:
        """Write until the server is gone; a failure is kept."""
        try:
            while True:
                self._step(served)
                self.acknowledged += 1
                on_answer()
        except ServerGone:
            return
        except BaseException as failure:  # noqa: BLE001  told by the thread that waits for this one
            self.failure = failure
            on_failure()

    def text(self, size: int | None = None) -> str:
        """A text that nobody else has."""
        self._count += 1
        head = f"{self.tag}{self._count} "
        if size is None and self.writes_long:
            size = SIZE_MAX
        if size is None:
            size = self._random.choices([one for one, _ in SIZES], [weight for _, weight in SIZES])[0]
        alphabet = self._random.choice(ALPHABETS)
        return head + (alphabet * (size // len(alphabet.encode()) + 1)) + "."

    def append_to(self, served: Served, account: Account, size: int = 50) -> None:
        """Add one item with a text of so many bytes."""
        self._load(served, account)
        self._inject_texts(served, account, [self.text(size)])

    def _step(self, served: Served) -> None:
        own = self.accounts[-ACTIVE_MAX:]
        if len(own) < THREADS_MAX and self._random.random() < (0.1 if own else 1.0):
            self._start(served)
            return
        account = self._random.choice(own)
        if account.facts.get("is_archived"):
            self._unarchive(served, account)
            return
        self._load(served, account)
        names = list(COMMANDS)
        COMMANDS[self._random.choices(names, [WEIGHTS[name] for name in names])[0]](self, served, account)

    def _load(self, served: Served, account: Account) -> None:
        if served is not self._server:
            self._server, self._loaded = served, set()
        if account.thread_id not in self._loaded:
            served.call("thread/resume", {"threadId": account.thread_id, "excludeTurns": True})
            self._loaded.add(account.thread_id)

    def _start(self, served: Served) -> None:
        thread = as_object(served.call("thread/start", {})["thread"])
        account = Account(str(thread["id"]), facts={"is_archived": False, "mode": "enabled"})
        self._loaded.add(account.thread_id)
        self.accounts.append(account)
        self._turn(served, account)

    def _turn(self, served: Served, account: Account) -> None:
        self._count += 1
        turn_id = f"{self.tag}{self._count}"
        question, answer = self.text(200), self.text()
        events: list[tuple[JsonObject, str]] = [
            ({"type": "task_started", "turn_id": turn_id, "model_context_window": None}, turn_id),
            ({"type": "user_message", "message": question}, mark(question)),
            ({"type": "agent_message", "message": answer}, mark(answer)),
            ({"type": "task_complete", "turn_id": turn_id, "last_agent_message": None}, turn_id),
        ]
        items: list[Json] = [{"type": "event_msg", "payload": payload} for payload, _ in events]
        with account.trying([(str(payload["type"]), told) for payload, told in events]):
            served.call("threadStore/append", {"threadId": account.thread_id, "items": items})

    def _inject(self, served: Served, account: Account) -> None:
        self._inject_texts(
            served,
            account,
            [self.text() for _ in range(1 if self.writes_long else self._random.randint(1, 3))],
        )

    def _inject_shared(self, served: Served, _: Account) -> None:
        self._load(served, self.shared)
        self._inject(served, self.shared)

    def _inject_texts(self, served: Served, account: Account, texts: list[str]) -> None:
        items: list[Json] = [
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
            for text in texts
        ]
        with account.trying([("message", mark(text)) for text in texts]):
            served.call("thread/inject_items", {"threadId": account.thread_id, "items": items})

    def _roll_back(self, served: Served, account: Account) -> None:
        count = self._random.randint(1, 2)
        with account.trying([("thread_rolled_back", str(count))]):
            served.call("thread/rollback", {"threadId": account.thread_id, "numTurns": count})

    def _name(self, served: Served, account: Account) -> None:
        name = self.text(30)
        with account.trying(name=name):
            served.call("thread/name/set", {"threadId": account.thread_id, "name": name})

    def _branch(self, served: Served, account: Account) -> None:
        if account.facts.get("is_fork"):
            return
        branch = self.text(10).partition(" ")[0]
        with account.trying([meta_record(branch, account.facts.get("mode"))], branch=branch):
            git: JsonObject = {"branch": branch}
            served.call("thread/metadata/update", {"threadId": account.thread_id, "gitInfo": git})

    def _mode(self, served: Served, account: Account) -> None:
        if account.facts.get("is_fork"):
            return
        mode = self._random.choice(("enabled", "disabled"))
        with account.trying([meta_record(None, mode)], mode=mode):
            served.call("thread/memoryMode/set", {"threadId": account.thread_id, "mode": mode})

    def _goal(self, served: Served, account: Account) -> None:
        objective = self.text(40)
        with account.trying(objective=objective):
            served.call("thread/goal/set", {"threadId": account.thread_id, "objective": objective})

    def _archive(self, served: Served, account: Account) -> None:
        if not any(kind == "user_message" for kind, _ in account.records):
            return  # restoring it would be answered with an error, as release 0.131.0 does
        with account.trying(is_archived=True):
            served.call("thread/archive", {"threadId": account.thread_id})
        self._loaded.discard(account.thread_id)

    def _unarchive(self, served: Served, account: Account) -> None:
        with account.trying(is_archived=False):
            served.call("thread/unarchive", {"threadId": account.thread_id})

    def _fork(self, served: Served, account: Account) -> None:
        self.forked.append(account)
        answer = served.call("thread/fork", {"threadId": account.thread_id, "excludeTurns": True})
        self.forked.remove(account)
        copy = fork_of(account, str(as_object(answer["thread"])["id"]))
        self._loaded.add(copy.thread_id)
        self.accounts.append(copy)


def fork_of(account: Account, thread_id: str) -> Account:
    """What is known of a copy: its source's lines, the head among them."""
    records: list[Record] = [meta_record(None, None), *account.records]
    return Account(thread_id, is_stored=True, records=records, facts={"is_archived": False, "is_fork": True})


COMMANDS: dict[str, Callable[[Client, Served, Account], None]] = {
    "inject": Client._inject,
    "inject shared": Client._inject_shared,
    "turn": Client._turn,
    "roll back": Client._roll_back,
    "name": Client._name,
    "branch": Client._branch,
    "mode": Client._mode,
    "goal": Client._goal,
    "archive": Client._archive,
    "fork": Client._fork,
}
WEIGHTS = {
    "inject": 24,
    "inject shared": 16,
    "turn": 16,
    "roll back": 5,
    "name": 8,
    "branch": 6,
    "mode": 5,
    "goal": 8,
    "archive": 5,
    "fork": 5,
}
