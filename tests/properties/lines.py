"""Strategies for single lines: small alphabets, so that ids collide."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import strategies as st

from tests.home import THREAD, event, item, line, meta
from tests.properties import differences, fragment_texts, pools

Drawn = TypeVar("Drawn")

OTHER_THREAD = UUID("0196f0aa-0000-7000-8000-00000000000f")

TURN_IDS = st.sampled_from(("t1", "t2", "t1", "t2", "t3", "rollout-2", "rollout-5", "item-1", ""))
CALL_IDS = st.sampled_from(("c1", "c2", "item-1", "item-2", "item-3", "item-5", "t1", ""))
TEXTS = st.sampled_from(
    ("a", "b", "", " \t", "\u3000\u2028", "\u200b", "\x1c", "\ufeff", "é\r\n\u2028😀", "\0", '{"x":"\\"}')
)
TIMES = st.sampled_from((None, 0, 7, -1, 2**63 - 1))
PHASES = st.sampled_from((None, "commentary", "final_answer"))
PATHS = st.sampled_from(
    ("a.py", "b/é", "b//é", "b/./é/", "b-é", "B.py", "", "./a", "/a", "//a", "a b", "\U0001f600", "\uffee")
)
ANY: st.SearchStrategy[object] = st.sampled_from(
    (None, 1, 1.0, 1e300, "x", [], {"b": 1, "a": [None, True]}, 2**63, 2**64, "\ud7ff", -0.0)
)
STATUSES = st.sampled_from(("completed", "failed", "declined"))
SAVED_PATHS = st.sampled_from(("/srv/a.png", "/srv/.//b/../a.png/", "//srv", "/..", "/", "/srv/c d"))


def weighted(*choices: tuple[int, st.SearchStrategy[Drawn]]) -> st.SearchStrategy[Drawn]:
    """One of these, each so many times as likely; `one_of` would drop the repetitions."""
    urn = [choice for count, choice in choices for _ in range(count)]

    @st.composite
    def chosen(draw: st.DrawFn) -> Drawn:
        return draw(urn[draw(st.integers(0, len(urn) - 1))])

    return chosen()


def picked(pool: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """A line of a pool; unlike `sampled_from`, it does not show the whole pool as its own name."""
    return st.integers(0, len(pool) - 1).map(lambda place: pool[place])


def events(
    kind: str, required: dict[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]
) -> st.SearchStrategy[bytes]:
    """Lines of one event, each optional field there or not."""
    return st.fixed_dictionaries(required, optional=optional).map(lambda fields: event(kind, **fields))


def patch(**fields: object) -> bytes:
    """A line of a patch."""
    return event("patch_apply_end", stdout="", stderr="", success=True, **fields)


def prompt(text: str, made_id: str) -> bytes:
    """A hook prompt of one fragment."""
    return item("message", role="user", content=[{"type": "input_text", "text": text}], id=made_id)


def thought(kind: str) -> bytes:
    """A line of reasoning."""
    return event(kind, text="thought")


OTHER = {"type": "other"}

USER = events(
    "user_message",
    {"message": TEXTS},
    images=st.sampled_from((None, [], ["data:,x"], ["u1", ""])),
    local_images=st.sampled_from(([], ["/srv/a.png", "rel"])),
    text_elements=st.sampled_from(
        (
            [],
            [{"byte_range": {"start": 0, "end": 99, "more": 1}}],
            [{"byte_range": {"start": 2**64 - 1, "end": 0}, "placeholder": "p"}],
        )
    ),
)
AGENT = events(
    "agent_message",
    {"message": TEXTS},
    phase=PHASES,
    memory_citation=st.sampled_from(
        (
            None,
            {"entries": [], "rolloutIds": []},
            {
                "entries": [{"path": "p", "lineStart": 0, "lineEnd": 2**32 - 1, "note": "n", "more": 1}],
                "rolloutIds": ["r"],
            },
        )
    ),
)
REASONING = st.one_of(
    events("agent_reasoning", {"text": TEXTS}), events("agent_reasoning_raw_content", {"text": TEXTS})
)
TURN_START = st.integers(1, 40).map(lambda number: event("task_started", turn_id=f"turn {number}"))
START = events("task_started", {"turn_id": TURN_IDS}, started_at=TIMES)
COMPLETE = events("task_complete", {"turn_id": TURN_IDS}, completed_at=TIMES, duration_ms=TIMES)
ABORT = events(
    "turn_aborted",
    {"reason": st.sampled_from(("interrupted", "replaced", "review_ended", "budget_limited"))},
    turn_id=st.one_of(st.none(), TURN_IDS),
    completed_at=TIMES,
    duration_ms=TIMES,
)
ROLLBACK = st.sampled_from((1, 1, 1, 0, 2, 3, 99, 2**32 - 1)).map(
    lambda count: event("thread_rolled_back", num_turns=count)
)
CHANGES = st.dictionaries(
    PATHS,
    st.one_of(
        st.sampled_from(({"type": "add", "content": "+"}, {"type": "delete", "content": ""})),
        st.sampled_from((None, "", "to/here")).map(
            lambda move: {"type": "update", "unified_diff": "@@\n", "move_path": move}
        ),
        st.just({"type": "update", "unified_diff": ""}),
    ),
    max_size=3,
)
PATCH = st.fixed_dictionaries(
    {"call_id": CALL_IDS, "status": STATUSES}, optional={"turn_id": TURN_IDS, "changes": CHANGES}
).map(lambda fields: patch(**fields))
PLAN = st.builds(
    lambda turn_id, plan_id, text: event(
        "item_completed",
        thread_id=str(THREAD),
        turn_id=turn_id,
        item={"type": "Plan", "id": plan_id, "text": text},
    ),
    TURN_IDS,
    CALL_IDS,
    TEXTS,
)
MCP = events(
    "mcp_tool_call_end",
    {
        "call_id": CALL_IDS,
        "invocation": st.fixed_dictionaries(
            {"server": st.just("s"), "tool": TEXTS}, optional={"arguments": ANY}
        ),
        "duration": st.sampled_from(
            (
                {"secs": 0, "nanos": 999_999},
                {"secs": 1, "nanos": 2**32 - 1},
                {"secs": 2**63 // 1000, "nanos": 0},
                {"secs": 2**63 // 1000, "nanos": 900_000_000},
                {"secs": 2**64 - 5, "nanos": 0},
            )
        ),
        "result": st.one_of(
            TEXTS.map(lambda text: {"Err": text}),
            st.fixed_dictionaries(
                {"content": st.lists(ANY, max_size=2)},
                optional={
                    "structuredContent": ANY,
                    "isError": st.sampled_from((True, False, None)),
                    "_meta": ANY,
                },
            ).map(lambda answer: {"Ok": answer}),
        ),
    },
    mcp_app_resource_uri=st.sampled_from((None, "", "ui://x")),
)
SEARCH = events(
    "web_search_end",
    {
        "call_id": CALL_IDS,
        "query": TEXTS,
        "action": st.sampled_from(
            (
                {"type": "search"},
                {"type": "search", "query": "q", "queries": ["q", ""]},
                {"type": "open_page", "url": "u"},
                {"type": "open_page"},
                {"type": "find_in_page", "url": None, "pattern": "p"},
                {"type": "other"},
                {"type": "teleport", "url": 5},
            )
        ),
    },
)
IMAGE = events(
    "image_generation_end",
    {"call_id": CALL_IDS, "status": TEXTS, "result": TEXTS},
    revised_prompt=st.sampled_from((None, "", "r")),
    saved_path=st.one_of(st.none(), SAVED_PATHS),
)
REVIEW = st.one_of(
    events(
        "entered_review_mode",
        {
            "target": st.sampled_from(
                ({"type": "uncommittedChanges"}, {"type": "custom", "instructions": "i"})
            )
        },
        user_facing_hint=st.one_of(st.none(), TEXTS),
    ),
    events(
        "exited_review_mode",
        {},
        review_output=st.one_of(
            st.none(),
            TEXTS.map(
                lambda text: {
                    "findings": [],
                    "overall_correctness": "c",
                    "overall_explanation": f" {text}\n",
                    "overall_confidence_score": 1,
                }
            ),
        ),
    ),
)
COMPACTED = st.fixed_dictionaries(
    {"message": TEXTS},
    optional={
        "replacement_history": st.sampled_from(
            (None, [], [{"type": "novelty"}, {"type": "ghost_snapshot"}, {"type": "compaction_trigger"}])
        )
    },
).map(lambda payload: line("compacted", payload))
COMPACTION = st.one_of(COMPACTED, st.just(event("context_compacted")))
GOOD_FRAGMENT = '<hook_prompt hook_run_id="r1">do it</hook_prompt>'
FRAGMENTS = st.sampled_from(fragment_texts.FRAGMENTS)
HOOK = st.builds(
    lambda texts, made_id: item(
        "message", role="user", content=[{"type": "input_text", "text": text} for text in texts], **made_id
    ),
    st.lists(weighted((1, st.just(GOOD_FRAGMENT)), (1, FRAGMENTS)), min_size=1, max_size=2),
    st.sampled_from(({}, {"id": None}, {"id": "item-2"}, {"id": "c1"}, {"id": ""})),
)
META = st.sampled_from(
    (
        meta(),
        meta(memory_mode="disabled"),
        meta(git={"branch": "b"}),
        meta(OTHER_THREAD),
        meta(OTHER_THREAD, forked_from_id=None),
    )
)
SPRINKLED = picked(pools.PASSED_OVER * 3 + pools.LOOKALIKES + pools.WITHOUT_EFFECT + pools.NOT_KEPT)
SPOILT = picked((*pools.DAMAGED, *pools.OUTDATED, *pools.FOREIGN, *differences.LINES))

CALL = st.one_of(MCP, SEARCH, IMAGE)
INNER = weighted(
    (4, AGENT),
    (4, REASONING),
    (4, PATCH),
    (3, PLAN),
    (3, CALL),
    (2, USER),
    (2, HOOK),
    (1, REVIEW),
    (2, COMPACTION),
    (6, SPRINKLED),
)
"""What happens inside of a turn."""

SINGLE = weighted(
    (5, USER),
    (5, INNER),
    (4, PATCH),
    (3, PLAN),
    (2, COMPACTED),
    (3, START),
    (4, COMPLETE),
    (2, ABORT),
    (3, ROLLBACK),
    (1, META),
    (4, SPOILT),
    (5, SPRINKLED),
)
"""Lines of every kind; what begins, ends and names turns comes often."""

CLASHING_IDS = st.sampled_from(("c1", "c1", "item-2", "item-3", "item-4"))
CLASH = weighted(
    (3, CLASHING_IDS.map(lambda call_id: patch(call_id=call_id, status="failed"))),
    (2, CLASHING_IDS.map(lambda made_id: prompt(GOOD_FRAGMENT, made_id))),
    (1, CLASHING_IDS.map(lambda call_id: event("web_search_end", call_id=call_id, query="", action=OTHER))),
    (2, st.just(event("agent_message", message="said"))),
    (3, st.sampled_from(("agent_reasoning", "agent_reasoning_raw_content")).map(thought)),
)
"""Lines whose items replace or join each other."""
