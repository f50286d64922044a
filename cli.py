"""Start blogdex: answer a plain search at once, hand every other command line to Click."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

from commands import INTERRUPTED


def run() -> NoReturn:
    """Run the command line and end the process with 0 found or done, 1 nothing found, 2 error, 130 interrupted."""
    # A plain search is over before what it leaves behind is worth looking for, and everything is written and closed
    # then: to take the process apart in order would add a tenth to its time.
    gc.disable()
    code = _at_once(sys.argv[1:])
    if code is not None:
        os._exit(code)
    gc.enable()
    sys.exit(_with_click(sys.argv[1:]))


def _run(args: list[str]) -> int:
    code = _at_once(args)
    return _with_click(args) if code is None else code


def _at_once(args: list[str]) -> int | None:
    try:
        from commands.quick import answer

        return answer(args)
    except (KeyboardInterrupt, OSError) as error:
        from commands.common.settings import Settings
        from commands.program import ended_by

        return ended_by(error, Settings())


def _with_click(args: list[str]) -> int:
    try:
        from commands.program import execute
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted before anything was done.\n")
        return INTERRUPTED
    return execute(args)


if __name__ == "__main__":
    run()
