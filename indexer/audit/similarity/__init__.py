"""Compare paragraphs: shingles, coverage, groups, wordings."""
