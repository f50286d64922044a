from __future__ import annotations

import re
from dataclasses import replace

import pytest

from indexer.audit.memory.history import remember
from indexer.audit.memory.persistence import read_history, write_history
from indexer.audit.run import audit
from indexer.present.audit_form import COLUMNS_OF_NONE, audit_rows
from indexer.present.terminal import audit_views
from indexer.store.database import Store
from tests.audit_blog import THEME, article, blog, call, own

VIEWS = ["summary", "boilerplate", "duplicates", "passages", "stale", "cta", "template"]


def plain(lines):
    return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(lines))


@pytest.fixture(scope="module")
def found():
    return audit([*blog(), article(20, [own(3, n) for n in range(4)], THEME)])


@pytest.mark.parametrize("view", VIEWS)
def test_no_line_is_wider_than_the_terminal_by_much(found, view):
    lines = plain(getattr(audit_views, f"{view}_lines")(found, 80)).split("\n")
    assert max(map(len, lines)) <= 110


def test_every_finding_and_action_has_a_name_of_one_short_line(found):
    every = [*found.clusters, *found.actions, *found.duplicates, *found.stale, *found.missing_cta]
    names = {finding.mark.id: audit_views.finding_name(found, finding.mark.id) for finding in every}
    assert all(name and "\n" not in name and len(name) <= 160 for name in names.values())
    assert names[found.actions[0].mark.id] == found.actions[0].advice
    assert names[found.stale[0].mark.id].endswith(found.stale[0].post)
    assert audit_views.finding_name(found, "x-1") == ""


def test_stale_values_are_shown_with_what_is_true_today(found):
    assert 'phone "(303) 555-0199", now (303) 555-0100' in plain(audit_views.stale_lines(found, 100))


def test_a_call_for_another_place_is_shown_with_what_is_wrong():
    posts = [article(n, [own(n, 0), call(("Denver", "Boulder")[n % 2])], THEME) for n in range(12)]
    odd = article(20, [own(20, 0), call("Boulder")], THEME)
    odd = replace(odd, metadata=replace(odd.metadata, title="Infusions in Denver"))
    shown = plain(audit_views.cta_lines(audit([*posts, odd]), 100))
    assert "the post is about Denver, its call to action names Boulder" in shown


def test_wordings_with_other_names_and_numbers_are_one_line():
    cities = ["Denver", "Boulder", "Golden", "Aurora"]
    posts = [article(n, [own(n, 0), call(cities[n % 4], phone=f"(303) 555-01{n:02}")], THEME) for n in range(12)]
    shown = plain(audit_views.boilerplate_lines(audit(posts), 100))
    assert "11 posts  2020-01 → 2020-03  the same words, other names, numbers or links" in shown


def test_other_words_that_differ_in_numbers_only_are_one_line():
    posts = [article(n, [own(n, 0), call(phone=f"(303) 555-01{n:02}")], THEME) for n in range(8)]
    gentle = call().replace("Call", "Please ring")
    posts += [article(n, [own(n, 0), gentle.replace("0100", f"01{n:02}")], THEME) for n in range(8, 12)]
    shown = plain(audit_views.boilerplate_lines(audit(posts), 100))
    assert re.search(r"V\d+ +4 posts .*Please ring", shown)


def test_a_finding_is_shown_by_its_id(found):
    for finding in (found.clusters[0], found.duplicates[0], found.stale[0], found.missing_cta[0], found.actions[0]):
        assert plain(audit_views.finding_lines(found, finding.mark.id, 100))


def test_an_unknown_id_shows_nothing(found):
    assert not list(audit_views.finding_lines(found, "c-unknown", 100))


def test_why_tells_everything_about_one_post(found):
    shown = plain(audit_views.why_lines(found, found.stale[0].post, 100))
    assert "repeats" in shown and "stale" in shown


def test_text_of_a_page_cannot_steer_the_terminal():
    posts = [article(n, [own(n, 0), call() + " \x1b]0;gotcha\x07"], THEME) for n in range(8)]
    assert "\x1b]" not in "".join(audit_views.boilerplate_lines(audit(posts), 100))


def test_what_was_found_is_kept_and_read_back(found, tmp_path):
    store = Store(tmp_path / "library.db", writable=True)
    site = store.sites.id_of("a.test")
    with store.transaction():
        write_history(store.clusters, site, remember(found))
    kept, told = read_history(store.clusters, site), remember(found)
    store.close()
    assert sorted(kept.clusters, key=lambda known: known.id) == sorted(told.clusters, key=lambda known: known.id)
    assert kept.findings == told.findings


@pytest.mark.parametrize("kind", list(COLUMNS_OF_NONE))
def test_a_table_without_a_row_has_columns_that_its_rows_would_have(kind, found):
    (names,) = audit_rows({"a.test": audit([])}, kind)
    full, *rows = audit_rows({"a.test": found}, kind)
    assert len(names) > 4
    assert not rows or set(names) <= {*full, "first_seen"}
