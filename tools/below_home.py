"""Paths on a command line that name files or folders of a home."""

import os
from pathlib import Path

import click

from domain.damage.report import shown_name
from rollout.finding.home import Home


def below_home(home: Home, path: str) -> str:
    """The path below the home, given as such, absolute, or from the working directory; BadParameter."""
    for whole in (home.root / path, Path.cwd() / path):
        for root in (whole, whole.parent.resolve() / whole.name):
            if os.path.lexists(root) and root.is_relative_to(home.root):
                return str(root.relative_to(home.root))
    raise click.BadParameter(f"{shown_name(path)} is no path below the home")
