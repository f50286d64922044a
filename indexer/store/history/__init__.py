"""Keep what pages were before: bodies and texts."""
