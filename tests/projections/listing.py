"""A home whose list is kept by hand: what the tests of the list read model stand on."""

from pathlib import Path
from uuid import UUID

from domain.cursors import SortDirection, ThreadCursor
from domain.log import RolloutPlace
from projections.list_query import ListQuery
from projections.plans import run_here
from projections.thread_pages import ListRow, ThreadPage, thread_page
from projections.threads import ThreadList
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions
from rollout.joined.home_log import JoinedLog
from tests.home import THREAD, IndexedHome, event
from tests.projections.counting import CountingLog
from tests.projections.homes import INDEX, begin

NEWEST_FIRST = SortDirection.DESCENDING


class ListedHome(IndexedHome):
    """An indexed home with its list; `counted` is the log that the list is made from."""

    def __init__(self, root: Path) -> None:
        super().__init__(root if (root / INDEX).parent.exists() else begin(root))
        self.counted = CountingLog()
        self.threads = ThreadList(self.store, JoinedLog(self.counted))
        self.sessions = Sessions(Home.at(root))

    @property
    def archive(self) -> Path:
        """The folder of archived threads."""
        folder = self.root / "archived_sessions"
        folder.mkdir(exist_ok=True)
        return folder

    def places(self, *, archived: bool = False) -> list[RolloutPlace]:
        """The files that a list looks at."""
        return list(self.sessions.listed(archived=archived))

    def reconcile(self, *, archived: bool = False) -> int:
        """Make the rows true; tells how many files were opened."""
        self.counted.reset()
        opened = self.threads.reconcile(self.places(archived=archived), archived=archived)
        assert opened == len(self.counted.opened)
        return opened

    def page_of_threads(
        self,
        cursor: ThreadCursor | None = None,
        limit: int = 100,
        direction: SortDirection = NEWEST_FIRST,
        *,
        archived: bool = False,
    ) -> ThreadPage:
        """A page of the list as it stands."""
        with self.store.writing() as found:
            query = ListQuery(limit, is_archived=archived, direction=direction, cursor=cursor)
            return run_here(thread_page(query), found)

    def rows(self, *, archived: bool = False) -> list[ListRow]:
        """The list as of now, newest first."""
        self.reconcile(archived=archived)
        return list(self.page_of_threads(archived=archived).rows)

    def preview(self, thread_id: UUID = THREAD) -> str | None:
        """What the list shows of a thread now; None when it does not show it."""
        found = {row.name_id: row.preview for row in self.rows()}
        return found.get(thread_id)


def says(text: str, **fields: object) -> bytes:
    """A user message."""
    return event("user_message", message=text, **fields)


def goal(objective: str, **fields: object) -> bytes:
    """A goal of the thread."""
    told = {
        "threadId": str(THREAD),
        "objective": objective,
        "status": "active",
        "tokenBudget": None,
        "tokensUsed": 0,
        "timeUsedSeconds": 0,
        "createdAt": 1,
        "updatedAt": 1,
    }
    return event("thread_goal_updated", threadId=str(THREAD), turnId=None, goal=told | fields)
