"""Check a blog, one file a kind of finding."""
