"""Tables that are saved as files: what every such route answers and says of itself."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from flask import Response, stream_with_context

from orchestrator.exports.files import csv_text, xlsx_bytes
from webui.errors import WebError
from webui.services import services
from webui.tables import in_thread

#: Lines of an XLSX, which is made in memory; CSV has no limit.
MOST_FOR_XLSX = 100_000

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAVED: dict[int | str, dict[str, str | dict[str, dict[str, Any]]]] = {
    200: {
        "description": "The file",
        "content": {CSV: {"schema": {"type": "string"}}, XLSX: {"schema": {"type": "string", "format": "binary"}}},
    }
}


class TooManyLinesError(WebError):
    """More lines than an XLSX can take; CSV takes them."""

    id, status = "invalid", 422


def saved(table: Iterator[list[str]], form: str, name: str) -> Response:
    """Answer with a table, heading first, as a file `name`.csv or .xlsx; raises TooManyLinesError."""
    if form == "csv":
        return _file(stream_with_context(csv_text(table)), CSV, f"{name}.csv")
    lines = list(islice(table, MOST_FOR_XLSX + 2))
    if len(lines) > MOST_FOR_XLSX + 1:
        raise TooManyLinesError(fields={"format": services().texts.message("files.too_many_for_xlsx")})
    return _file(in_thread(xlsx_bytes, name, lines), XLSX, f"{name}.xlsx")


def _file(content: Any, kind: str, name: str) -> Response:  # noqa: ANN401 - whatever Flask sends
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
