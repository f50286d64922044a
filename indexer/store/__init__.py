"""Keep a library's truth in one SQLite file: raw pages, articles, blocks, and the crawl frontier."""
