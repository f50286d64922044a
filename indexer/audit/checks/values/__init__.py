"""Values in posts that are not those of today."""
