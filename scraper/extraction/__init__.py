"""Judge blocks: their signals, a trained classifier, the content container, wordings and roles."""
