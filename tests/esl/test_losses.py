"""What ends a connection to a scripted switch, and that nobody is left waiting."""

from __future__ import annotations

from dataclasses import replace

import gevent
import gevent.event
import pytest

from esl_handlers import errors
from esl_handlers.frames import FrameLimits
from esl_handlers.switch_commands import (
    GetCoreUuid,
    SetVariables,
    ShowChannels,
)
from esl_handlers.switch_events import SwitchEvent
from tests.esl import recorded
from tests.esl.conftest import QUICK, Connect
from tests.esl.scripted_switch import WAIT_S, Peer, scripted, wait_for_end

LEG = "9553539a-8009-41dd-8e2a-770e9075a995"
PARKED = next(body for body in recorded.event_bodies("06f-bridge-agent-dies-same-instant"))


def later(at: int) -> bytes:
    """A heartbeat that happened `at`, in microseconds."""
    return f"Event-Name: HEARTBEAT\nCore-UUID: c\nEvent-Date-Timestamp: {at}\n\n".encode()


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
