"""Index articles and find them again, behind the seam of `indexer.engine`."""
