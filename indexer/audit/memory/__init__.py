"""Keep what earlier audits found and what people decided about it."""
