"""A program on a terminal that nobody looks at: tmux shows what is on its screen, and types."""

import asyncio
import shlex
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

PATIENCE_S = 20.0
LOOK_S = 0.05
"""Between two looks at the screen: tmux tells nobody that it changed."""
WIDTH, HEIGHT = 120, 40


class Terminal:
    """A terminal with a program on it."""

    def __init__(self, socket: Path) -> None:
        self._tmux = ("tmux", "-S", str(socket), "-f", "/dev/null")

    def start(self, command: Sequence[str], settings: Mapping[str, str], folder: Path) -> None:
        """Start a program; the screen stays when it ends."""
        program = shlex.join(("env", "-i", *(f"{key}={text}" for key, text in settings.items()), *command))
        size = ("-x", str(WIDTH), "-y", str(HEIGHT))
        self._run("new-session", "-d", *size, "-c", str(folder), program, ";", "set", "remain-on-exit", "on")

    def screen(self) -> str:
        """What is on the screen."""
        return self._run("capture-pane", "-p")

    def type(self, *keys: str) -> None:
        """Press keys by their names, or type texts."""
        self._run("send-keys", *keys)

    async def say(self, text: str) -> None:
        """Type a line, and enter it once it stands there: what comes in one go is taken for pasted."""
        self.type(text)
        await self.until(text)
        self.type("Enter")

    async def until(self, *words: str, gone: str = "") -> str:
        """The screen once it shows all these words, and not the one that is to go."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    screen = self.screen()
                    if all(word in screen for word in words) and not (gone and gone in screen):
                        return screen
                    await asyncio.sleep(LOOK_S)
        except TimeoutError:
            raise AssertionError(f"{words} never stood on the screen:\n{self.screen()}") from None

    def close(self) -> None:
        """End the program and its terminal."""
        self._run("kill-server")

    def _run(self, *words: str) -> str:
        return subprocess.run([*self._tmux, *words], check=True, capture_output=True, text=True).stdout


@asynccontextmanager
async def terminal(
    command: Sequence[str], settings: Mapping[str, str], folder: Path
) -> AsyncIterator[Terminal]:
    """A program on a terminal of its own."""
    shown = Terminal(folder / "tmux")
    shown.start(command, settings, folder)
    try:
        yield shown
    finally:
        shown.close()
