"""One connection to a scripted switch over a real socket."""

from __future__ import annotations

from dataclasses import replace

import gevent
import gevent.event
import pytest
from gevent import socket
from prometheus_client import CollectorRegistry

from esl_handlers import errors
from esl_handlers.client import SwitchConnection
from esl_handlers.frames import FrameLimits
from esl_handlers.pending import Job
from esl_handlers.switch_commands import (
    AnswerCall,
    ChannelExists,
    GetCoreUuid,
    NewLeg,
    Originate,
    SetVariables,
    ShowChannels,
    UserTarget,
)
from esl_handlers.switch_events import ChannelParked, SwitchEvent
from tests.esl import recorded
from tests.esl.conftest import QUICK, Connect
from tests.esl.scripted_switch import WAIT_S, Peer, scripted

LEG = "9553539a-8009-41dd-8e2a-770e9075a995"
JOB = "0242acf5-82f5-4015-a0e2-6f17df026d06"
PARKED = next(body for body in recorded.event_bodies("06f-bridge-agent-dies-same-instant"))


def job_event(output: str) -> bytes:
    """A BACKGROUND_JOB of our job with this output."""
    head = f"Event-Name: BACKGROUND_JOB\nCore-UUID: c\nEvent-Date-Timestamp: 1\nJob-UUID: {JOB}\n"
    return f"{head}Content-Length: {len(output)}\n\n{output}".encode()


def later(at: int) -> bytes:
    """A heartbeat that happened `at`, in microseconds."""
    return f"Event-Name: HEARTBEAT\nCore-UUID: c\nEvent-Date-Timestamp: {at}\n\n".encode()


def wait_for_end(peer: Peer) -> None:
    """Take everything in silence, except a farewell."""
    while command := peer.hear():
        if command == "exit":
            peer.reply("+OK bye")


def test_it_logs_in_and_subscribes_with_custom_last(connect: Connect) -> None:
    """OPS-1: opening logs in and asks for the minimal subscription, subclasses of CUSTOM at its end."""
    heard = []

    def script(peer: Peer) -> None:
        heard.append(peer.let_in())
        wait_for_end(peer)

    with scripted(script) as switch:
        connect(switch.port).open()
    words = heard[0].split(" ")
    assert words[:2] == ["event", "plain"]
    assert "HEARTBEAT" in words
    assert words[-4:] == ["CUSTOM", "sofia::register", "sofia::unregister", "sofia::expire"]


def test_a_wrong_password_is_named(connect: Connect) -> None:
    """OPS-1: a refused password is told apart from a switch that is away."""

    def script(peer: Peer) -> None:
        peer.say(b"Content-Type: auth/request\n\n")
        assert peer.hear() == "auth secret"
        for line in recorded.from_switch("14e-auth-failure")[2:]:
            peer.say(line.wire)

    with scripted(script) as switch, pytest.raises(errors.WrongPasswordError, match="password"):
        connect(switch.port).open()


def test_an_access_list_is_named(connect: Connect) -> None:
    """OPS-1: text/rude-rejection, sent before any login, is told as what it is (trace 14f)."""

    def script(peer: Peer) -> None:
        for line in recorded.from_switch("14f-acl-rude-rejection"):
            peer.say(line.wire)

    with scripted(script) as switch, pytest.raises(errors.AccessDeniedError, match="Access Denied"):
        connect(switch.port).open()


def test_a_refused_subscription_is_named(connect: Connect) -> None:
    """OPS-1: without its events a connection is of no use, so it isn't opened."""

    def script(peer: Peer) -> None:
        peer.say(b"Content-Type: auth/request\n\n")
        peer.hear()
        peer.reply("+OK accepted")
        peer.hear()
        peer.reply("-ERR no keywords supplied")
        wait_for_end(peer)

    with scripted(script) as switch, pytest.raises(errors.SubscriptionRefusedError, match="no keywords"):
        connect(switch.port).open()


def test_nobody_listening_is_unreachable(connect: Connect) -> None:
    """SAFE-1: a switch that is down gives a clear error at once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(errors.UnreachableError, match="cannot be reached"):
            connect(free.getsockname()[1]).open()


def test_a_switch_that_never_greets_is_unreachable(connect: Connect) -> None:
    """SAFE-1: accepting the connection and saying nothing doesn't hang us."""
    with scripted(wait_for_end) as switch, pytest.raises(errors.UnreachableError, match="within"):
        connect(switch.port, settings=replace(QUICK, connect_s=0.05)).open()


def test_a_switch_that_hangs_up_in_the_login_is_unreachable(connect: Connect) -> None:
    """SAFE-1: an end before the login is done is told as such."""
    with scripted(lambda _: None) as switch, pytest.raises(errors.UnreachableError, match="closed"):
        connect(switch.port).open()


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


def test_a_reply_too_late_ends_the_connection(connect: Connect) -> None:
    """SAFE-1: without its reply, later ones can't be told apart, so everybody who waits hears why it ended."""

    def script(peer: Peer) -> None:
        peer.let_in()
        wait_for_end(peer)

    with scripted(script) as switch:
        connection = connect(switch.port)
        connection.open()
        first, second = connection.send(ShowChannels(), GetCoreUuid(), within_s=0.02)
        with pytest.raises(errors.CommandTimedOutError, match="ShowChannels"):
            first.result()
        with pytest.raises(errors.CommandTimedOutError):
            second.result()
        with pytest.raises(errors.CommandTimedOutError):
            connection.send(GetCoreUuid())


def test_a_half_open_connection_is_found(connect: Connect) -> None:
    """SAFE-1: when nothing comes, the switch is asked for a sign of life, and given up without one."""
    asked = []

    def script(peer: Peer) -> None:
        peer.let_in()
        asked.append(peer.hear())
        wait_for_end(peer)

    with scripted(script) as switch:
        connection = connect(switch.port, settings=replace(QUICK, silence_s=0.02, probe_s=0.02))
        connection.open()
        assert isinstance(connection.wait_ended(WAIT_S), errors.SwitchSilentError)
    assert asked == ["api global_getvar core_uuid"]


def test_a_quiet_switch_that_answers_stays_connected(connect: Connect) -> None:
    """SAFE-1: silence alone is no fault: a sign of life keeps the connection."""
    answered = gevent.event.Event()

    def script(peer: Peer) -> None:
        peer.let_in()
        for _ in range(3):
            peer.hear()
            peer.answer("core")
        answered.set()
        wait_for_end(peer)

    with scripted(script) as switch:
        connection = connect(switch.port, settings=replace(QUICK, silence_s=0.02, probe_s=WAIT_S))
        connection.open()
        assert answered.wait(WAIT_S)
        assert connection.reason is None


def test_a_shutdown_is_told_with_the_switchs_words(connect: Connect) -> None:
    """SAFE-1: a disconnect-notice ends the connection, and everybody who waits, with its reason."""
    notice = b"The system is being shut down.\n"

    def script(peer: Peer) -> None:
        peer.let_in()
        peer.hear()
        peer.say(b"Content-Type: text/disconnect-notice\nContent-Length: %d\n\n" % len(notice) + notice)

    with scripted(script) as switch:
        connection = connect(switch.port)
        connection.open()
        with pytest.raises(errors.SwitchClosedError, match="being shut down"):
            connection.execute(GetCoreUuid())


@pytest.mark.parametrize("half", [b"", b"Content-Le", b"Content-Length: 10\n\n", b"Content-Length: 10\n\nabc"])
def test_an_end_anywhere_frees_everybody_who_waits(connect: Connect, half: bytes) -> None:
    """SAFE-1: a connection cut in mid-message leaves nobody waiting."""

    def script(peer: Peer) -> None:
        peer.let_in()
        peer.hear()
        peer.say(half)

    with scripted(script) as switch:
        connection = connect(switch.port)
        connection.open()
        with pytest.raises(errors.ConnectionLostError):
            connection.execute(GetCoreUuid())


def test_an_oversized_message_ends_the_connection(connect: Connect) -> None:
    """SAFE-2: memory is bounded, whatever length a message claims."""

    def script(peer: Peer) -> None:
        peer.let_in()
        peer.say(b"Content-Length: 999999999999\nContent-Type: text/event-plain\n\n")
        wait_for_end(peer)

    with scripted(script) as switch:
        connection = connect(switch.port, settings=replace(QUICK, frames=FrameLimits(body=1000)))
        connection.open()
        assert isinstance(connection.wait_ended(WAIT_S), errors.FrameTooLargeError)


def test_a_reply_to_nothing_ends_the_connection(connect: Connect) -> None:
    """SAFE-1: once replies and commands are out of step nothing can be trusted."""

    def script(peer: Peer) -> None:
        peer.let_in()
        peer.reply("+OK")
        wait_for_end(peer)

    with scripted(script) as switch:
        connection = connect(switch.port)
        connection.open()
        assert isinstance(connection.wait_ended(WAIT_S), errors.BrokenStreamError)


def test_late_events_end_the_connection(connect: Connect) -> None:
    """SAFE-1: events that come ever later mean that we see the past: better a new snapshot."""
    now = [100.0]

    def script(peer: Peer) -> None:
        peer.let_in()
        peer.event(later(7_000_000_000))
        assert first.wait(WAIT_S)
        now[0] += 10
        peer.event(later(7_001_000_000))
        wait_for_end(peer)

    first = gevent.event.Event()
    with scripted(script) as switch:
        connection = connect(switch.port, lambda _: first.set(), clock=lambda: now[0])
        connection.open()
        reason = connection.wait_ended(WAIT_S)
    assert isinstance(reason, errors.EventsLateError)
    assert "9.0 s" in str(reason)


def test_a_full_queue_ends_the_connection(connect: Connect) -> None:
    """SAFE-1: when the handlers can't keep up, the reader gives up instead of eating memory."""

    def full(_event: SwitchEvent) -> None:
        raise errors.EventBacklogError("full")

    def script(peer: Peer) -> None:
        peer.let_in()
        peer.event(PARKED)
        wait_for_end(peer)

    with scripted(script) as switch:
        connection = connect(switch.port, full)
        connection.open()
        assert isinstance(connection.wait_ended(WAIT_S), errors.EventBacklogError)


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


def start_call(connection: SwitchConnection, within_s: float) -> Job:
    """Start to ring an agent."""
    leg = NewLeg(uuid=LEG, target=UserTarget("1001", "cc.local"), ring_s=20)
    return connection.start(Originate(leg, JOB), within_s)


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


def test_a_stop_in_the_middle_of_a_login_ends_it(connect: Connect) -> None:
    """OPS-1: stopping a process does not wait for a switch that does not answer."""
    asked = gevent.event.Event()

    def script(peer: Peer) -> None:
        peer.say(b"Content-Type: auth/request\n\n")
        peer.hear()
        asked.set()
        while peer.hear():  # answers nothing any more, not even the farewell
            pass

    with scripted(script) as switch:
        connection = connect(switch.port)
        opening = gevent.spawn(connection.open)
        assert asked.wait(WAIT_S)
        connection.stop()
        with pytest.raises(errors.UnreachableError, match="closed by us"):
            opening.get()


def test_connections_are_counted_by_how_they_began_and_ended(connect: Connect, registry: CollectorRegistry) -> None:
    """OPS-1: metrics tell how often a switch could not be reached, and why connections were lost."""

    def script(peer: Peer) -> None:
        peer.let_in()

    with scripted(script) as switch:
        for _ in range(2):  # a new connection works after the loss of one
            connection = connect(switch.port)
            connection.open()
            assert isinstance(connection.wait_ended(WAIT_S), errors.SwitchClosedError)
        port = switch.port
    with pytest.raises(errors.UnreachableError):
        connect(port).open()
    count = registry.get_sample_value
    assert count("zuoxi_esl_connects_total", {"switch": "fs1", "result": "connected"}) == 2
    assert count("zuoxi_esl_connects_total", {"switch": "fs1", "result": "switch_unreachable"}) == 1
    assert count("zuoxi_esl_losses_total", {"switch": "fs1", "reason": "switch_closed"}) == 2


def test_a_writer_cut_short_ends_the_connection(connect: Connect) -> None:
    """SAFE-1: half a command may be out, so nothing more may be written after it."""
    go_on = gevent.event.Event()

    def script(peer: Peer) -> None:
        peer.let_in()
        go_on.wait(WAIT_S)

    with scripted(script) as switch:
        connection = connect(switch.port)
        connection.open()
        flood = SetVariables(LEG, {"cc_x": "x" * 20_000_000})  # more than the socket's buffers hold
        writer = gevent.spawn(connection.send, flood)
        gevent.idle()
        writer.kill()
        go_on.set()
        assert isinstance(connection.reason, errors.ConnectionLostError)
        assert "cut short" in str(connection.reason)
