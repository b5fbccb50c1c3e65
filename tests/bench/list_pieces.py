"""What a page of the thread list costs, in homes of few and of many threads."""

from collections.abc import Iterator, Mapping

from tests.bench.figures import Figure
from tests.bench.homes import Copy, Homes
from tests.bench.subject import Subject
from tests.bench.threads import Truth
from tests.conformance.values import JsonObject, as_list

PAGE = 25
FEW_THREADS = 100
BUDGET_S = 2.0
LISTED_SOURCES = ("cli", "vscode")
"""What a list shows unless asked."""

WAYS: Mapping[str, JsonObject] = {"default": {}, "state db": {"useStateDbOnly": True}}
"""A page of the files as they are now, and one of what the index knows."""

FILTERS = (
    "created",
    "updated",
    "oldest first",
    "3 cwds",
    "sources",
    "provider",
    "no match",
    "rare word",
    "no word",
)


def sizes(big: int) -> tuple[int, ...]:
    """How many threads the homes have."""
    return (FEW_THREADS, big // 5, big)


def list_name(kind: str, way: str, threads: int) -> str:
    """What the measure of a page is called."""
    return f"list, {kind}, {way}, {threads} threads"


def is_listed(truth: Truth) -> bool:
    """Whether a list without filters shows the thread."""
    return truth.source in LISTED_SOURCES and not truth.is_archived


def filters(copy: Copy) -> dict[str, JsonObject]:
    """The parameters of each kind of page in this home, by name."""
    listed = [truth for truth in copy.truths if is_listed(truth)]
    short = [truth for truth in listed if truth.turns == 1]
    every: JsonObject = {"limit": PAGE, "modelProviders": []}
    params: tuple[JsonObject, ...] = (
        {},
        {"sortKey": "updated_at"},
        {"sortDirection": "asc"},
        {"cwd": [*sorted({truth.cwd for truth in listed})[:3]]},
        {"sourceKinds": ["exec", "subAgent"]},
        {"modelProviders": ["azure"]},
        {"modelProviders": ["nobody"]},
        {"searchTerm": short[len(short) // 2].needle},
        {"searchTerm": "zzzznothing"},
    )
    return {kind: every | more for kind, more in zip(FILTERS, params, strict=True)}


def lists(subject: Subject, homes: Homes, big: int) -> Iterator[Figure]:
    """A page of every kind, of the files and of the index, once the server has nothing else to do."""
    for threads in sizes(big):
        with (
            homes.copy(homes.many_threads(threads)) as copy,
            subject.on(copy.home, copy.index(), "lists") as session,
        ):
            session.ask("thread/list", {"limit": PAGE, "modelProviders": []})
            session.wait_until_quiet()
            for kind, params in filters(copy).items():
                for way, more in WAYS.items():
                    asked = params | more
                    cost = session.repeat("thread/list", asked, most=40, budget_s=BUDGET_S)
                    rows = len(as_list(session.ask("thread/list", asked)["data"])) if cost.runs > 1 else None
                    note = "" if rows is None else f"{rows} rows"
                    yield subject.figure(list_name(kind, way, threads), cost, note)
