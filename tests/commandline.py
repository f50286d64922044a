"""Run blogdex as a person does: in this process where that tells the same, in one of its own where it has to."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import cli

ROOT = Path(__file__).resolve().parent.parent


def environment(library: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("BLOGDEX", "NO_COLOR", "CLICOLOR"))
    }
    own = {"XDG_CONFIG_HOME": str(library.parent), "XDG_CACHE_HOME": str(library.parent / "cache")}
    return kept | {"BLOGDEX_LIBRARY": str(library), "PYTHONPATH": str(ROOT)} | own


def process(*args: str, library: Path, cwd: Path | None = None, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run the real program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *args],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(library) | extra,
        cwd=cwd or ROOT,
        check=False,
    )


def blogdex(*args: str, library: Path, cwd: Path | None = None, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run a command into pipes."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with (
        mock.patch.dict(os.environ, environment(library) | extra, clear=True),
        redirect_stdout(out),
        redirect_stderr(err),
        chdir(cwd or ROOT),
    ):
        code = cli._run(list(args))
    printed = [stream.buffer.getvalue().decode("utf-8", "replace") for stream in (out, err)]
    return subprocess.CompletedProcess(args, code, *printed)
