"""Read what people have of a blog besides its web server: copies, exports and dumps."""

from __future__ import annotations

from scraper.imports.options import ImportOptions
from scraper.imports.outcomes import LeftOut
from scraper.imports.read import read_paths

__all__ = ["ImportOptions", "LeftOut", "read_paths"]
