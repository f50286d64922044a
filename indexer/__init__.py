"""Store, search, group and audit the articles of a blog."""

ENGINES = ("whoosh", "sqlite")
"""The search engines that can be opened, the default first; here, because starting reads it and loads nothing else."""

CLUSTER = "opensearch"
"""The search engine on other machines: by choice only, and never one of those that a library has beside its own."""
