"""Posts and paragraphs that say what others say."""
