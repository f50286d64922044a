"""Keep a library's truth in one SQLite file: raw pages, articles, blocks, and the crawl frontier."""

VERSION = 9
"""The number of migrations of `indexer.store.schema`, known here so that reading does not load them."""
