"""Store, search, group and audit the articles of a blog."""

ENGINES = ("whoosh", "tantivy")
"""The search engines that can be opened; here, because starting reads it and loads nothing else."""
BY_SIZE = "auto"
"""What stands for the engine that suits the number of posts."""
RETIRED_ENGINES = ("sqlite",)
"""Engines of earlier versions, which may still be named."""

CLUSTER = "opensearch"
"""The search engine on other machines: by choice only, and never one of those that a library has beside its own."""
