"""Find what editors repeat, what went stale and what is missing: stored articles in, frozen findings out. No I/O."""
