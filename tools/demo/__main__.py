"""The demonstration: `python -m tools.demo [--home DIR]`.

Indexes a home, starts the server and asks it over JSON-RPC for a list of threads, a page of turns in each
view, and the items of one turn. The home is read, never written: the index stands in a temporary folder,
and of the sample home that comes with the checkout a copy is used.
"""

import argparse
import io
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.demo.errors import DemoError, NoThreads
from tools.demo.homes import sample_copy, users_home
from tools.demo.page import Page, printable
from tools.demo.rows import item_row, thread_row, title_of, turn_row
from tools.demo.server import Payload, Server, run_command

THREADS_SHOWN, TURNS_SHOWN, ITEMS_SHOWN = 8, 4, 20
VIEWS = {"notLoaded": "without items", "summary": "question and answer", "full": "with every item"}
INTERRUPTED_CODE = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the store at work; 0, or 2 with a sentence on what is in the way."""
    parser = argparse.ArgumentParser(
        prog="demo", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, help="default: CODEX_HOME or ~/.codex, else the sample home")
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        with tempfile.TemporaryDirectory(prefix="threadstore-demo-") as name:
            folder = Path(name).resolve()
            home = users_home(options.home)
            tell(home or sample_copy(folder / "home"), folder / "index.sqlite", is_sample=home is None)
    except DemoError as error:
        print(f"demo: {printable(str(error))}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return INTERRUPTED_CODE
    return 0


def tell(home: Path, index: Path, *, is_sample: bool) -> None:
    """The whole demonstration on one home."""
    page = Page(sys.stdout)
    page.title("A copy of the sample home" if is_sample else f"The home {home}")
    settings = {"CODEX_HOME": str(home), "THREADSTORE_INDEX": str(index)}
    command = ("index", "--home", str(home))
    page.input("$", " ".join(("threadstore", *command)))
    for line in run_command(command, settings):
        page.line(f"  {line}")
    page.title("A server over it, asked over JSON-RPC")
    page.input("$", "threadstore app-server")
    with Server(settings, lambda text: page.input(">", text)) as server:
        thread = tell_threads(server, page, home)
        turn = tell_turns(server, page, thread)
        if turn is not None:
            tell_items(server, page, thread, turn)


def tell_threads(server: Server, page: Page, home: Path) -> Payload:
    """The newest threads; the one with the largest file."""
    page.title("The threads, newest first")
    wanted: Payload = {"limit": THREADS_SHOWN, "modelProviders": []}
    threads = server.ask("thread/list", wanted)["data"]
    if not threads:
        raise NoThreads(home)
    page.table(map(thread_row, threads))
    page.title("The archived ones")
    page.table(map(thread_row, server.ask("thread/list", wanted | {"archived": True})["data"]))
    largest: Payload = max(threads, key=_file_size)
    return largest


def tell_turns(server: Server, page: Page, thread: Payload) -> Payload | None:
    """One page of turns in each view; the turn with the most items, if there is any."""
    turns: list[Payload] = []
    for view, words in VIEWS.items():
        page.title(f'The newest turns of "{title_of(thread)}", {words}')
        wanted = {"threadId": thread["id"], "limit": TURNS_SHOWN, "itemsView": view}
        turns = server.ask("thread/turns/list", wanted)["data"]
        for turn in turns:
            page.table([turn_row(turn)])
            page.table(map(item_row, turn["items"]), indent=6)
    return max(turns, key=lambda turn: len(turn["items"]), default=None)


def tell_items(server: Server, page: Page, thread: Payload, turn: Payload) -> None:
    """The items of one turn, which have a list of their own."""
    page.title("The items of one turn")
    wanted = {"threadId": thread["id"], "turnId": turn["id"], "limit": ITEMS_SHOWN}
    page.table(map(item_row, server.ask("thread/turns/items/list", wanted)["data"]))


def _file_size(thread: Payload) -> int:
    try:
        return Path(thread["path"]).stat().st_size
    except OSError:
        return 0


if __name__ == "__main__":
    sys.exit(main())
