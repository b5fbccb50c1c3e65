"""A paginated log of any size, as the newer release writes them: the same bytes for the same seed."""

import random
from collections.abc import Iterator

from tests.domain.paginated_log import Numbered, agent, end, item, paginated_meta, start, user
from tests.home import line

WORDS = "amber branch copper delta ember fabric garden harbor island jacket kettle lantern".split()  # noqa: SIM905


def text(randomness: random.Random, size: int) -> str:
    """Words of about so many characters in all."""
    return " ".join(randomness.choices(WORDS, k=max(1, size // 7)))


def response(kind: str, **fields: object) -> Numbered:
    """A line for the model, which shows nothing."""
    return lambda ordinal: line("response_item", {"type": kind, **fields}, ordinal=ordinal)


def of_type(line_type: str, **fields: object) -> Numbered:
    """A line of another type, which shows nothing."""
    return lambda ordinal: line(line_type, {"turn_id": "t", **fields}, ordinal=ordinal)


def tokens(ordinal: int) -> bytes:
    """A token count of the usual size."""
    usage = {"input_tokens": 1237, "cached_input_tokens": 640, "output_tokens": 91, "total_tokens": 1328}
    info = {"total_token_usage": usage, "last_token_usage": usage, "model_context_window": 258400}
    return line("event_msg", {"type": "token_count", "info": info, "rate_limits": None}, ordinal=ordinal)


def command(item_id: str, turn_id: str, output: str) -> Numbered:
    """A command that was run."""
    return item(
        "CommandExecution",
        item_id,
        turn_id,
        command=["/bin/bash", "-lc", "cat README.md"],
        cwd="file:///home/dev/project",
        parsed_cmd=[{"type": "read", "cmd": "cat README.md", "name": "README.md", "path": "README.md"}],
        source="agent",
        status="completed",
        aggregated_output=output,
        exit_code=0,
        duration={"secs": 0, "nanos": 21083},
    )


def turn(randomness: random.Random, number: int, steps: int) -> Iterator[Numbered]:
    """The lines of one turn: each step is a thought, a command, its output, and a token count."""
    turn_id = f"turn-{number}"
    yield start(turn_id, started_at=1_788_256_800 + number)
    yield of_type("turn_context", cwd="/home/dev/project", model="m")
    yield user(f"u-{number}", turn_id, text(randomness, 300))
    for step in range(steps):
        output = text(randomness, randomness.randrange(500, 9000))
        yield response("reasoning", summary=[], encrypted_content=text(randomness, 2500))
        yield item("Reasoning", f"r-{number}-{step}", turn_id, summary_text=[text(randomness, 200)])
        yield response("function_call", name="shell", arguments="{}", call_id=f"c-{number}-{step}")
        yield command(f"c-{number}-{step}", turn_id, output)
        yield response("function_call_output", call_id=f"c-{number}-{step}", output=output)
        yield tokens
    yield agent(f"a-{number}", turn_id, text(randomness, 600))
    yield response("message", role="assistant", content=[])
    yield end(turn_id, completed_at=1_788_256_900 + number, duration_ms=5000)


def generated(turns: int, steps: int = 3, seed: int = 1) -> Iterator[bytes]:
    """The lines of a log of so many turns, about 45 kilobytes each with three steps."""
    randomness = random.Random(seed)
    yield paginated_meta(0)
    ordinal = 0
    for number in range(turns):
        for told in turn(randomness, number, steps):
            ordinal += 1
            yield told(ordinal)
