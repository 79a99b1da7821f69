"""Writing many rows at once: to build one statement for all of them takes longer than to run one for each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

import orjson
from peewee import (  # type: ignore[attr-defined]  # its own extensions turn drivers' errors into peewee's so, too
    Field,
    JSONField,
    PostgresqlDatabase,
    __exception_wrapper__,
)

from orchestrator.database.connection import bound_database
from orchestrator.database.models import Table

Row = Mapping[str, Any]


def insert_rows(table: type[Table], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert rows, each with the values of these columns as the database takes them.

    Call it in a transaction, which is lost if this raises peewee's errors, as for a row that is there already.
    """
    database = bound_database()
    if not isinstance(database, PostgresqlDatabase):
        _run_for_each(_insert(table, columns), rows)
        return
    with __exception_wrapper__, database.cursor().copy(f"COPY {_into(table, columns)} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def add_rows(table: type[Table], rows: Sequence[Row]) -> None:
    """Insert rows by the names of fields, two or more and the same ones in each.

    Values are as the database takes them, but for JSON; defaults of the model don't count.
    """
    if rows:
        fields = _fields(table, rows[0])
        insert_rows(table, _columns(fields), _values(fields, rows))


def insert_new_rows(table: type[Table], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert, as `insert_rows` does, those of the rows that the table's unique keys don't know yet."""
    _run_for_each(f"{_insert(table, columns)} ON CONFLICT DO NOTHING", rows)


def _run_for_each(statement: str, rows: Iterable[Sequence[object]]) -> None:
    with __exception_wrapper__:
        bound_database().cursor().executemany(statement, rows)


def _fields(table: type[Table], row: Row) -> list[Field]:
    return [table._meta.fields[name] for name in row]


def _columns(fields: Iterable[Field]) -> list[str]:
    return [field.column_name for field in fields]


def _into(table: type[Table], columns: Iterable[str]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f'"{table._meta.table_name}" ({names})'


def _insert(table: type[Table], columns: Sequence[str]) -> str:
    marks = ", ".join([bound_database().param] * len(columns))
    return f"INSERT INTO {_into(table, columns)} VALUES ({marks})"  # noqa: S608 - names of ours


def _values(fields: Sequence[Field], rows: Iterable[Row]) -> Iterator[Sequence[Any]]:
    pick = itemgetter(*(field.name for field in fields))
    places = [place for place, field in enumerate(fields) if isinstance(field, JSONField)]
    return (_with_json(pick(row), places) for row in rows) if places else map(pick, rows)


def _with_json(values: Sequence[Any], places: Iterable[int]) -> list[Any]:
    plain = list(values)
    for place in places:
        if plain[place] is not None:
            plain[place] = orjson.dumps(plain[place]).decode()
    return plain
