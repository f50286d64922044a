"""Hold a draft against the archive: which posts say the same, and where."""
