"""Start blogdex: answer a plain search at once, hand every other command line to Click."""

from __future__ import annotations

import sys
from typing import NoReturn


def run() -> NoReturn:
    """Run the command line and end the process with 0 found or done, 1 nothing found, 2 error, 130 interrupted."""
    sys.exit(_run(sys.argv[1:]))


def _run(args: list[str]) -> int:
    from commands.quick import answer

    try:
        code = answer(args)
    except (KeyboardInterrupt, OSError) as error:
        from commands.options import Settings
        from commands.program import ended_by

        return ended_by(error, Settings())
    if code is None:
        from commands.program import execute

        code = execute(args)
    return code


if __name__ == "__main__":
    run()
