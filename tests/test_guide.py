"""The guide is true: every command in it runs on the example blog and prints what the page shows."""

from __future__ import annotations

import re
import sys
import tomllib

import pytest

from indexer.audit.owner.identity import Facts
from tests.commandline import ROOT
from tests.guide import PAGES, Desk, blocks, matches, steps

_LINK = re.compile(r"\]\(([^)#]+)(#[^)]*)?\)")


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=lambda page: page.stem)
def test_every_command_of_a_page_runs_and_prints_what_is_shown(page, crawled, served, tmp_path):
    desk = Desk(tmp_path, crawled, served)
    for block in blocks(page):
        for step in steps(block):
            code, printed = desk.run(step.command)
            assert code == step.code, (step.command, printed)
            if step.shown:
                assert matches(step.shown, printed), (step.command, "\n".join(printed))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page):
    links = [target for target, _ in _LINK.findall(page.read_text(encoding="utf-8"))]
    assert not [link for link in links if "://" not in link and not (page.parent / link).exists()]


def test_the_readme_leads_to_every_page_of_the_guide():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert "docs/README.md" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert not [page.name for page in PAGES[1:] if page.name != "README.md" and f"({page.name})" not in index]


def test_the_guide_tells_every_entry_of_the_facts_with_an_example_that_is_read():
    page = (ROOT / "docs" / "old-phone-number.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `\[?(\w+)\]?` \|.*\| `(.+)` \|$", page, re.M)
    assert [name for name, _ in rows] == list(Facts.__slots__)
    lines = [f"[{name}]\n{value}" if name in ("locations", "hours") else f"{name} = {value}" for name, value in rows]
    facts = Facts.from_table(tomllib.loads("\n".join(lines)))
    assert all(getattr(facts, name) for name in Facts.__slots__)


def test_the_reference_and_the_manual_page_are_what_the_help_says():
    sys.path.insert(0, str(ROOT / "docs"))
    import make_reference

    assert make_reference.REFERENCE.read_text(encoding="utf-8") == make_reference.reference()
    assert make_reference.MANUAL.read_text(encoding="utf-8") == make_reference.manual()


def test_the_programs_of_the_developers_guide_run():
    found = re.findall(
        r"^```python\n(.*?)^```$", (ROOT / "docs" / "developers.md").read_text(encoding="utf-8"), re.M | re.S
    )
    assert len(found) == 2
    for program in found:
        exec(compile(program, "developers.md", "exec"), {"__name__": "guide"})
