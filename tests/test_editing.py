from __future__ import annotations

from types import SimpleNamespace

import pytest

from indexer.audit.run import audit
from indexer.editing import ClusterFinder
from tests.audit_blog import blog, call


class Kept:
    def __init__(self, clusters=()):
        self.rows = list(clusters)

    def clusters(self, site_id):
        return self.rows

    def findings(self, site_id):
        return []


@pytest.fixture
def library(tmp_path):
    site = SimpleNamespace(id=1, key="aster.test")
    articles = SimpleNamespace(iterate=lambda site_id: iter(blog()))
    store = SimpleNamespace(sites=lambda: [site], articles=articles, clusters=Kept())
    return SimpleNamespace(store=store, facts_file=tmp_path / "facts.toml", accepted_file=tmp_path / "accepted.toml")


def named(finder, article):
    return {block.text: name for block, name in zip(article.blocks, finder(article), strict=True)}


def test_blocks_of_a_site_that_was_never_audited_get_the_clusters_of_an_audit(library):
    names = named(ClusterFinder(library), blog()[12])
    cluster = next(cluster for cluster in audit(blog()).clusters if cluster.role == "cta")
    assert names[call()] == cluster.mark.id
    assert names["Home"].startswith("t-")
    assert [name for text, name in names.items() if text.endswith("ended.")] == [None] * 4


def test_the_clusters_that_were_kept_are_taken(library):
    row = SimpleNamespace(
        id="c-kept", text=call(), digests=[call().lower()], posts=["https://x.test/"], first_seen=None, since="b"
    )
    library.store.clusters = Kept([row])
    names = named(ClusterFinder(library), blog()[12])
    assert (names[call()], names["Home"]) == ("c-kept", None)
