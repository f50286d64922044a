"""Store, search, group and audit the articles of a blog."""
