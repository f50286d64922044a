"""Start blogdex by its own name: what the command `blogdex` and `python -m blogdex` run."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import NoReturn

OWN = ("cli", "commands", "indexer", "scraper")
"""The names that blogdex's modules have beside this one; others on the path may have them, too."""


def _take_own() -> str | None:
    """Load what has these names beside this file, whatever else the path has; return what is wrong where that fails.

    A process that a build starts for its work loads this module first, too.
    """
    folder = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    sys.path.insert(0, folder)
    try:
        modules = [import_module(name) for name in OWN]
    except ImportError as error:
        return str(error)
    finally:
        sys.path.remove(folder)
    strange = [module.__name__ for module in modules if not (module.__file__ or "").startswith(folder)]
    return f"{strange[0]} is {sys.modules[strange[0]].__file__}" if strange else None


_WRONG = _take_own()


def run() -> NoReturn:
    """Run the command line and end the process, with a sentence and 2 where others' modules took the place of ours."""
    if _WRONG is not None:
        sys.stderr.write(
            f"Another package has taken the place of a part of blogdex ({_WRONG}). Install blogdex where it is alone: "
            "pipx install blogdex, or uv tool install blogdex\n"
        )
        sys.exit(2)
    from cli import run as start

    start()


if __name__ == "__main__":
    run()
