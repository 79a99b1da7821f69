"""Connecting to a scripted switch over a real socket: what can go wrong, and how it is told."""

from __future__ import annotations

from dataclasses import replace

import gevent
import gevent.event
import pytest
from gevent import socket
from prometheus_client import CollectorRegistry

from esl_handlers import errors
from tests.esl import recorded
from tests.esl.conftest import QUICK, Connect
from tests.esl.scripted_switch import WAIT_S, Peer, scripted, wait_for_end


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
        connection = connect(switch.port, settings=replace(QUICK, probe_s=0.05))
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
