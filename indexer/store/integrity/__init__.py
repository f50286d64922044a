"""Tell what is no longer as it was written, in the SQLite file and in its rows, and mend it."""
