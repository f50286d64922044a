"""What every command shares: its options and settings, the library it opens, and how it prints."""
