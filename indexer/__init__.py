"""Store, search, group and audit the articles of a blog."""

ENGINES = ("whoosh", "sqlite")
"""The search engines that can be opened, the default first; here, because starting reads it and loads nothing else."""
