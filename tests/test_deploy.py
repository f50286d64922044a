"""The container files say what the program understands."""

from __future__ import annotations

import re

import click
import pytest
import yaml

from commands.program import main
from tests.commandline import ROOT

DEPLOY = ROOT / "deploy"


@pytest.fixture
def archive():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["archive"]


def test_what_compose_starts_is_a_command_that_trusts_the_proxy_beside_it(archive):
    name, *words = [word.replace("${ARCHIVE_HOST}", "archive.clinic.example") for word in archive["command"]]
    command = main.get_command(click.Context(main), name)
    context = command.make_context(name, words, resilient_parsing=False)
    assert context.params["public_url"] == "https://archive.clinic.example"
    assert archive["network_mode"] == "service:proxy" and "ports" not in archive
    assert f"127.0.0.1:{context.params['port']}" in (DEPLOY / "Caddyfile").read_text()
    assert f"{context.params['prefix']}/*" in (DEPLOY / "Caddyfile").read_text()


def test_every_variable_that_the_proxy_reads_has_to_be_given():
    proxy = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["proxy"]
    read = set(re.findall(r"\{\$(\w+)\}", (DEPLOY / "Caddyfile").read_text()))
    assert read == set(proxy["environment"])
    assert all(value.startswith(f"${{{name}:?") for name, value in proxy["environment"].items())


def test_the_image_keeps_its_library_where_compose_puts_the_volume(archive):
    image = (DEPLOY / "Dockerfile").read_text()
    assert (archive["build"]["context"], archive["build"]["dockerfile"]) == ("..", "deploy/Dockerfile")
    [place] = re.findall(r"BLOGDEX_LIBRARY=(\S+)", image)
    assert archive["volumes"] == [f"library:{place}"] and f"VOLUME {place}" in image
    assert re.search(r"^USER (?!root)", image, re.M) and '["blogdex"]' in image
