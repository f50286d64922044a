"""The commands of blogdex, a module for each task; `cli.py` loads only the one that was typed."""

VERSION = "0.1.0"
NOTHING_FOUND, FAILED, INTERRUPTED = 1, 2, 130
"""What a process ends with where it is not 0, found or done."""
