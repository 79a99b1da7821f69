"""Many rows written at once are as if each had been written alone (CDR-1)."""

import pytest
from peewee import Database, IntegrityError

from orchestrator.database.bulk import add_rows, insert_new_rows
from orchestrator.database.models import CallEventRow, Recording

EVENT = {
    "tenant": "t",
    "ms": 5,
    "n": 1,
    "type": "x",
    "call": None,
    "agent": "王\t\\N\n%s?",
    "at": 7,
    "json": '{"a":"\\n"}',
}


def _event(stream_id: str) -> dict[str, object]:
    return {**EVENT, "stream_id": stream_id}


def test_texts_come_back_as_they_were(database: Database) -> None:
    """SAFE-3: whatever a caller or agent may have written; nothing is not an empty text."""
    with database.atomic():
        add_rows(CallEventRow, [_event("5-1"), _event("5-2")])
        add_rows(CallEventRow, [])
    found = list(CallEventRow.select(*(getattr(CallEventRow, name) for name in _event(""))).dicts())
    assert sorted(found, key=repr) == [_event("5-1"), _event("5-2")]


def test_structures_are_read_as_the_models_write_them(database: Database) -> None:
    """CDR-1: a recording's pauses."""
    told = {"tenant": "t", "kind": "call", "call": "c", "path": "", "begun": 1, "ended": 2}
    rest = {"status": "expected", "problem": "", "held": False}
    with database.atomic():
        add_rows(Recording, [{**told, **rest, "recording": "one", "pauses": [[1, 2, "hold"]]}])
        Recording.create(**told, recording="two", pauses=[[1, 2, "hold"]])
    assert [row.pauses for row in Recording.select()] == [[[1, 2, "hold"]]] * 2
    assert len({row for (row,) in database.execute_sql("SELECT CAST(pauses AS text) FROM recording").fetchall()}) == 1


def test_a_row_that_is_there_is_an_error_or_left_out(database: Database) -> None:
    """SAFE-1: who writes twice either fails as a whole, or adds what is new alone."""
    with database.atomic():
        add_rows(CallEventRow, [_event("5-1")])
    with pytest.raises(IntegrityError), database.atomic():
        add_rows(CallEventRow, [_event("5-2"), _event("5-1")])
    assert CallEventRow.select().count() == 1
    with database.atomic():
        new = [tuple(_event(stream_id).values()) for stream_id in ("5-2", "5-1", "5-2")]
        insert_new_rows(CallEventRow, [*_event("")], new)
        insert_new_rows(CallEventRow, [*_event("")], [])
    assert [row.stream_id for row in CallEventRow.select().order_by(CallEventRow.stream_id)] == ["5-1", "5-2"]
