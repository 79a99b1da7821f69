"""Many values in one parameter mean what a list of them means, whatever is in them (CDR-1, SAFE-3)."""

from collections.abc import Collection

import pytest
from peewee import Database

from orchestrator.database.models import CallEventRow
from orchestrator.database.sets import Kind, any_of, told

ODD = ("a", "王", "it's", '"', "\\", "{}", "a,b", "NULL", "%s?")


def _events(texts: Collection[str]) -> None:
    for n, call in enumerate(texts, 2**33):
        CallEventRow.create(tenant="t", stream_id=f"{n}-0", ms=n, n=n, type="x", call=call, at=n, json="{}")


@pytest.mark.parametrize("wanted", [ODD, ODD[:1], ("'", *ODD[3:5]), ("b",), ()])
def test_any_of_texts(database: Database, wanted: tuple[str, ...]) -> None:  # noqa: ARG001
    """Texts are compared as they are; of none there is none."""
    _events(ODD)
    found = CallEventRow.select().where(CallEventRow.tenant == "t", any_of(CallEventRow.call, wanted))
    assert {row.call for row in found} == set(wanted) & set(ODD)


def test_any_of_numbers(database: Database) -> None:  # noqa: ARG001
    """Numbers may be larger than 32 bits, and mixed with small ones."""
    _events(ODD)
    found = CallEventRow.select().where(any_of(CallEventRow.ms, {1, 2**33, 2**33 + 2, 2**62}))
    assert {row.call for row in found} == {ODD[0], ODD[2]}


def test_told_is_a_table_of_what_was_given(database: Database) -> None:
    """Columns keep their order and kind, and nothing is nothing."""
    rows = [*zip(ODD, range(2**33, 2**40, 7), strict=False), ("none", None)]
    assert sorted(_told(database, rows), key=repr) == sorted(rows, key=repr)
    assert _told(database, []) == []


def _told(database: Database, rows: list[tuple[str, int | None]]) -> list[tuple[str, int | None]]:
    source, values = told({"word": Kind.TEXT, "number": Kind.NUMBER}, rows)
    return list(database.execute_sql(f"SELECT word, number FROM {source}", values))  # noqa: S608 - names of ours
