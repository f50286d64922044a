"""Give out lists as files: `.csv` and `.xlsx` beside the address of their page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from indexer.web.routing import Route
from indexer.web.views import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from indexer.web.views import View
    from indexer.web.visit import Visit

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def downloads(name: str, path: str, page: Callable[..., View]) -> tuple[Route, Route]:
    """Return the addresses of a list, one for each kind of file; `page` answers both by `table`."""
    return Route(f"{name}_csv", f"{path}.csv", page), Route(f"{name}_xlsx", f"{path}.xlsx", page)


def table(visit: Visit, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], name: str) -> Text:
    """Return rows as the file that the address names, as `--csv` prints them or `--xlsx` writes them."""
    if visit.request.path.endswith(".xlsx"):
        from indexer.present.export.workbook import fill_workbook

        book = io.BytesIO()
        fill_workbook(columns, rows, book)
        return Text(book.getvalue(), _WORKBOOK, filename=f"{name}.xlsx")
    from indexer.present.export.tables import write_list

    stream = io.StringIO()
    write_list(columns, rows, stream)
    return Text(stream.getvalue(), "text/csv", filename=f"{name}.csv")
