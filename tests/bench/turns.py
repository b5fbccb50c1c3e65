"""The lines of one turn, as release 0.131.0 writes them (the legacy dialect).

A line is given from its `"type"` on; who writes it puts the time before. Of the lines of a turn about a third
are needed to show it: the rest is what the model saw.
"""

import time
from collections.abc import Callable, Iterator

from tests.bench.gibberish import Voice

STEPS_MAX = 60
UNUSUAL = " \u00fcber \u6771\u4eac \U0001f680"
"""What a few messages end with: characters of two, three and four bytes."""


class Clock:
    """The time in a thread, which only its lines move on."""

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms
        self._minute = -1
        self._prefix = ""

    def sleep(self, ms: int) -> int:
        """Let some milliseconds go by; how many."""
        self.now_ms += ms
        return ms

    def iso(self) -> str:
        """The time as the writer writes it."""
        minute, rest = divmod(self.now_ms, 60_000)
        if minute != self._minute:
            self._minute = minute
            self._prefix = time.strftime("%Y-%m-%dT%H:%M:", time.gmtime(minute * 60))
        return f"{self._prefix}{rest // 1000:02d}.{rest % 1000:03d}Z"


def event(kind: str, fields: str = "") -> str:
    """An `event_msg` line with these further fields."""
    return f'"type":"event_msg","payload":{{"type":"{kind}"{"," if fields else ""}{fields}}}}}'


def item(kind: str, fields: str) -> str:
    """A `response_item` line with these further fields."""
    return f'"type":"response_item","payload":{{"type":"{kind}",{fields}}}}}'


def message(role: str, part: str, text: str, more: str = "") -> str:
    """A message as the model sees it."""
    return item("message", f'"role":"{role}","content":[{{"type":"{part}","text":"{text}"}}]{more}')


class TurnWriter:
    """Writes one thread's turns, one after another."""

    def __init__(self, voice: Voice, clock: Clock, cwd: str, *, steps: float, output_max: int) -> None:
        self.voice = voice
        self.clock = clock
        self.cwd = cwd
        self.steps = steps
        self.output_max = output_max
        self.turn_id = ""
        self._used = [0, 0, 0, 0]
        self._kinds: tuple[tuple[float, Callable[[str], Iterator[str]]], ...] = (
            (0.78, self._command),
            (0.90, self._patch),
            (0.93, self._search),
            (0.96, self._mcp),
            (1.00, self._aside),
        )

    def turn(self, *, is_first: bool = False, word: str = "", compacts: bool = False) -> Iterator[str]:
        """The lines of a turn; `word` stands in its user message, `compacts` ends it with a compaction."""
        start_ms = self.clock.now_ms
        self.turn_id = self.voice.uuid(start_ms)
        yield from self._opening(start_ms, is_first=is_first)
        yield from self._question(word)
        for _ in range(self.voice.count(self.steps, STEPS_MAX)):
            yield from self._step()
        if compacts:
            yield from self._compaction()
        self.clock.sleep(self.voice.between(700, 3700))
        end = f'"completed_at":{self.clock.now_ms // 1000},"duration_ms":{self.clock.now_ms - start_ms}'
        if self.voice.happens(0.04):
            yield event("turn_aborted", f'"turn_id":"{self.turn_id}","reason":"interrupted",{end}')
            return
        text = self._reply(120, 1900)
        yield from self._say(text, "final_answer")
        yield self._tokens()
        wait = f'"time_to_first_token_ms":{self.voice.between(300, 1200)}'
        yield event("task_complete", f'"turn_id":"{self.turn_id}","last_agent_message":"{text}",{end},{wait}')

    def _opening(self, start_ms: int, *, is_first: bool) -> Iterator[str]:
        yield event(
            "task_started",
            f'"turn_id":"{self.turn_id}","started_at":{start_ms // 1000},'
            '"model_context_window":258400,"collaboration_mode_kind":"default"',
        )
        self.clock.sleep(3)
        if is_first:
            rules = f"<permissions instructions>\\n{self.voice.listing(1500)}</permissions instructions>"
            yield message("developer", "input_text", rules)
            place = f"<environment_context>\\n  <cwd>{self.cwd}</cwd>\\n</environment_context>"
            yield message("user", "input_text", place)
        yield (
            f'"type":"turn_context","payload":{{"turn_id":"{self.turn_id}","cwd":"{self.cwd}",'
            f'"current_date":"{self.clock.iso()[:10]}","timezone":"Etc/UTC","approval_policy":"never",'
            '"sandbox_policy":{"type":"danger-full-access"},"permission_profile":{"type":"disabled"},'
            '"model":"model-large","personality":"pragmatic","collaboration_mode":{"mode":"default",'
            '"settings":{"model":"model-large","reasoning_effort":"medium","developer_instructions":null}},'
            '"realtime_active":false,"effort":"medium","summary":"auto",'
            '"truncation_policy":{"mode":"tokens","limit":10000}}}'
        )

    def _question(self, word: str) -> Iterator[str]:
        size = 30 + int(60 * self.voice.rng.paretovariate(1.2)) % 3000
        text = f"{self.voice.prose(size)} {word} {self.voice.prose(20)}" if word else self.voice.prose(size)
        if self.voice.happens(0.03):
            text += UNUSUAL
        self.clock.sleep(4)
        yield message("user", "input_text", text)
        yield event("user_message", f'"message":"{text}","images":[],"local_images":[],"text_elements":[]')

    def _step(self) -> Iterator[str]:
        self.clock.sleep(self.voice.between(400, 4400))
        summary = (
            f"**{self.voice.prose(30)}**\\n\\n{self.voice.prose(200)}" if self.voice.happens(0.6) else ""
        )
        if summary:
            yield event("agent_reasoning", f'"text":"{summary}"')
        listed = f'{{"type":"summary_text","text":"{summary}"}}' if summary else ""
        secret = self.voice.cipher()
        yield item("reasoning", f'"summary":[{listed}],"content":null,"encrypted_content":"{secret}"')
        drawn = self.voice.random()
        take = next(take for share, take in self._kinds if drawn < share)
        yield from take(f"call_{self.voice.digits(24)}")
        yield self._tokens()

    def _command(self, call: str) -> Iterator[str]:
        command = f"rg -n {self.voice.prose(self.voice.between(20, 100))}"
        arguments = f'{{\\"cmd\\":\\"{command}\\",\\"yield_time_ms\\":1000}}'
        yield item("function_call", f'"name":"exec_command","arguments":"{arguments}","call_id":"{call}"')
        ms = self.clock.sleep(self.voice.between(20, 920))
        head = (
            f"Chunk ID: {self.voice.digits(6)}\\nWall time: 0.{ms:04d} seconds\\nProcess exited with code 0"
        )
        output = self.voice.listing(self.voice.spread(500, self.output_max))
        yield item("function_call_output", f'"call_id":"{call}","output":"{head}\\nOutput:\\n{output}"')

    def _patch(self, call: str) -> Iterator[str]:
        name = f"src/{self.voice.digits(4)}/{self.voice.digits(6)}.rs"
        body = self.voice.listing(self.voice.between(300, 3300))
        patch = f"*** Begin Patch\\n*** Update File: {name}\\n@@\\n{body}*** End Patch"
        named = f'"call_id":"{call}"'
        yield item("custom_tool_call", f'"status":"completed",{named},"name":"apply_patch","input":"{patch}"')
        self.clock.sleep(30)
        change = f'{{"type":"update","unified_diff":"@@ -1,3 +1,4 @@\\n{body}","move_path":null}}'
        yield event(
            "patch_apply_end",
            f'{named},"turn_id":"{self.turn_id}","stdout":"Success.\\n","stderr":"","success":true,'
            f'"changes":{{"{self.cwd}/{name}":{change}}},"status":"completed"',
        )
        told = f"Exit code: 0\\nWall time: 0 seconds\\nOutput:\\nSuccess.\\nM {name}\\n"
        yield item("custom_tool_call_output", f'{named},"output":"{told}"')

    def _search(self, call: str) -> Iterator[str]:
        query = self.voice.prose(40)
        action = f'"action":{{"type":"search","query":"{query}"}}'
        yield event("web_search_end", f'"call_id":"ws_{call[5:]}","query":"{query}",{action}')
        yield item("web_search_call", f'"status":"completed",{action}')

    def _mcp(self, call: str) -> Iterator[str]:
        body = self.voice.listing(900)
        asked = f'{{"server":"docs","tool":"lookup","arguments":{{"q":"{self.voice.prose(20)}"}}}}'
        answer = f'{{"Ok":{{"content":[{{"type":"text","text":"{body}"}}]}}}}'
        took = '{"secs":0,"nanos":41000000}'
        yield event(
            "mcp_tool_call_end",
            f'"call_id":"{call}","invocation":{asked},"duration":{took},"result":{answer}',
        )
        yield item("function_call", f'"name":"docs__lookup","arguments":"{{}}","call_id":"{call}"')
        yield item("function_call_output", f'"call_id":"{call}","output":"{body}"')

    def _aside(self, _call: str) -> Iterator[str]:
        yield from self._say(self._reply(60, 360), "commentary")

    def _say(self, text: str, phase: str) -> Iterator[str]:
        yield event("agent_message", f'"message":"{text}","phase":"{phase}","memory_citation":null')
        yield message("assistant", "output_text", text, f',"phase":"{phase}"')

    def _reply(self, least: int, most: int) -> str:
        text = self.voice.prose(self.voice.between(least, most))
        return f"{text} commonword" if self.voice.happens(0.1) else text

    def _tokens(self) -> str:
        read, written = self.voice.between(4000, 94_000), self.voice.between(40, 940)
        last = (read, read * 9 // 10, written, written // 3)
        self._used = [sum(pair) for pair in zip(self._used, last, strict=True)]
        return event(
            "token_count",
            f'"info":{{"total_token_usage":{_usage(*self._used)},"last_token_usage":{_usage(*last)},'
            '"model_context_window":258400},"rate_limits":{"limit_id":"codex","limit_name":null,"primary":null,'
            '"secondary":null,"credits":null,"plan_type":null,"rate_limit_reached_type":null}',
        )

    def _compaction(self) -> Iterator[str]:
        self.clock.sleep(2000)
        kept = [
            '{"type":"message","role":"user","content":[{"type":"input_text","text":"'
            + self.voice.prose(800)
            + '"}]}'
            for _ in range(self.voice.between(3, 11))
        ]
        kept.append(f'{{"type":"compaction","encrypted_content":"{self.voice.cipher()}"}}')
        yield f'"type":"compacted","payload":{{"message":"","replacement_history":[{",".join(kept)}]}}}}'
        yield event("context_compacted")


def _usage(read: int, cached: int, written: int, thought: int) -> str:
    return (
        f'{{"input_tokens":{read},"cached_input_tokens":{cached},"output_tokens":{written},'
        f'"reasoning_output_tokens":{thought},"total_tokens":{read + written}}}'
    )
