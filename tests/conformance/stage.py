"""Where a case is played: its home, the server on it, and what earlier steps saved."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.conformance.conversation import Conversation
from tests.conformance.placeholders import filled_in, generalised
from tests.conformance.server import Launch
from tests.conformance.values import Json, JsonObject


@dataclass(slots=True)
class Stage:
    """The running state of one case."""

    home: Path
    launch: Launch
    capabilities: Json
    greets: bool = True
    saved: dict[str, Json] = field(default_factory=dict)
    talk: Conversation = field(init=False)

    def __post_init__(self) -> None:
        self.talk = self._start()

    def restart(self) -> None:
        """End the server and start another one on the same home."""
        self.close()
        self.talk = self._start()

    def close(self) -> None:
        """End the server."""
        self.talk.close()

    def path(self, name: str) -> Path:
        """The file of this name: relative to the home, or with `$HOME` or a saved path in it."""
        return self.home / str(filled_in(name, str(self.home), self.saved))

    def fill(self, value: Json) -> Json:
        """A value of the case as the server gets it."""
        return filled_in(value, str(self.home), self.saved)

    def generalise(self, value: JsonObject) -> JsonObject:
        """What the server gave as the case spells it."""
        return {key: generalised(inner, str(self.home), self.saved) for key, inner in value.items()}

    def _start(self) -> Conversation:
        conversation = Conversation(self.launch(self.home))
        try:
            if self.greets:
                conversation.greet(self.capabilities)
        except BaseException:
            conversation.close()
            raise
        return conversation
