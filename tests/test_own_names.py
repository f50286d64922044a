"""Others may have modules of the names that ours have: blogdex runs beside them, or says what is the matter."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

import blogdex
from tests.commandline import ROOT


def start(*words: str, cwd, path) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("BLOGDEX", "PYTHON"))}
    env["PYTHONPATH"] = os.pathsep.join(map(str, path))
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, env=env, cwd=cwd, check=False)


@pytest.fixture
def strangers(tmp_path):
    """A folder with modules of our names that are others'."""
    folder = tmp_path / "others"
    for name in blogdex.OWN:
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text("raise SystemExit('a stranger was loaded')\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "words", [("-m", "blogdex"), ("-c", "from blogdex import run; run()")], ids=["module", "command"]
)
def test_others_modules_of_our_names_on_the_path_do_no_harm(strangers, words):
    done = start(*words, "status", "--library", "none", cwd=strangers, path=[strangers, ROOT])
    assert (done.returncode, done.stdout, "No posts yet" in done.stderr) == (2, "", True), done.stderr


def test_a_package_that_was_installed_over_ours_is_a_sentence(tmp_path):
    site = tmp_path / "site"
    for name in ("indexer", "scraper"):
        shutil.copytree(ROOT / name, site / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("blogdex.py", "cli.py"):
        shutil.copy(ROOT / file, site)
    (site / "commands").mkdir()
    (site / "commands" / "__init__.py").write_text("", encoding="utf-8")
    done = start("-m", "blogdex", "status", cwd=tmp_path, path=[site])
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "pipx install blogdex" in done.stderr


def test_the_module_is_what_the_command_runs():
    done = start("-m", "blogdex", "--version", cwd=ROOT, path=[])
    assert (done.returncode, done.stdout.startswith("blogdex")) == (0, True)
    assert "blogdex = blogdex:run" in (ROOT / "setup.cfg").read_text(encoding="utf-8")
