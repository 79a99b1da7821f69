"""Adding many rows to a table. One statement of all values takes longer to build than to run: this has none."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from peewee import Field, JSONField, PostgresqlDatabase

from orchestrator.database.connection import bound_database
from orchestrator.database.models import Table

Row = Mapping[str, Any]


def add_rows(table: type[Table], rows: Sequence[Row]) -> None:
    """Add rows that have the same fields; what they don't name is as the database, not the model, has it by default.

    Call it in a transaction, which is lost if this raises the driver's error, as for a row that is there already.
    """
    if not rows:
        return
    database, fields = bound_database(), _fields(table, rows[0])
    if not isinstance(database, PostgresqlDatabase):
        database.cursor().executemany(_insert(table, fields), _values(fields, rows))
        return
    with database.cursor().copy(f"COPY {_into(table, fields)} FROM STDIN") as copy:
        for values in _values(fields, rows):
            copy.write_row(values)


def add_new_rows(table: type[Table], rows: Sequence[Row]) -> None:
    """Add those of the rows, as above, that the table's unique keys don't know yet. Call it in a transaction."""
    if rows:
        fields = _fields(table, rows[0])
        statement = f"{_insert(table, fields)} ON CONFLICT DO NOTHING"
        bound_database().cursor().executemany(statement, _values(fields, rows))


def _fields(table: type[Table], row: Row) -> list[Field]:
    return [table._meta.fields[name] for name in row]


def _into(table: type[Table], fields: Iterable[Field]) -> str:
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    return f'"{table._meta.table_name}" ({columns})'


def _insert(table: type[Table], fields: Sequence[Field]) -> str:
    marks = ", ".join([bound_database().param] * len(fields))
    return f"INSERT INTO {_into(table, fields)} VALUES ({marks})"  # noqa: S608 - names of ours


def _values(fields: Iterable[Field], rows: Iterable[Row]) -> Iterator[list[Any]]:
    makers = [(field.name, _maker(field)) for field in fields]
    return ([make(row[name]) for name, make in makers] for row in rows)


def _maker(field: Field) -> Callable[[Any], Any]:
    return _json if isinstance(field, JSONField) else field.db_value


def _json(value: object) -> str | None:
    return None if value is None else orjson.dumps(value).decode()
