"""What workers write marks each time at which it counts in reports, and at which it counted before (REP-1)."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from peewee import Database

from orchestrator.database.models import CallEventRow, ReportMark
from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.call_states import Outcome
from orchestrator.domain.events import (
    AgentChanged,
    AgentRemoved,
    CallArrived,
    CallPlaced,
    Connected,
    Event,
    FormSaved,
    RecordingBegun,
)
from orchestrator.domain.report_sums import QUARTER_US
from orchestrator.store.codec import event_to_json
from tests.workers.stories import NINE, arrived, ended, left, leg_ended, queued
from workers.jobs import write_events

HOUR = 4 * QUARTER_US


def _write(events: Iterable[Event]) -> list[int]:
    """Write events that were told in time but come now; returns the quarters after `NINE` that are marked with them."""
    ReportMark.delete().execute()
    before = CallEventRow.select().count()
    numbered = [(event.at // 1000, before + n, event_to_json(event)) for n, event in enumerate(events)]
    write_events("demo", [[f"{ms}-{n}", n, text] for ms, n, text in numbered])
    spans = [(row.since - NINE, row.until - NINE) for row in ReportMark.select().order_by(ReportMark.since)]
    return [at // QUARTER_US for since, until in spans for at in range(since, until, QUARTER_US)]


def _changed(state: AgentState, hours: int, call: str | None = None) -> AgentChanged:
    at = NINE + hours * HOUR
    agent = Agent(id="1002", state=state, since=at)
    return AgentChanged(at=at, agent=agent, previous=AgentState.ONLINE, previous_since=at, cause="", call=call)


def _connected(call: str, at: int) -> list[Event]:
    """Taken out of the line an hour later, heard from the second hour on, over after the third."""
    return [
        arrived(call, at),
        queued(call, at),
        left(call, at + HOUR, at, Outcome.CONNECTED, "1002"),
        Connected(at=at + 2 * HOUR, call=call, queue="sales", agent="1002", leg=f"{call}-a"),
        ended(call, at + 3 * HOUR, Outcome.CONNECTED, at, at + 2 * HOUR),
    ]


def _placed(call: str, at: int) -> list[Event]:
    placed = CallPlaced(
        at=at, call=call, switch="one", agent="1002", number="13800138000", caller_id="4001", leg=f"{call}-a", by="1002"
    )
    return [placed, ended(call, at + HOUR, Outcome.NOT_REACHED, at)]


def _message(call: str, at: int) -> list[Event]:
    begun = RecordingBegun(at=at + HOUR, call=call, recording=f"{call}-m", path="", kind="voicemail")
    return [arrived(call, at), begun, ended(call, at + 2 * HOUR, Outcome.VOICEMAIL, at)]


@pytest.mark.parametrize(
    ("story", "hours"), [(_connected, [1, 2]), (_placed, [0]), (_message, [1])], ids=["stay and talk", "out", "message"]
)
def test_a_new_call_marks_when_it_counts(
    database: Database,  # noqa: ARG001
    story: Callable[[str, int], list[Event]],
    hours: list[int],
) -> None:
    """REP-1: a stay when it ends, a conversation when it begins, a call out when it is placed, a message when left."""
    assert _write(story("c1", NINE)) == [hour * 4 for hour in hours]


def test_a_call_written_again_marks_when_it_counted_before(database: Database) -> None:  # noqa: ARG001
    """REP-1: the end of a stay is told late: until then it lasted as long as the call."""
    whole = _connected("c1", NINE)
    assert _write([event for event in whole if event.type != "queue_left"]) == [8, 12]
    assert _write([event for event in whole if event.type == "queue_left"]) == [4, 8, 12]


def test_a_call_that_comes_late_marks_what_repeats_it(database: Database) -> None:  # noqa: ARG001
    """REP-1: a connected call of the same caller within a day after it counts as repeated from now on."""
    for call, at in (("next", NINE + 5 * HOUR), ("after a day", NINE + 25 * HOUR), ("before", NINE - 5 * HOUR)):
        _write(_connected(call, at))
    other = _connected("other", NINE + 7 * HOUR)
    _write([replace(event, caller="13900139000") if isinstance(event, CallArrived) else event for event in other])
    assert _write(_connected("c1", NINE)) == [4, 8, 6 * 4]


def test_a_call_whose_caller_is_told_late_marks_what_repeats_it(database: Database) -> None:  # noqa: ARG001
    """REP-1: the arrival comes after all else; only now is it known whom the next call repeats."""
    _write(_connected("next", NINE + 5 * HOUR))
    first, *rest = _connected("c1", NINE)
    assert _write(rest) == [4, 8]
    assert _write([first]) == [4, 8, 6 * 4]


def test_a_state_that_is_told_late_marks_what_it_divides(database: Database) -> None:  # noqa: ARG001
    """REP-1: a break in the midst of three hours that had been counted as ready."""
    removed = AgentRemoved(at=NINE + 3 * HOUR, agent="1002")
    assert _write([_changed(AgentState.ONLINE, 0), removed]) == [*range(12)]
    assert _write([_changed(AgentState.BREAK, 2)]) == [*range(12)]
    assert _write([_changed(AgentState.BREAK, 2)]) == []


def test_wrap_up_that_is_told_late_marks_the_talk_before(database: Database) -> None:  # noqa: ARG001
    """REP-1: wrap-up counts when its conversation began: it ends an hour earlier than was known."""
    _write(_connected("c1", NINE))
    removed = AgentRemoved(at=NINE + 5 * HOUR, agent="1002")
    assert _write([_changed(AgentState.WRAP_UP, 3, "c1"), removed]) == [8, *range(12, 20)]
    assert _write([_changed(AgentState.ONLINE, 4, "c1")]) == [8, *range(12, 20)]


def test_what_changes_nothing_of_a_record_marks_nothing_of_others(database: Database) -> None:  # noqa: ARG001
    """REP-1: events of calls that go on still mark nothing, nor does what another call is told."""
    _write(_connected("c1", NINE))
    assert _write([arrived("c2", NINE + HOUR), queued("c2", NINE + HOUR)]) == []
    assert _write([leg_ended("c2", "c2-a", "agent", "1001", NINE, NINE + HOUR)]) == []
    form = FormSaved(at=NINE, call="c1", agent="1002", notes="", disposition="", tags=("vip",), by="u")
    assert _write([form]) == []
    assert _write([leg_ended("c1", "c1", "caller", None, NINE, NINE + 3 * HOUR)]) == [4, 8]
