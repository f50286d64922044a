"""Answer a question: read the query, plan it, ask an engine, rank and dress the hits."""
