"""Many values in few parameters: the statement is the same however many there are.

So its text costs nothing to put together, and PostgreSQL plans it once for a connection. A condition for each of a few
hundred values takes longer to be built, read and planned than to be answered.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum

import orjson
from peewee import SQL, Column, Expression, Field, PostgresqlDatabase, Value, fn

from orchestrator.database.connection import bound_database


class Kind(StrEnum):
    """What a column of `told` has: PostgreSQL's names."""

    TEXT = "text"
    NUMBER = "bigint"


def any_of(column: Field | Column, values: Collection[str] | Collection[int]) -> Expression:
    """Return the condition that a column has one of these values: all texts, or all whole numbers."""
    if isinstance(bound_database(), PostgresqlDatabase):
        return column == fn.ANY(Value(list(values), converter=False, unpack=False))
    return column << SQL("(SELECT value FROM json_each(?))", [_json(list(values))])


def told(columns: Mapping[str, Kind], rows: Iterable[Sequence[object]]) -> tuple[str, list[object]]:
    """Return a table named `told` for the FROM of a statement, and its parameters."""
    some, names = list(rows), ", ".join(columns)
    if isinstance(bound_database(), PostgresqlDatabase):
        arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
        return f"unnest({arrays}) AS told ({names})", [[row[at] for row in some] for at in range(len(columns))]
    picked = ", ".join(f"json_extract(value, '$[{at}]') AS {name}" for at, name in enumerate(columns))
    return f"(SELECT {picked} FROM json_each(?)) AS told", [_json(some)]  # noqa: S608 - names of ours


def _json(values: object) -> str:
    return orjson.dumps(values).decode()
