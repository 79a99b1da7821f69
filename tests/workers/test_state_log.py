"""The state log is continued from its end, and made anew where something comes late: both give the same log (LOG-1)."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import Database

from orchestrator.database.models import AgentStateInterval, CallEventRow, ReportMark
from orchestrator.domain.events import AgentRemoved, Event
from tests.workers.stories import NINE, Message, S, changes, stream
from workers import state_log
from workers.jobs import write_events

IN_ORDER = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True
)
AGENTS = ("1001", "王's \"\\\\")

Log = list[tuple[object, ...]]


def _write(batches: Sequence[Sequence[Message]]) -> Log:
    """Write batches one after the other into empty tables, and return the log."""
    for table in (AgentStateInterval, CallEventRow, ReportMark):
        table.delete().execute()
    for batch in batches:
        _add(batch)
    return _log()


def _add(batch: Sequence[Message]) -> None:
    write_events("demo", [list(message) for message in batch])


def _log() -> Log:
    table = AgentStateInterval
    columns = [field for field in table._meta.sorted_fields if field is not table.id]
    return list(table.select(*columns).order_by(table.agent, table.started).tuples())


def _short() -> list[tuple[str, int, int | None]]:
    rows = AgentStateInterval.select().order_by(AgentStateInterval.started)
    return [(row.state, row.started - NINE, row.ended and row.ended - NINE) for row in rows]


@st.composite
def days(draw: st.DrawFn) -> list[Message]:
    """Two agents, one of them removed for a while: states, devices, nothing at all, clocks that differ."""
    kinds = st.sampled_from(["online", "break", "offline", "registered", "lost", "same"])
    steps = st.lists(st.tuples(kinds, st.sampled_from([0, 3, -1, -4])), min_size=1, max_size=10)
    events: list[Event] = [event for agent in AGENTS for event in changes(agent, draw(steps))]
    gone = AgentRemoved(at=NINE + draw(st.integers(-2, 9)), agent=AGENTS[0])
    return stream([*events[: draw(st.integers(0, len(events)))], gone, *events])


@IN_ORDER
@given(data=st.data())
def test_what_comes_in_order_continues_the_log(database: Database, data: st.DataObject) -> None:  # noqa: ARG001
    """LOG-1: in whatever pieces the stream is cut, the log is that of the whole."""
    messages = data.draw(days())
    cuts = sorted(data.draw(st.lists(st.integers(0, len(messages)), max_size=8)))
    pieces = [messages[a:b] for a, b in zip([0, *cuts], [*cuts, len(messages)], strict=True)]
    assert _write(pieces) == _write([messages])


def test_what_comes_in_order_reads_no_change_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """CDR-1 (1,000 calls a second): a log that goes on costs no look at what it was made of."""
    messages = stream(changes("1001", [("online", 0), ("same", 5), ("break", 5), ("online", 5)]))
    expected = _write([messages])
    _write([messages[:1]])
    monkeypatch.delattr(state_log, "changes_since")
    for message in messages[1:]:
        _add([message])
    assert _log() == expected


def test_time_told_by_what_left_no_trace_does_not_go_back(database: Database) -> None:  # noqa: ARG001
    """LOG-1: an update of counters at 10 came before a break that another host's clock puts at 9: it begins at 10."""
    messages = stream(changes("1001", [("online", 0), ("same", 10), ("break", -1)]))
    _write([[message] for message in messages])
    assert _short() == [("online", 0, 10), ("break", 10, None)]


def test_a_batch_that_comes_late_or_again_is_sorted_in(database: Database) -> None:  # noqa: ARG001
    """LOG-1, SAFE-1: a worker was killed and its batch comes after the next one; then it comes once more."""
    messages = stream(changes("1001", [("online", 0), ("break", 10), ("online", 10), ("offline", 10)]))
    expected = _write([messages])
    assert _write([messages[:1], messages[2:3], messages[1:2], messages[3:], messages[1:3]]) == expected
    assert _write([messages[:1], messages[3:], messages[1:3], messages[2:]]) == expected


def test_a_batch_that_is_told_again_with_what_was_missing_in_it(database: Database) -> None:  # noqa: ARG001
    """LOG-1, SAFE-1: as many come as are stored from there on, and yet the log has its end already."""
    messages = stream(changes("1001", [("online", 0), ("break", 3), ("online", 3)]))
    first, missing, last = messages
    assert _write([[first, last], [first, missing, last]]) == _write([messages])


def test_what_comes_late_counts_though_the_next_left_no_trace(database: Database) -> None:  # noqa: ARG001
    """LOG-1: that a device was back was told, and changed nothing, before it was told that it had gone."""
    messages = stream(changes("1001", [("online", 0), ("registered", 0), ("lost", 10), ("registered", 10)]))
    expected = _write([messages])
    assert _write([messages[:2], messages[3:], messages[2:3]]) == expected


def test_intervals_outlive_what_told_of_them(database: Database) -> None:  # noqa: ARG001
    """LOG-1: events are deleted sooner than states; who was away for so long has still been away."""
    messages = stream(changes("1001", [("online", 0), ("offline", 10 * S), ("online", 60 * S), ("break", S)]))
    expected = _write([messages])
    _write([messages[:2]])
    CallEventRow.delete().execute()
    _add(messages[2:3])
    CallEventRow.delete().where(CallEventRow.ms < int(messages[3][0].split("-")[0])).execute()
    _add(messages[3:])
    assert _log() == expected


def test_what_comes_late_leaves_alone_what_is_told_of_no_more(database: Database) -> None:  # noqa: ARG001
    """LOG-1: the same where the log has to be made anew: at the moment of the last change, the agent goes on."""
    messages = stream(changes("1001", [("online", 0), ("offline", 10 * S), ("online", 60 * S), ("break", 0)]))
    expected = _write([messages])
    _write([messages[:2]])
    CallEventRow.delete().execute()
    _add(messages[2:3])
    _add(messages[3:])
    assert _log() == expected


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (0, 3, 1, 2)], ids=["in order", "late"])
def test_what_others_have_done_costs_nothing(database: Database, order: Sequence[int]) -> None:
    """CDR-1 (1,000 calls a second): however long others' logs are, a change looks at its agent's alone."""
    taken = []
    for agent, others in (("1001", range(50)), ("1002", range(50, 5_000))):
        _add_others(others)
        messages = stream(changes(agent, [("online", 0), ("break", 10), ("online", 10), ("offline", 10)]))
        other_ids = [(f"{id_}{agent}", n, event) for id_, n, event in messages]
        taken.append(_steps(database, [other_ids[n] for n in order]))
    assert taken[1] < taken[0] * 1.5


def _add_others(numbers: Sequence[int]) -> None:
    """Agents, each with one interval that goes on and the event that began it."""
    log = {"state": "online", "since": NINE, "reason": "", "mode": "web", "registered": True, "cause": "online"}
    told = {"type": "agent_changed", "json": "{}", "at": NINE}
    places = [{"tenant": "demo", "agent": f"x{n}", "ms": NINE // 1000, "n": n} for n in numbers]
    AgentStateInterval.insert_many([{**log, **place, "started": NINE} for place in places]).execute()
    CallEventRow.insert_many([{**told, **place, "stream_id": f"1-{place['n']}"} for place in places]).execute()


def _steps(database: Database, messages: Sequence[Message]) -> int:
    """Return how many hundreds of steps of its machine SQLite needed to write messages one by one."""
    taken: list[int] = []
    database.connection().set_progress_handler(lambda: taken.append(1), 100)
    for message in messages:
        _add([message])
    database.connection().set_progress_handler(None, 0)
    return len(taken)
