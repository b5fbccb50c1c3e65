"""Play conformance cases by hand: `python -m tests.conformance [--server CMD] [area or file…]`."""
# ruff: noqa: T201  a command prints

import argparse
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.conformance.areas import AREAS
from tests.conformance.case import CASES, cases_of, name_of
from tests.conformance.deviations import deviations
from tests.conformance.runner import JOBS, played
from tests.conformance.server import launcher, server_command

SHOWN = 6
"""Differences shown of one case, unless more are asked for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the cases, print what differs; 0 when nothing did."""
    options = _options(arguments)
    command = tuple(shlex.split(options.server)) if options.server else server_command()
    paths = [path for name in options.cases for path in _found(name)]
    on_purpose = deviations()
    failed = 0
    with played(paths, launcher(command), options.jobs) as outcomes:
        for path in paths:
            if found := outcomes[path].result():
                failed += 1
                deviation = on_purpose.get(name_of(path))
                print(f"FAIL {name_of(path)}{f'  (on purpose: {deviation.because})' if deviation else ''}")
                _show(found, options.most)
    print(f"conformance: {len(paths) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _show(found: list[str], most: int) -> None:
    for line in found[:most]:
        print(f"    {line}")
    if len(found) > most:
        print(f"    and {len(found) - most} more")


def _found(name: str) -> Iterator[Path]:
    if (CASES / name).is_dir():
        yield from cases_of(name)
    elif (path := Path(name)).is_dir():
        yield from sorted(path.rglob("*.json"))
    elif path.is_file():
        yield path
    else:
        sys.exit(f"no such area, file or folder: {name}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("--server", metavar="CMD", help="the server's command; {home} in it is the home")
    parser.add_argument("--jobs", type=int, default=JOBS, help="cases played at a time")
    parser.add_argument("--most", type=int, default=SHOWN, help="differences shown of one case")
    parser.add_argument("cases", nargs="*", default=AREAS, help="areas, files or folders; default: AREAS")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
