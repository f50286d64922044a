"""The commands of blogdex, a module for each task; `cli.py` loads only the one that was typed."""

VERSION = "0.1.0"
