from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import DamagedLibraryError, NewerLibraryError
from indexer.store import schema
from indexer.store.connection import version_of
from indexer.store.database import Store
from scraper.model import Article, ArticleBlock, Link, Metadata, Page, RichBlock, Role

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def page(url="https://clinic.example/blog/one/", body=b"<p>Hello", **extra):
    values = {
        "site": "clinic.example/blog",
        "url": url,
        "final_url": url,
        "status": 200,
        "headers": (("content-type", "text/html"),),
        "body": body,
        "fetched_at": NOW,
    }
    return Page(**(values | extra))


def article(*texts, url="https://clinic.example/blog/one/", **known):
    blocks = tuple(
        ArticleBlock(text, ("body", "p"), i, text.lower(), True, Role.CONTENT, "container")
        for i, text in enumerate(texts)
    )
    return Article(url, Metadata(**known), blocks)


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "library.db", writable=True)
    yield opened
    opened.close()


def test_a_page_comes_back_as_it_was_saved(store):
    whole = page(
        body=b"\x00\xff<p>",
        reference_body="<p>caf\u00e9",
        stated=Metadata(title="T", published=date(2020, 2, 3), tags=("a", "b")),
        evidence=("feed", "sitemap"),
        source="a/b.html",
        lastmod="2020-02-03",
    )
    page_id = store.pages.save(whole)
    assert [stored.page for stored in store.pages.load([page_id])] == [whole]


@settings(max_examples=50)
@given(
    body=st.binary(max_size=2000),
    reference_body=st.none() | st.text(max_size=200),
    title=st.none() | st.text(max_size=50),
)
def test_any_body_and_any_text_survive_the_store(tmp_path_factory, body, reference_body, title):
    opened = Store(tmp_path_factory.mktemp("lib") / "library.db", writable=True)
    whole = page(body=body, reference_body=reference_body, stated=Metadata(title=title) if title else None)
    stored = next(opened.pages.load([opened.pages.save(whole)])).page
    opened.close()
    assert stored == whole


def test_a_page_keeps_its_id_when_it_is_fetched_again(store):
    first = store.pages.save(page(body=b"old"))
    store.pages.save(page(url="https://clinic.example/blog/two/"))
    assert store.pages.save(page(body=b"new")) == first
    assert next(store.pages.load([first])).page.body == b"new"


def test_a_second_copy_adds_evidence_and_keeps_the_reference_body(store):
    page_id = store.pages.save(page(reference_body="<p>body", evidence=("feed",)))
    store.pages.save(page(evidence=("sitemap",)))
    stored = next(store.pages.load([page_id])).page
    assert stored.reference_body == "<p>body"
    assert set(stored.evidence) == {"feed", "sitemap"}


def test_an_unchanged_page_keeps_its_digest_and_a_changed_one_does_not(store):
    page_id = store.pages.save(page(reference_body="<p>w"))
    before = store.pages.digests(1)[page_id]
    store.pages.save(page())
    assert store.pages.digests(1)[page_id] == before
    store.pages.save(page(body=b"changed"))
    assert store.pages.digests(1)[page_id] != before


def test_the_same_url_on_two_sites_is_two_pages(store):
    first = store.pages.save(page())
    assert store.pages.save(replace(page(), site="other.example")) != first


def test_an_article_comes_back_with_its_blocks_in_order(store):
    page_id = store.pages.save(page())
    made = article("One.", "Two.", title="T", author="A", published=date(2020, 2, 3), categories=("Pain",), tags=("x",))
    store.articles.save(page_id, made, "made")
    stored = store.articles.get([page_id])[page_id]
    assert stored.blocks == made.blocks
    assert stored.metadata == made.metadata
    assert stored.text == "One.\n\nTwo."
    assert stored.words == 2


def test_saving_an_article_again_replaces_its_blocks(store):
    page_id = store.pages.save(page())
    store.articles.save(page_id, article("One.", "Two."), "made")
    store.articles.save(page_id, article("Three."), "made")
    assert store.articles.get([page_id])[page_id].text == "Three."


def test_a_text_on_many_posts_is_stored_once_and_swept_when_nothing_uses_it(store):
    ids = [store.pages.save(page(url=f"https://clinic.example/blog/{i}/")) for i in range(3)]
    for page_id in ids:
        store.articles.save(page_id, article("Call us."), "made")
    assert store.connection.execute("SELECT count(*) FROM block").fetchone() == (1,)
    store.articles.delete(ids)
    store.articles.sweep()
    assert store.connection.execute("SELECT count(*) FROM block").fetchone() == (0,)


def test_a_gone_post_leaves_what_is_indexed_and_stays_in_the_library(store):
    page_id = store.pages.save(page())
    store.articles.save(page_id, article("One."), "made")
    store.pages.mark_gone(page_id)
    assert store.articles.digests() == {}
    assert [stored.gone for stored in store.articles.iterate(gone=True)] == [True]


def test_a_gone_page_that_is_fetched_again_is_back(store):
    page_id = store.pages.save(page())
    store.articles.save(page_id, article("One."), "made")
    store.pages.mark_gone(page_id)
    store.pages.save(page())
    assert list(store.articles.digests()) == [page_id]


@pytest.mark.parametrize(
    "reference",
    ["https://clinic.example/blog/one/", "clinic.example/blog/one", "http://clinic.example/blog/one", "one"],
)
def test_a_post_is_found_by_address_with_or_without_scheme_and_by_slug(store, reference):
    page_id = store.pages.save(page())
    store.articles.save(page_id, article("One."), "made")
    assert store.articles.find(reference) == [page_id]


def test_a_part_of_a_slug_names_no_post(store):
    store.articles.save(store.pages.save(page()), article("One."), "made")
    assert store.articles.find("on") == []


def test_a_transaction_that_fails_changes_nothing(store):
    with pytest.raises(RuntimeError), store.transaction():
        store.pages.save(page())
        raise RuntimeError
    assert store.pages.urls(store.sites.id_of("clinic.example/blog")) == {}


def test_a_forgotten_page_is_empty_and_no_crawl_brings_it_back(store):
    page_id = store.pages.save(page())
    store.articles.save(page_id, article("One."), "made")
    store.pages.forget(page_id)
    assert not store.articles.any()
    assert store.pages.save(page(body=b"fetched again")) == page_id
    assert next(store.pages.load([page_id])).page.body == b""
    assert store.pages.digests(1) == {}


def test_a_forgotten_page_comes_back_from_a_file(store):
    page_id = store.pages.save(page())
    store.pages.forget(page_id)
    assert store.pages.save(page(body=b"imported", source="one.html")) == page_id
    assert list(store.pages.digests(1)) == [page_id]


def test_forgetting_a_site_leaves_the_others(store):
    for site in ("clinic.example/blog", "other.example"):
        store.articles.save(store.pages.save(page(site=site)), article("One."), "made")
    store.forget_site(store.sites.id_of("other.example"))
    assert [site.key for site in store.sites.all()] == ["clinic.example/blog"]
    assert len(store.articles.ids()) == 1


def test_a_library_of_a_newer_version_is_refused_and_left_alone(tmp_path):
    file = tmp_path / "library.db"
    opened = Store(file, writable=True)
    opened.connection.execute("PRAGMA user_version = 999")
    opened.close()
    for writable in (True, False):
        with pytest.raises(NewerLibraryError):
            Store(file, writable=writable)


def test_a_file_that_is_no_database_is_refused_in_one_sentence(tmp_path):
    file = tmp_path / "library.db"
    file.write_bytes(b"not a database, but long enough to be read as one" * 50)
    with pytest.raises(DamagedLibraryError, match="is damaged"):
        Store(file, writable=False)


def test_a_reader_cannot_write(tmp_path):
    Store(tmp_path / "library.db", writable=True).close()
    reader = Store(tmp_path / "library.db", writable=False)
    with pytest.raises(Exception, match="readonly"):
        reader.pages.save(page())
    reader.close()


def test_a_reader_goes_on_while_a_writer_is_inside_a_transaction(tmp_path):
    writer = Store(tmp_path / "library.db", writable=True)
    writer.pages.save(page())
    reader = Store(tmp_path / "library.db", writable=False)
    with writer.transaction():
        writer.pages.save(page(url="https://clinic.example/blog/two/"))
        assert len(reader.pages.urls(1)) == 1
    assert len(reader.pages.urls(1)) == 2
    reader.close()
    writer.close()


def test_the_version_that_reading_knows_is_that_of_the_last_migration():
    from indexer.store import VERSION
    from indexer.store.schema import MIGRATIONS

    assert len(MIGRATIONS) == VERSION


def test_a_library_of_the_version_before_copies_and_texts_is_brought_up_and_keeps_its_pages(tmp_path):
    path = tmp_path / "library.db"
    connection = sqlite3.connect(path, isolation_level=None)
    for migration in schema.MIGRATIONS[:4]:
        migration(connection)
    connection.execute("PRAGMA user_version = 4")
    connection.execute("INSERT INTO site (id, key) VALUES (1, 'clinic.example')")
    connection.execute(
        """INSERT INTO page (site_id, url, final_url, status, headers, fetched_at, codec, body, digest, evidence)
        VALUES (1, 'https://clinic.example/a/', 'https://clinic.example/a/', 200, '[]', '2026-01-01T00:00:00+00:00',
        'zlib', x'789c030000000001', 'd', '[]')"""
    )
    connection.close()
    store = Store(path, writable=True)
    assert version_of(store.connection) == len(schema.MIGRATIONS)
    assert len(store.pages.ids()) == 1
    assert store.connection.execute("SELECT count(*) FROM version").fetchone() == (0,)
    store.close()


def test_links_come_back_by_block_and_belong_to_the_digest(store):
    html = 'Ask <a href="tel:+15550100?a=1&amp;b=2">our <em>nurses</em> &amp; more</a>.'
    page_id = store.pages.save(page())
    store.articles.save(page_id, article("Ask our nurses & more."), "made")
    plain = store.articles.digests()[page_id]
    made = replace(article("Ask our nurses & more."), rich=(RichBlock(0, (), html),))
    store.articles.save(page_id, made, "made")
    [stored] = store.articles.with_links(1)
    assert stored.links == {0: (Link("our nurses & more", "tel:+15550100?a=1&b=2"),)}
    assert stored.digest != plain
