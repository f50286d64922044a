"""The wheel holds all that blogdex needs: installed alone, it runs the demo."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.commandline import ROOT

pytestmark = pytest.mark.xdist_group("wheel")  # one worker makes what all of them use


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Build a wheel of a copy of the tree, without asking a registry for anything."""
    folder = tmp_path_factory.mktemp("wheel")
    tree = folder / "tree"
    tree.mkdir()
    for name in ("blogdex.py", "cli.py", "setup.cfg", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree)
    for name in ("commands", "scraper", "indexer", "docs", "tests"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    words = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder), str(tree)]
    done = subprocess.run([sys.executable, "-m", "pip", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("blogdex-*.whl"))


def test_the_wheel_has_the_data_the_manual_page_and_no_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "scraper/extraction/classifier.json",
        "scraper/demo/theme.css",
        "share/man/man1/blogdex.1",
        "cli.py",
    ):
        assert any(name.endswith(wanted) for name in names), wanted
    assert any(name.startswith("indexer/present/report/templates/") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "docs/", "benchmarks/"))]


def test_installed_alone_the_wheel_runs_the_demo_without_a_warning(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=False, symlinks=True)
    python = tmp_path / "env" / "bin" / "python"
    site = Path(
        subprocess.check_output(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
        ).strip()
    )
    install = ["install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), *install], check=True)
    # What blogdex depends on is taken from here; blogdex itself is not, as its own folder comes first.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("BLOGDEX", "PYTHON"))}
    where = subprocess.check_output(
        [python, "-c", "import indexer; print(indexer.__file__)"], text=True, env=env, cwd=tmp_path
    )
    assert Path(where.strip()).is_relative_to(tmp_path)
    done = subprocess.run(
        [python, "-W", "default", tmp_path / "env" / "bin" / "blogdex", "demo"],
        capture_output=True,
        text=True,
        env=env | {"TMPDIR": str(tmp_path)},
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Saved 27 posts (2019-03 to 2026-10), 0 failed." in done.stdout
    assert "Warning" not in done.stderr
