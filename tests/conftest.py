"""Settings that all tests share, and what is made once a run for all workers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from scraper import demo
from tests.commandline import blogdex

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes would compile every module again

settings.register_profile("blogdex", deadline=None)  # a busy machine is no failure
settings.load_profile("blogdex")

_RUN = ExitStack()
_SERVED = pytest.StashKey[str]()


def _served(config: pytest.Config) -> str:
    """Serve the example blog until the run ends; the same address for every worker."""
    if _SERVED not in config.stash:
        config.stash[_SERVED] = _RUN.enter_context(demo.serve())
    return config.stash[_SERVED]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Tell a worker where the example blog is."""
    node.workerinput["served"] = _served(node.config)


def pytest_unconfigure():
    _RUN.close()


@pytest.fixture(scope="session")
def served(request) -> str:
    """Return the address of the example blog."""
    given = getattr(request.config, "workerinput", {})
    return given.get("served") or _served(request.config)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory, worker_id) -> Callable[[str, Callable[[Path], object]], Path]:
    """Return a function that lets the first worker which asks make a folder, and gives it to all."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent

    def get(name: str, make: Callable[[Path], object]) -> Path:
        folder = shared / f"made-{name}"
        with FileLock(f"{folder}.lock"):
            if not folder.exists():
                draft = shared / f"draft-{name}"
                shutil.rmtree(draft, ignore_errors=True)
                draft.mkdir()
                make(draft)
                draft.rename(folder)
        return folder

    return get


@pytest.fixture(scope="session")
def crawled(made_once, served) -> Path:
    """Return a library of the example blog as a first crawl leaves it: copy it, never write into it."""

    def crawl(folder: Path) -> None:
        done = blogdex("crawl", served, "--delay", "0", library=folder / "lib")
        assert done.returncode == 0, done.stderr
        assert "Saved 27 posts (2019-03 to 2026-10), 0 failed.\n" in done.stdout

    return made_once("crawled", crawl) / "lib"
