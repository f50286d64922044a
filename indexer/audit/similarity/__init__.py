"""Compare paragraphs: shingles, containment, groups, wordings."""
