"""Read what people have of a blog besides its web server: copies, exports and dumps."""

from __future__ import annotations

from scraper.imports.options import ImportOptions
from scraper.imports.read import read_paths

__all__ = ["ImportOptions", "read_paths"]
