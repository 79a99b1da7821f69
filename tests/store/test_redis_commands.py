"""What an event costs in Redis: nothing where nothing changes, one command for a transition."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from orchestrator.service.end_call import LegReport
from tests.support.call_centre import CallCentre


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """Copies of the configuration are fresh and the script is known."""
    centre = CallCentre(redis_url)
    centre.online("a1", "a2", "a3")
    centre.queue("warm")
    return centre


@contextmanager
def commands(centre: CallCentre, expected: int) -> Iterator[None]:
    """Expect so many commands to be sent to Redis."""
    sent: list[str] = []
    send = centre.redis.execute_command

    def count(*args: object, **options: object) -> object:
        sent.append(str(args[0]))
        return send(*args, **options)

    centre.redis.execute_command = count
    try:
        yield
    finally:
        del centre.redis.execute_command
    assert len(sent) == expected, sent


def leg_of(centre: CallCentre, call: str) -> str:
    return centre.store.call("t", call).document.asked.leg  # type: ignore[union-attr]


def test_an_event_that_changes_nothing_costs_nothing(centre: CallCentre) -> None:
    """SAFE-1: refreshed registrations and devices of nobody don't touch Redis."""
    centre.use.devices.registered("t-1", True)
    centre.use.devices.registered("nobody", True)
    with commands(centre, 0):
        centre.use.devices.registered("t-1", True)
        centre.use.devices.registered("nobody", True)


def test_a_transition_costs_one_command(centre: CallCentre) -> None:
    """SAFE-1: document, indexes, deadline, counters and events are one script."""
    leg = leg_of(centre, "warm")
    for happens in (
        lambda: centre.use.answer.alerted("t", "warm", leg, "fs1"),
        lambda: centre.use.answer.parked("t", "warm", leg, "fs1"),
        lambda: centre.use.answer.joined("t", "warm", leg),
        lambda: centre.use.end.agent_leg_ended("t", "warm", LegReport(leg=leg, role="agent")),
        lambda: centre.use.end.caller_left("t", "warm", LegReport(leg="warm", role="caller")),
    ):
        with commands(centre, 1):
            happens()


def test_a_call_that_can_be_offered_costs_one_more_command(centre: CallCentre) -> None:
    """QUEUE-4: the caller's priority is one read, entering the queue one command, reserving both together another."""
    centre.arrive("c2")
    with commands(centre, 3):
        centre.use.enqueue.answered("t", "c2")
