"""Events become records: each once, whole, in whatever order and however often they come."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import Database

from orchestrator.database.models import (
    AgentStateInterval,
    CallEventRow,
    CallLeg,
    CallRecord,
    OfferRow,
    QueueStay,
    Table,
)
from orchestrator.domain.call_states import Outcome
from orchestrator.domain.events import Connected
from orchestrator.store.codec import to_json
from tests.workers.stories import (
    CHOICE,
    NINE,
    Message,
    S,
    abandoned_call,
    arrived,
    changes,
    connected_call,
    ended,
    left,
    queued,
    stream,
)
from workers import call_records
from workers.intervals import Change, intervals
from workers.jobs import write_events

RECORDS: tuple[type[Table], ...] = (CallLeg, QueueStay, OfferRow, CallRecord, AgentStateInterval, CallEventRow)

MIXED_UP = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True
)


def _rows(table: type[Table]) -> list[dict[str, Any]]:
    """All rows, without their numbers, with the call that a part belongs to, in a fixed order."""
    rows = list(table.select().dicts())
    calls = {record.id: record.call for record in CallRecord.select()}
    for row in rows:
        row.pop("id")
        if "record" in row:
            row["record"] = calls[row["record"]]
    return sorted(rows, key=repr)


def _dump() -> dict[str, list[dict[str, Any]]]:
    return {table.__name__: _rows(table) for table in RECORDS}


def _clear() -> None:
    for table in RECORDS:
        table.delete().execute()


def _write(batches: Iterable[Sequence[Message]]) -> dict[str, list[dict[str, Any]]]:
    """Write into empty tables and return everything in them."""
    _clear()
    for batch in batches:
        write_events("demo", [list(message) for message in batch])
    return _dump()


@st.composite
def agents_changes(draw: st.DrawFn) -> list[Message]:
    """A day of two agents: states, devices, repeated choices, clocks that differ by a little."""
    kinds = st.sampled_from(["online", "break", "ringing", "offline", "registered", "lost", "same"])
    steps = st.lists(st.tuples(kinds, st.sampled_from([0, 3, -1])), min_size=1, max_size=12)
    first, second = changes("1001", draw(steps)), changes("1002", draw(steps))
    mixed = draw(st.permutations([0] * len(first) + [1] * len(second)))
    sides: tuple[Iterator[Any], ...] = (iter(first), iter(second))
    return stream(next(sides[side]) for side in mixed)


@st.composite
def batches_of(draw: st.DrawFn, messages: Sequence[Message]) -> list[list[Message]]:
    """The messages in any order, some of them again, in batches of any size."""
    again = draw(st.lists(st.sampled_from(messages), max_size=5))
    shuffled = draw(st.permutations([*messages, *again]))
    cuts = sorted(draw(st.lists(st.integers(0, len(shuffled)), max_size=6)))
    return [list(shuffled[a:b]) for a, b in zip([0, *cuts], [*cuts, len(shuffled)], strict=True)]


@MIXED_UP
@given(data=st.data())
def test_calls_are_the_same_whatever_the_batches(database: Database, data: st.DataObject) -> None:  # noqa: ARG001
    """CDR-1, SAFE-1: any split, order and repetition of batches gives the same records, one a call."""
    messages = stream([*connected_call("c1", NINE), *abandoned_call("c2", NINE + S)])
    expected = _write([messages])
    assert [row["call"] for row in expected["CallRecord"]] == ["c1", "c2"]
    assert _write(data.draw(batches_of(messages))) == expected


@MIXED_UP
@given(data=st.data())
def test_the_state_log_is_the_same_whatever_the_batches(database: Database, data: st.DataObject) -> None:  # noqa: ARG001
    """LOG-1, SAFE-1: any split, order and repetition of batches gives the same intervals."""
    messages = data.draw(agents_changes())
    expected = _write([messages])
    assert _write(data.draw(batches_of(messages))) == expected


@given(
    steps=st.lists(st.tuples(st.sampled_from(["online", "break", "lost", "registered", "same"]), st.integers(-2, 5)))
)
def test_intervals_leave_no_gap_and_no_overlap(steps: list[tuple[str, int]]) -> None:
    """LOG-1: each interval begins where the one before ended, none is empty, only the last is open."""
    rows = intervals(Change(0, n, event) for n, event in enumerate(changes("1001", steps)))
    for before, after in pairwise(rows):
        assert before.ended == after.started > before.started
    assert [row.ended for row in rows[-1:]] == [None] * bool(steps)


def test_a_connected_call_adds_up(database: Database) -> None:  # noqa: ARG001
    """CDR-1: one record with its legs, stay and offers: who was asked, when, why not, and the times of each part."""
    _write([stream(connected_call("c1", NINE))])
    record = CallRecord.get()
    assert (record.caller, record.caller_name, record.number) == ("13800138000", "王", "4001")
    assert (record.queue, record.agent, record.outcome, record.short) == ("sales", "1002", "connected", False)
    assert (record.wait_us, record.talk_us, record.ring_us) == (18 * S, 60 * S, 16_800_000)
    assert (record.arrived, record.connected, record.ended) == (NINE, NINE + 18 * S, NINE + 78 * S)
    offers = OfferRow.select().order_by(OfferRow.offered)
    assert [(offer.agent, offer.result) for offer in offers] == [("1001", "no_answer"), ("1002", "accepted")]
    assert [offer.choice for offer in offers] == [None, orjson.loads(to_json(CHOICE))]
    assert [(stay.outcome, stay.agent) for stay in QueueStay.select()] == [("connected", "1002")]
    assert {leg.leg for leg in CallLeg.select()} == {"c1", "c1-a", "c1-b"}


def test_an_abandoned_call_ends_its_offer_and_its_stay(database: Database) -> None:  # noqa: ARG001
    """QUEUE-6: giving up within the limit is marked; the offer that was open is withdrawn with the call."""
    _write([stream(abandoned_call("c2", NINE))])
    record = CallRecord.get()
    assert (record.outcome, record.short, record.agent, record.talk_us) == ("abandoned", True, None, 0)
    assert [(offer.result, offer.ended) for offer in OfferRow.select()] == [("cancelled", NINE + 4 * S)]


def test_a_call_that_has_not_ended_has_no_record_yet(database: Database) -> None:  # noqa: ARG001
    """CDR-1: the record appears with the end of the call; the events are kept until then."""
    dump = _write([stream(connected_call("c1", NINE))[:-1]])
    assert dump["CallRecord"] == []
    assert len(dump["CallEventRow"]) == len(connected_call("c1", NINE)) - 1


def test_an_event_of_a_later_version_is_kept_and_left_alone(database: Database) -> None:  # noqa: ARG001
    """OPS-1: during an upgrade an unknown event neither stops the others nor is lost."""
    unknown = (f"{NINE // 1000 + 999}-0", 999, f'{{"type":"call_praised","at":{NINE},"call":"c1"}}')
    dump = _write([[unknown, *stream(connected_call("c1", NINE))]])
    assert len(dump["CallRecord"]) == 1
    assert "call_praised" in {row["type"] for row in dump["CallEventRow"]}


def test_what_breaks_off_leaves_nothing_half(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """SAFE-1: a batch that breaks off after the events and half a record has changed nothing; again, it is whole."""
    messages = stream([*connected_call("c1", NINE), *changes("1001", [("online", 1)])])
    expected = _write([messages])
    _clear()

    def break_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(call_records, "_add", break_off)
        with pytest.raises(KeyboardInterrupt):
            write_events("demo", [list(message) for message in messages])
    assert not any(_dump().values())
    assert _write([messages]) == expected


def test_a_lost_device_divides_the_state_but_not_its_time(database: Database) -> None:  # noqa: ARG001
    """LOG-1, STATE-3: the log tells when the device was there; the state's own beginning stays in both parts."""
    steps = [("online", 0), ("registered", 0), ("lost", 10), ("same", 5), ("break", 5)]
    _write([stream(changes("1001", steps))])
    rows = AgentStateInterval.select().order_by(AgentStateInterval.started)
    assert [(row.state, row.registered, row.since - NINE, row.started - NINE, row.cause) for row in rows] == [
        ("online", True, 0, 0, "registered"),
        ("online", False, 0, 10, "lost"),
        ("break", False, 20, 20, "break"),
    ]
    assert [row.ended and row.ended - NINE for row in rows] == [10, 20, None]


def test_a_device_that_flaps_within_a_microsecond_leaves_no_trace(database: Database) -> None:  # noqa: ARG001
    """LOG-1: an empty interval is dropped and the one before goes on, also when the three come in batches of one."""
    messages = stream(changes("1001", [("registered", 0), ("lost", 10), ("registered", 0)]))
    assert _write([message] for message in messages) == _write([messages])
    assert [(row.started, row.ended) for row in AgentStateInterval.select()] == [(NINE, None)]


def test_tenants_with_the_same_names_do_not_meet(database: Database) -> None:  # noqa: ARG001
    """SAFE-3: the same call and agent ids in two tenants are two records and two logs."""
    messages = [list(m) for m in stream([*connected_call("c1", NINE), *changes("1001", [("online", 1)])])]
    write_events("one", messages)
    write_events("two", messages)
    assert sorted(record.tenant for record in CallRecord.select()) == ["one", "two"]
    assert sorted(row.tenant for row in AgentStateInterval.select()) == ["one", "two"]


def test_a_caller_who_takes_the_waiting_time_along_has_a_stay_in_each_queue(database: Database) -> None:  # noqa: ARG001
    """WALL-4, QUEUE-1: timed out of one queue and connected in the next counts in both, as on boards."""
    there, leg = NINE + 30 * S, "c9-a"
    _write([stream([
        arrived("c9", NINE),
        queued("c9", NINE),
        left("c9", there, NINE, Outcome.TIMED_OUT),
        replace(queued("c9", there), queue="support", entered=NINE),
        replace(left("c9", there + 5 * S, NINE, Outcome.CONNECTED, "1002"), queue="support"),
        Connected(at=there + 5 * S, call="c9", queue="support", agent="1002", leg=leg),
        ended("c9", there + 65 * S, Outcome.CONNECTED, NINE, there + 5 * S),
    ])])  # fmt: skip
    stays = [
        (stay.queue, stay.outcome, stay.entered, stay.talk_us) for stay in QueueStay.select().order_by(QueueStay.ended)
    ]
    assert stays == [("sales", "timed_out", NINE, 0), ("support", "connected", NINE, 60 * S)]
