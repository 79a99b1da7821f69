"""The wallboards' projections: a board advanced by events equals a board made anew."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.domain.config import QueueConfig
from orchestrator.domain.monitor import QueueBoard, SeatBoard
from tests.unit.monitor_world import CONFIG, World


def drive(world: World, picks: list[int]) -> None:
    """Let the world go on."""
    for pick in picks:
        world.step(pick)


steps = st.lists(st.integers(min_value=0, max_value=10_000), min_size=5, max_size=60)


@settings(max_examples=200, deadline=None)
@given(before=steps, after=steps)
def test_events_lead_from_snapshot_to_snapshot(before: list[int], after: list[int]) -> None:
    """WALL-1, WALL-2, WALL-4: events applied to a snapshot taken before give the snapshot taken after."""
    world = World()
    drive(world, before)
    seats, queues, known = world.seat_board(), world.queue_board(), len(world.events)
    shown_seats, shown_queues = {row.id: row for row in seats.rows()}, {row.id: row for row in queues.rows()}
    drive(world, after)
    for event in world.events[known:]:
        follow(seats, shown_seats, seats.apply(event))
        follow(queues, shown_queues, queues.apply(event))
    follow(seats, shown_seats, seats.new_day(world.day.isoformat()))
    follow(queues, shown_queues, queues.new_day(world.day.isoformat()))
    assert seats.rows() == world.seat_board().rows()
    assert queues.rows() == world.queue_board().rows()
    assert shown_seats == {row.id: row for row in seats.rows()}
    assert shown_queues == {row.id: row for row in queues.rows()}
    assert [seats.own(a) for a in CONFIG.agents] == [world.seat_board().own(a) for a in CONFIG.agents]


def follow(board: SeatBoard | QueueBoard, shown: dict, touched: set[str]) -> None:  # type: ignore[type-arg]
    """Do what a screen does: replace the rows that were touched, drop those that are gone."""
    for id_ in touched:
        row = board.row(id_)
        if row is None:
            shown.pop(id_, None)
        else:
            shown[id_] = row


def answered_call() -> World:
    """Ann of queue q1 talks to the first caller, who waited four seconds."""
    world = World()
    world.arrive()
    world.enqueue(world.calls["c1"], "q1")
    world.offer(world.calls["c1"], world.agents["a1"])
    world.now += 4_000_000
    world.join(world.calls["c1"])
    return world


def test_seat_row_tells_the_call() -> None:
    """WALL-1: state, duration, device, call, queue, caller and today's count are in the agent's row."""
    world = answered_call()
    row = world.seat_board().row("a1")
    assert row is not None
    assert (row.name, row.group, row.state, row.registered) == ("Ann", "East", "in_call", True)
    assert (row.call, row.queue, row.caller, row.connected_in) == ("c1", "q1", "+8613800000001", 1)
    assert row.since == world.now


def test_queue_row_counts_today() -> None:
    """WALL-2: waiting, connected, abandoned and what is computed of them."""
    world = answered_call()
    world.arrive()
    world.enqueue(world.calls["c2"], "q1")
    world.now += 2_000_000
    world.end(world.calls["c2"])
    world.arrive()
    world.enqueue(world.calls["c3"], "q1")
    row = world.queue_board().row("q1")
    assert row is not None
    assert (row.waiting, row.longest_since, row.offered, row.connected) == (1, world.now, 2, 1)
    assert (row.abandoned, row.short, row.timed_out) == (1, 1, 0)
    assert (row.service_level, row.abandonment_rate, row.answer_us_average) == (0.5, 0.5, 4_000_000)


def test_rates_are_unknown_before_the_first_call() -> None:
    """WALL-2: nothing offered means no rate, not a rate of zero."""
    row = World().queue_board().row("q2")
    assert row is not None
    assert (row.service_level, row.abandonment_rate, row.answer_us_average) == (None, None, None)


def test_midnight_restarts_today() -> None:
    """WALL-4: at the tenant's midnight today's figures restart; who is in a call and who waits stays."""
    world = answered_call()
    seats, queues = world.seat_board(), world.queue_board()
    world.next_day()
    assert seats.new_day(world.day.isoformat()) == {"a1"}
    assert queues.new_day(world.day.isoformat()) == {"q1"}
    seat, queue = seats.row("a1"), queues.row("q1")
    assert seat is not None
    assert queue is not None
    assert (seat.connected_in, seat.state) == (0, "in_call")
    assert (queue.offered, queue.connected) == (0, 0)
    assert seats.new_day(world.day.isoformat()) == set()


def test_late_event_of_yesterday_counts_for_yesterday() -> None:
    """WALL-4: an event of the day before doesn't leak into the new day."""
    world = answered_call()
    known = len(world.events)
    world.arrive()
    world.enqueue(world.calls["c2"], "q1")
    world.end(world.calls["c2"])
    late = world.events[known:]
    world.next_day()
    queues = world.queue_board()
    for event in late:
        queues.apply(event)
    row = queues.row("q1")
    assert row is not None
    assert (row.offered, row.abandoned, row.waiting) == (0, 0, 0)


def test_new_configuration_renames_and_removes() -> None:
    """WALL-1, WALL-2: renamed agents are touched and no others; of the queues all: who serves them may have changed."""
    world = World()
    seats, queues = world.seat_board(), world.queue_board()
    agents = {**CONFIG.agents, "a2": replace(CONFIG.agents["a2"], name="Bob")}
    changed = replace(CONFIG, agents=agents, queues={"q1": CONFIG.queues["q1"], "q3": QueueConfig(id="q3", name="New")})
    assert seats.configure(changed) == {"a2"}
    assert queues.configure(changed) == {"q1", "q2", "q3"}
    assert queues.row("q2") is None
    assert seats.row("a2").name == "Bob"  # type: ignore[union-attr]
