from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commands.install import SHELLS
from tests.commandline import ROOT, blogdex, environment, process

POSTS = [
    {
        "url": f"https://clinic.example/blog/knee-{n}",
        "title": f"Knee {n}",
        "text": "The knee holds.",
        "author": "Kim O'Ray",
    }
    | {"categories": ["Your Visit" if n else "Pain; rm -rf"]}
    for n in range(3)
]


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("completion")
    (folder / "in.jsonl").write_text("".join(json.dumps(post) + "\n" for post in POSTS), encoding="utf-8")
    assert blogdex("import", str(folder / "in.jsonl"), library=folder / "lib").returncode == 0
    return folder / "lib"


def completed(library: Path, *words: str, shell: str = "zsh") -> list[str]:
    """Return what a shell is offered for the last of the words."""
    extra = {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1), "_BLOGDEX_COMPLETE": f"{shell}_complete"}
    return process(library=library, **extra).stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("search", "--category", "y"), "Your Visit"),
        (("search", "--author", "kim"), "Kim O'Ray"),
        (("show", "knee-"), "knee-2"),
        (("--site", "cl"), "clinic.example"),
        (("audit", "st"), "stale"),
        (("sea",), "search"),
    ],
)
def test_words_are_completed_from_commands_and_library(library, words, expected):
    assert expected in completed(library, "blogdex", *words)


def test_without_a_library_nothing_is_offered_and_nothing_said(tmp_path):
    extra = {"COMP_WORDS": "blogdex search --topic x", "COMP_CWORD": "3", "_BLOGDEX_COMPLETE": "zsh_complete"}
    done = process(library=tmp_path / "none", **extra)
    assert (done.stdout.strip(), done.stderr) == ("", "")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_has_a_script(library, shell):
    assert "_BLOGDEX_COMPLETE" in blogdex("completion", shell, library=library).stdout


def test_bash_takes_a_value_with_a_space_for_one_word(library, tmp_path):
    if not shutil.which("bash"):
        pytest.skip("bash is not installed")
    (tmp_path / "blogdex").write_text(f'#!/bin/sh\ncd {ROOT} && exec {sys.executable} -m cli "$@"\n', encoding="utf-8")
    script = """eval "$(blogdex completion bash)"; COMP_WORDS=(blogdex search --category "$1"); COMP_CWORD=3
    _blogdex_completion blogdex; eval "printf '%s|' ${COMPREPLY[*]}" """
    (tmp_path / "blogdex").chmod(0o755)
    env = environment(library)
    env["PATH"] = f"{tmp_path}:{env['PATH']}"
    for typed, value in (("Y", "Your Visit|"), ("P", "Pain; rm -rf|")):
        done = subprocess.run(
            ["bash", "-c", script, "bash", typed], capture_output=True, text=True, env=env, check=True
        )
        assert done.stdout == value
