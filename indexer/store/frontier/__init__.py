"""The crawl frontier in SQL: what is to be fetched, what was, and what it led to."""
