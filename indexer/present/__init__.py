"""Show what the library knows: the JSON forms, lines for a terminal, the report, exports."""
