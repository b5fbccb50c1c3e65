"""How a paginated log ends, as far as it is folded: what a fork that goes on from it has to know."""

from dataclasses import dataclass

from domain.cursors import SortDirection
from domain.errors import StaleIndex
from domain.history.rows import TurnRow, TurnStatus
from domain.views import ItemsView
from projections.pages import turn_page
from projections.plans import Plan, Statement


@dataclass(frozen=True, slots=True)
class Ending:
    """The greatest ordinal that counted, how many logs it goes on from, and the last turn if it never ended.

    `head_end` is the offset behind its head.
    """

    last_ordinal: int
    head_end: int | None
    base_count: int
    open_turn: TurnRow | None


def ending(file_id: int) -> Plan[Ending]:
    """The end of the log in this file; StaleIndex when there are no rows."""
    rows = yield Statement(
        "SELECT last_ordinal, first_meta_at + first_meta_size, "
        "(SELECT count(*) FROM base WHERE base.file_id = history.file_id) FROM history WHERE file_id = ?",
        (file_id,),
    )
    if not rows:
        raise StaleIndex
    last_ordinal, head_end, base_count = rows[0]
    page = yield from turn_page(file_id, None, 1, SortDirection.DESCENDING, ItemsView.NOT_LOADED)
    open_turns = [found.turn for found in page.turns if found.turn.status == TurnStatus.IN_PROGRESS]
    return Ending(last_ordinal, head_end, base_count, open_turns[0] if open_turns else None)
