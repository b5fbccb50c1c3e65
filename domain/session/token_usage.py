"""How many tokens a thread has used: what its log tells of it, and what clients are told.

Release 0.131.0 tells a client that resumes or forks a thread the usage of the last count in the log that says
one, right behind the answer, and only where the answer holds the turns. It tells it for the turn that was
open at the last count of all; if that is none, or is not there any more, for the last completed turn, else
for the last turn, else for none (``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self
from uuid import UUID

from domain.events import Payload

COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """Tokens of one kind each; `total_tokens` is the size of the context they made."""

    total_tokens: int
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    reasoning_output_tokens: int

    @classmethod
    def of(cls, stored: Mapping[str, int]) -> Self:
        """The counts of a log."""
        return cls(**{name: stored[name] for name in cls.__slots__})

    def shown(self) -> Payload:
        """The counts as the protocol shows them."""
        return {
            "totalTokens": self.total_tokens,
            "inputTokens": self.input_tokens,
            "cachedInputTokens": self.cached_input_tokens,
            "outputTokens": self.output_tokens,
            "reasoningOutputTokens": self.reasoning_output_tokens,
        }


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """All tokens of a thread, those of its last answer, and the size of its model's context if that is known.

    `turn_id` is the turn that was open at the last count; None when none is known to have been.
    """

    total: TokenCounts
    last: TokenCounts
    model_context_window: int | None
    turn_id: str | None

    @classmethod
    def of(cls, info: Mapping[str, Any], turn_id: str | None) -> Self:
        """The usage that the `info` of a count tells."""
        return cls(
            TokenCounts.of(info["total_token_usage"]),
            TokenCounts.of(info["last_token_usage"]),
            info.get("model_context_window"),
            turn_id,
        )


@dataclass(frozen=True, slots=True)
class TurnName:
    """A turn that the thread has: its id, and its status as the protocol shows it."""

    turn_id: str
    status: str


def token_usage_params(
    thread_id: UUID, usage: TokenUsage, turns: Sequence[TurnName] | None = None
) -> Payload:
    """The params of `thread/tokenUsage/updated`; `turns` are those of the thread, where they are at hand."""
    return {
        "threadId": str(thread_id),
        "turnId": (usage.turn_id or "") if turns is None else _turn_of(usage, turns),
        "tokenUsage": {
            "total": usage.total.shown(),
            "last": usage.last.shown(),
            "modelContextWindow": usage.model_context_window,
        },
    }


def _turn_of(usage: TokenUsage, turns: Sequence[TurnName]) -> str:
    if any(turn.turn_id == usage.turn_id for turn in turns):
        return usage.turn_id or ""
    completed = [turn for turn in turns if turn.status == COMPLETED]
    return (completed or turns)[-1].turn_id if turns else ""


def recomputed_payload(usage: TokenUsage | None) -> Payload | None:
    """The token_count that goes before a rollback; None when no usage is known, and none is to be written.

    What was used stays used. Release 0.131.0 puts its estimate of the context that is left beside it, as a
    sum without parts. Without a model there is no estimate, so the last size known stands there: a bound,
    from which a client begins to compact too early rather than too late.
    """
    if usage is None:
        return None
    left = TokenCounts(usage.last.total_tokens, 0, 0, 0, 0)
    info = {
        "total_token_usage": asdict(usage.total),
        "last_token_usage": asdict(left),
        "model_context_window": usage.model_context_window,
    }
    return {"type": "token_count", "info": info, "rate_limits": None}
