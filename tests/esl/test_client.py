"""Commands, replies, jobs and events on one connection to a scripted switch over a real socket."""

from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry

from esl_handlers import errors
from esl_handlers.client import SwitchConnection
from esl_handlers.pending import Job
from esl_handlers.switch_commands import (
    AnswerCall,
    ChannelExists,
    GetCoreUuid,
    NewLeg,
    Originate,
    UserTarget,
)
from esl_handlers.switch_events import ChannelParked, SwitchEvent
from tests.esl import recorded
from tests.esl.conftest import Connect
from tests.esl.scripted_switch import Peer, scripted, wait_for_end

LEG = "9553539a-8009-41dd-8e2a-770e9075a995"
JOB = "0242acf5-82f5-4015-a0e2-6f17df026d06"
PARKED = next(body for body in recorded.event_bodies("06f-bridge-agent-dies-same-instant"))


def job_event(output: str) -> bytes:
    """A BACKGROUND_JOB of our job with this output."""
    head = f"Event-Name: BACKGROUND_JOB\nCore-UUID: c\nEvent-Date-Timestamp: 1\nJob-UUID: {JOB}\n"
    return f"{head}Content-Length: {len(output)}\n\n{output}".encode()


def start_call(connection: SwitchConnection, within_s: float) -> Job:
    """Start to ring an agent."""
    leg = NewLeg(uuid=LEG, target=UserTarget("1001", "cc.local"), ring_s=20)
    return connection.start(Originate(leg, JOB), within_s)


def test_replies_belong_to_commands_in_order_whatever_stands_between(connect: Connect) -> None:
    """SAFE-1: pipelined commands get their own replies, with events in between (docs/freeswitch.md, 0.1)."""
    events: list[SwitchEvent] = []

    def script(peer: Peer) -> None:
        peer.let_in()
        heard = [peer.hear() for _ in range(3)]
        peer.event(PARKED)
        peer.answer(heard[0])
        peer.event(PARKED)
        peer.event(PARKED)
        peer.answer("-ERR No such channel!\n")
        peer.answer(heard[2])
        wait_for_end(peer)

    with scripted(script) as switch:
        connection = connect(switch.port, events.append)
        connection.open()
        first, second, third = connection.send(GetCoreUuid(), AnswerCall(LEG), ChannelExists(LEG))
        assert third.result().text == f"api uuid_exists {LEG}"
        assert first.result().text == "api global_getvar core_uuid"
        assert not second.result().ok
        assert second.result().error == "No such channel!"
    assert [type(event) for event in events] == [ChannelParked] * 3


def test_unknown_and_malformed_messages_are_counted_and_skipped(connect: Connect, registry: CollectorRegistry) -> None:
    """OPS-1: what we don't understand is seen in the metrics and stops nothing."""
    events: list[SwitchEvent] = []

    def script(peer: Peer) -> None:
        peer.let_in()
        peer.event(b"Event-Name: SOMETHING_NEW\n\n")
        peer.event(b"Event-Name: CHANNEL_PARK\nUnique-ID: x\n\n")
        peer.say(b"Content-Type: log/data\nContent-Length: 2\n\nhi")
        peer.event(PARKED)
        peer.hear()
        peer.answer("core")
        wait_for_end(peer)

    with scripted(script) as switch:
        connection = connect(switch.port, events.append)
        connection.open()
        connection.execute(GetCoreUuid())
    count = registry.get_sample_value
    assert count("zuoxi_esl_unknown_total", {"switch": "fs1"}) == 2
    assert count("zuoxi_esl_malformed_total", {"switch": "fs1"}) == 1
    assert len(events) == 1


def test_a_job_ends_with_its_own_event(connect: Connect) -> None:
    """WEB-1: a background job is known by the id we gave it, and its event reaches the handlers too."""
    events: list[SwitchEvent] = []

    def script(peer: Peer) -> None:
        peer.let_in()
        assert peer.hear().endswith(f"&park()\nJob-UUID: {JOB}")
        peer.reply(f"+OK Job-UUID: {JOB}", Job_UUID=JOB)
        peer.event(job_event("-ERR NO_ANSWER\n"))
        wait_for_end(peer)

    with scripted(script) as switch:
        connection = connect(switch.port, events.append)
        connection.open()
        job = start_call(connection, 5)
        assert job.accepted.result().ok
        finished = job.finished.result()
    assert (finished.ok, finished.cause) == (False, "NO_ANSWER")
    assert events == [finished]


def test_a_job_that_is_refused_late_or_cut_off_says_so(connect: Connect) -> None:
    """SAFE-1: whoever waits for a job hears of it in any case."""

    def script(peer: Peer) -> None:
        peer.let_in()
        peer.hear()
        peer.reply("-ERR command not found")
        for _ in range(2):
            peer.hear()
            peer.reply(f"+OK Job-UUID: {JOB}")

    with scripted(script) as switch:
        connection = connect(switch.port)
        connection.open()
        with pytest.raises(errors.JobRefusedError, match="not found"):
            start_call(connection, 5).finished.result()
        with pytest.raises(errors.JobTimedOutError):
            start_call(connection, 0.02).finished.result()
        with pytest.raises(errors.SwitchClosedError):
            start_call(connection, 5).finished.result()


def test_stopping_waits_until_the_switch_has_read_everything(connect: Connect) -> None:
    """SAFE-1: commands sent before a stop reach the switch, and the stop is told from a loss."""
    heard = []

    def script(peer: Peer) -> None:
        peer.let_in()
        heard.append(peer.hear())
        peer.answer("+OK")
        heard.append(peer.hear())
        peer.reply("+OK bye")

    with scripted(script) as switch:
        connection = connect(switch.port)
        connection.open()
        reply = connection.send(AnswerCall(LEG))[0]
        connection.stop()
        assert reply.result().ok
        assert isinstance(connection.reason, errors.StoppedError)
        with pytest.raises(errors.StoppedError):
            connection.send(GetCoreUuid())
    assert heard == [f"api uuid_answer {LEG}", "exit"]
