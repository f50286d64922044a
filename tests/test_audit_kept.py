from __future__ import annotations

import json
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from indexer import auditing
from indexer.accepting import accept_findings
from indexer.audit.findings import Audit
from indexer.audit.memory.cache import pack, unpack
from indexer.audit.options import Options
from indexer.audit.run import survey
from indexer.audit.similarity.windows import MOST_POSTS
from indexer.auditing import audit_site, keep_findings
from indexer.library import writing
from indexer.present.audit_form import audit_form
from scraper.model import Article, Page
from tests.audit_blog import BRAND, FORMER, THEME, article, blog, call, own

TODAY = date(2026, 3, 2)
DEFAULT = Options(today=TODAY)


def posts():
    """The small blog, with copied posts, a passage, a doubled call and a page around which the theme is another."""
    made = blog()
    made.append(article(20, [own(3, paragraph) for paragraph in range(4)] + [call()], THEME))
    made.append(article(21, [own(21, 0), own(21, 1) + " " + own(5, 1), call(), call()], THEME))
    made.append(article(22, [own(22, 0), call(city="Golden")], (("Home", THEME[0][1]), ("mixpanel", THEME[2][1]))))
    return made


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "library"
    save(folder, posts())
    return folder


def save(path, articles):
    with writing(path, "test") as library:
        for stored in articles:
            site = library.store.sites.id_of(stored.site) and stored.site
            page = Page(site, stored.url, stored.url, 200, (), b"x", datetime(2026, 1, 1, tzinfo=UTC))
            made = Article(stored.url, stored.metadata, stored.blocks)
            library.store.articles.save(library.store.pages.save(page), made, "made")


def audited(path, options=DEFAULT, facts=None):
    with writing(path, "test") as library:
        return audit_site(library, library.store.sites.all()[0], options, facts)


def run(path, options=DEFAULT, facts=None):
    """Audit as the command does, and keep what it found."""
    made = audited(path, options, facts)
    with writing(path, "test") as library:
        site = library.store.sites.all()[0]
    keep_findings(path, site, made)
    return made


def from_zero(path, options=DEFAULT, facts=None):
    with writing(path, "test") as library, library.store.transaction() as connection:
        for table in ("survey", "sheet", "outlook"):
            connection.execute(f"DELETE FROM {table}")
    made = audited(path, options, facts)
    assert made.survey is not None
    return made.found


def assert_as_from_zero(path, options=DEFAULT, facts=None, kept=True):
    made = audited(path, options, facts)
    assert (made.survey is None) == kept
    fresh = from_zero(path, options, facts)
    assert made.found == fresh
    assert audit_form(made.found) == audit_form(fresh)


def test_the_blog_of_these_tests_has_findings_of_every_kind(path):
    found = run(path).found
    names = "actions clusters duplicates passages stale missing_cta cta_notes deviations shares posts expected"
    assert [name for name in names.split() if not getattr(found, name)] == []


def test_an_audit_of_unchanged_posts_is_the_kept_one_and_as_from_zero(path):
    run(path)
    assert_as_from_zero(path)


def test_an_audit_on_another_day_is_the_kept_one_with_the_days_of_before(path):
    first = run(path).found
    later = replace(DEFAULT, today=date(2027, 1, 1))
    assert audited(path, later).found == first
    assert_as_from_zero(path, later)


@pytest.mark.parametrize("kind", ["clusters", "stale", "deviations", "actions"])
def test_after_a_finding_is_accepted_the_kept_audit_is_as_from_zero(path, kind):
    found = run(path).found
    own_id = getattr(found, kind)[0].mark.id
    accept_findings(path / "accepted.toml", found, [own_id], TODAY)
    after = audited(path).found
    assert own_id in (path / "accepted.toml").read_text()
    assert audit_form(after) != audit_form(found)
    assert_as_from_zero(path)


def test_other_facts_make_another_audit(path):
    run(path)
    (path / "facts.toml").write_text(f'brand = "{FORMER}"\nold_brands = ["{BRAND}"]\n')
    assert_as_from_zero(path, kept=False)


def test_facts_of_another_file_make_another_audit(path, tmp_path):
    run(path)
    facts = tmp_path / "told.toml"
    facts.write_text('phone = "(303) 555-0777"\n')
    assert_as_from_zero(path, facts=facts, kept=False)


@pytest.mark.parametrize("options", [replace(DEFAULT, min_posts=6), replace(DEFAULT, similar=0.9)])
def test_other_options_make_another_audit_which_is_kept_in_turn(path, options):
    run(path)
    assert_as_from_zero(path, options, kept=False)
    run(path, options)
    assert_as_from_zero(path, options)
    assert_as_from_zero(path, kept=False)


def test_a_new_post_makes_another_audit_in_which_only_what_it_adds_is_new(path):
    run(path)
    save(path, [article(30, [own(30, 0), "Give Blue Mesa Wellness a call."], THEME)])
    made = run(path)
    assert made.survey is not None
    assert {finding.post for finding in made.found.missing_cta if finding.mark.new} <= {made.found.posts[-1].url}
    assert not all(finding.mark.new for finding in made.found.stale)
    assert_as_from_zero(path)


def test_a_post_that_is_gone_makes_another_audit(path):
    run(path)
    with writing(path, "test") as library:
        library.store.pages.mark_gone(library.store.articles.ids()[3])
    assert_as_from_zero(path, kept=False)


def test_other_rules_make_another_audit(path, monkeypatch):
    run(path)
    monkeypatch.setattr("indexer.audit.memory.cache.AUDIT_VERSION", "another")
    assert_as_from_zero(path, kept=False)


def test_a_kept_audit_reads_no_post_and_writes_nothing(path, monkeypatch):
    first = run(path).found
    monkeypatch.setattr(auditing, "survey", None)
    monkeypatch.setattr(auditing, "write_history", None)
    assert run(path).found == first


@pytest.mark.parametrize("data", [b"", b"no zlib", zlib.compress(b"{}"), zlib.compress(b"[" * 100_000), "text", None])
def test_a_damaged_survey_is_not_taken(path, data):
    made = run(path)
    with writing(path, "test") as library, library.store.transaction() as connection:
        connection.execute("UPDATE survey SET data = ?", ("" if data is None else data,))
    assert audited(path).found == made.found


def test_a_library_without_the_table_is_audited_and_gets_it(path):
    with writing(path, "test") as library, library.store.transaction() as connection:
        connection.execute("DROP TABLE survey")
    assert run(path).survey is not None
    assert run(path).survey is None


def test_a_survey_comes_back_as_it_was():
    made = survey(posts())
    assert unpack(pack(made)) == made


def test_a_survey_cut_short_is_not_taken():
    assert unpack(pack(survey(posts()))[:-9]) is None


def spoilt(change):
    """Return a packed survey of which one part was changed."""
    plain = json.loads(zlib.decompress(pack(survey(posts()))))
    change({name: at for at, name in enumerate(Audit.__slots__)}, plain)
    return zlib.compress(json.dumps(plain).encode())


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("posts", 0, 7),
        ("posts", 2, "2026-99-99"),
        ("clusters", 1, "neither"),
        ("clusters", 4, True),
        ("clusters", 5, "all"),
        ("clusters", 5, float("inf")),
        ("clusters", 9, 1),
        ("clusters", 10, "text"),
        ("deviations", 2, "99999"),
        ("deviations", 2, "-1"),
    ],
)
def test_a_survey_with_a_field_of_another_kind_is_not_taken(part, field, value):
    def change(place, plain):
        plain[place[part]][0][field] = value

    assert unpack(spoilt(lambda place, plain: None)) is not None
    assert unpack(spoilt(change)) is None


def test_a_survey_with_a_field_too_many_is_not_taken():
    assert unpack(spoilt(lambda place, plain: plain[place["shares"]][0].append(1))) is None


def table(path, name):
    with writing(path, "test") as library:
        return library.store.connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()


def add_post(path, number=30):
    save(path, [article(number, [own(number, 0), call()], THEME)])


def test_an_audit_after_a_new_post_goes_on_from_what_was_seen(path, monkeypatch):
    run(path)
    sheets = dict(row[:2] for row in table(path, "sheet"))
    add_post(path)
    known = []

    def surveyed(posts, options, facts, memory, dead):
        known.append(memory)
        return survey(posts)

    monkeypatch.setattr(auditing, "survey", surveyed)
    run(path)
    assert set(known[0].posts) == set(sheets)


def test_a_new_post_changes_few_sheets(path):
    run(path)
    before = table(path, "sheet")
    add_post(path)
    with writing(path, "test") as library:
        site = library.store.sites.all()[0]
        made = audit_site(library, site, DEFAULT, None)
    keep_findings(path, site, made)
    after = table(path, "sheet")
    assert len(after) == len(before) + 1
    assert set(before) & set(after)


@pytest.mark.parametrize("data", [b"", b"\0\0\0\5abc", "text"])
def test_damaged_sheets_are_made_again(path, data):
    run(path)
    whole = table(path, "sheet")
    with writing(path, "test") as library, library.store.transaction() as connection:
        connection.execute("UPDATE sheet SET data = ? WHERE page_id % 2", (data,))
        connection.execute("DELETE FROM survey")
    run(path)
    assert table(path, "sheet") == whole
    assert_as_from_zero(path)


@pytest.mark.parametrize("data", ["", "[]", "{", '{"owner": 5}', '{"owner": [5]}'])
def test_with_a_damaged_outlook_the_audit_starts_from_zero(path, data):
    run(path)
    whole = table(path, "sheet"), table(path, "outlook")[0][3]
    with writing(path, "test") as library, library.store.transaction() as connection:
        connection.execute("UPDATE outlook SET data = ?", (data,))
        connection.execute("DELETE FROM survey")
    made = run(path)
    assert not made.memory.posts
    assert (table(path, "sheet"), table(path, "outlook")[0][3]) == whole


def test_sheets_of_another_python_are_not_compared(path, monkeypatch):
    run(path)
    monkeypatch.setattr("indexer.audit.memory.persistence._MADE_FROM", "another")
    add_post(path)
    assert not audited(path).memory.posts


def test_what_another_audit_saw_meanwhile_stays(path):
    run(path)
    add_post(path)
    slow = audited(path)
    add_post(path, 31)
    run(path)
    names = ("sheet", "outlook", "survey", "cluster", "finding")
    state = [table(path, name) for name in names]
    with writing(path, "test") as library:
        site = library.store.sites.all()[0]
    keep_findings(path, site, slow)
    assert [table(path, name) for name in names] == state


def test_the_sheet_of_a_post_that_is_gone_is_dropped_with_its_outlook(path):
    run(path)
    with writing(path, "test") as library:
        gone = library.store.articles.ids()[3]
        library.store.pages.mark_gone(gone)
    run(path)
    assert gone not in {row[0] for row in table(path, "sheet")}
    with writing(path, "test") as library:
        library.store.pages.mark_gone(gone, gone=False)
    run(path)
    assert_as_from_zero(path)


def test_a_library_without_sheets_gets_them(path):
    with writing(path, "test") as library, library.store.transaction() as connection:
        connection.execute("DROP TABLE sheet")
        connection.execute("DROP TABLE outlook")
    run(path)
    assert table(path, "sheet")


def test_the_sheet_of_a_post_that_is_forgotten_goes_with_the_next_audit(path):
    run(path)
    with writing(path, "test") as library:
        first = library.store.articles.ids()[0]
        library.store.pages.forget(first)
    assert first in {row[0] for row in table(path, "sheet")}
    run(path)
    assert first not in {row[0] for row in table(path, "sheet")}
    assert_as_from_zero(path)


def test_a_phrase_of_the_blogs_own_that_is_none_after_a_post_is_forgotten_is_a_passage(tmp_path):
    """It stood on one post too many to be shown as a passage between two."""
    path = tmp_path / "phrase"
    shared = own(99, 0).replace(":", "")
    save(path, [article(n, [f"{own(n, 0)} {shared} {own(n, 1)}", own(n, 2)]) for n in range(MOST_POSTS + 1)])
    assert not run(path).found.passages
    with writing(path, "test") as library:
        library.store.pages.forget(library.store.articles.ids()[3])
    assert run(path).found.passages
    assert_as_from_zero(path)


@pytest.mark.parametrize("what", ["post", "site"])
def test_what_is_forgotten_while_an_audit_is_read_does_no_harm(path, what):
    made = audited(path)
    with writing(path, "test") as library:
        site = library.store.sites.all()[0]
        if what == "post":
            library.store.pages.forget(library.store.articles.ids()[0])
        else:
            library.store.forget_site(site.id)
    keep_findings(path, site, made)
    assert bool(table(path, "survey")) == (what == "post")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE outlook SET revision = 'x'",
        "UPDATE outlook SET revision = 9223372036854775807",
        "UPDATE outlook SET data = x'00'",
        f"UPDATE outlook SET data = '{'[' * 100_000}'",
        "UPDATE sheet SET digest = CAST(x'ff' AS TEXT)",
        "DROP TABLE sheet",
        "UPDATE cluster SET digests = '['",
        "UPDATE cluster SET posts = '5'",
        "UPDATE cluster SET first_seen = 'never'",
    ],
)
def test_an_audit_gets_over_a_damaged_library(path, statement):
    run(path)
    add_post(path)
    with writing(path, "test") as library, library.store.transaction() as connection:
        connection.execute(statement)
    found = run(path).found
    assert audit_form(audited(path).found) == audit_form(found)
    assert_as_from_zero(path)


@pytest.mark.parametrize("options", [replace(DEFAULT, min_posts=6), replace(DEFAULT, similar=0.9)])
def test_an_audit_with_other_options_costs_no_finding_its_id_or_its_acceptance(path, options):
    found = run(path).found
    few = min(found.clusters, key=lambda cluster: cluster.posts)
    accept_findings(path / "accepted.toml", found, [few.mark.id], TODAY)
    before = run(path).found
    run(path, options)
    assert audit_form(run(path).found) == audit_form(before)


def test_another_theme_and_title_leave_the_sheets_of_the_posts(path):
    run(path)
    sheets = table(path, "sheet")
    save(
        path,
        [replace(post, metadata=replace(post.metadata, title="Renamed"), blocks=kept_only(post)) for post in posts()],
    )
    made = run(path)
    assert made.survey is not None
    assert len(made.memory.posts) == len(sheets)
    assert table(path, "sheet") == sheets
    assert_as_from_zero(path)


def kept_only(post):
    return tuple(block for block in post.blocks if block.kept)
