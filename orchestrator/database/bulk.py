"""Writing many rows at once."""

from collections.abc import Sequence

from orchestrator.database.connection import bound_database
from orchestrator.database.models import Table


def insert_rows(table: type[Table], columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Insert rows, each with the values of these columns as the database takes them. Call it in a transaction.

    One statement run for many rows takes a tenth of the time of one that is built for them.
    """
    database = bound_database()
    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join([database.param] * len(columns))
    statement = f'INSERT INTO "{table._meta.table_name}" ({names}) VALUES ({marks})'  # noqa: S608 - names of ours
    if rows:
        database.cursor().executemany(statement, rows)
