from __future__ import annotations

from types import SimpleNamespace

import pytest

from indexer.auditing import ClusterFinder
from tests.audit_blog import blog, call


class Kept:
    def __init__(self, clusters=()):
        self.rows = list(clusters)

    def digests(self, site_id, among=None):
        return self.rows


@pytest.fixture
def library(tmp_path):
    site = SimpleNamespace(id=1, key="aster.test")
    articles = SimpleNamespace(iterate=lambda site_id: iter(blog()))
    store = SimpleNamespace(sites=SimpleNamespace(all=lambda: [site]), articles=articles, clusters=Kept())
    return SimpleNamespace(store=store, facts_file=tmp_path / "facts.toml", accepted_file=tmp_path / "accepted.toml")


def named(finder, article):
    return {block.text: name for block, name in zip(article.blocks, finder(article), strict=True)}


def test_blocks_of_a_site_that_was_never_audited_have_no_cluster(library):
    assert set(named(ClusterFinder(library), blog()[12]).values()) == {None}


def test_the_clusters_that_were_kept_are_taken(library):
    library.store.clusters = Kept([("c-kept", [call().lower()])])
    names = named(ClusterFinder(library), blog()[12])
    assert (names[call()], names["Home"]) == ("c-kept", None)
