"""Judge blocks: their features, a trained classifier, the content container, wordings and roles."""
