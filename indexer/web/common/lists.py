"""Give out lists as files."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from indexer.present.export.tables import write_list
from indexer.web.views import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], filename: str) -> Text:
    """Return rows as a CSV file, as `--csv` prints them."""
    stream = io.StringIO()
    write_list(columns, rows, stream)
    return Text(stream.getvalue(), "text/csv", filename=filename)
