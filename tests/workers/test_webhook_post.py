"""Sending a message by HTTP: only to addresses that were checked, without redirects, within a time limit (SAFE-2)."""

import socket
import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from orchestrator.webhooks.addresses import networks, target_of
from tests.support.hook_server import HookServer, running_hook_server
from workers import webhook_post
from workers.webhook_post import WHOLE_S, PinnedConnection, post

LOOPBACK = networks(["127.0.0.0/8"])


@pytest.fixture
def server() -> Iterator[HookServer]:
    with running_hook_server() as running:
        yield running


def test_redirects_are_not_followed(server: HookServer) -> None:
    """SAFE-2: an address that sends us elsewhere has failed."""
    server.status = 302
    answer = post(server.url, {}, b"{}", LOOPBACK)
    assert (answer.code, answer.error, len(server.received)) == (302, "redirect", 1)


def test_nothing_is_sent_to_private_addresses(server: HookServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """SAFE-2: neither by number nor by a name that leads there, also when only its second address does."""
    assert post(server.url, {}, b"{}", ()).error == "not_public"
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 443)) for host in ("93.184.216.34", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert post("https://example.com/", {}, b"{}", ()).error == "not_public"
    assert server.received == []


def test_a_name_is_looked_up_once_for_each_try(server: HookServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """SAFE-2: the address that was checked is the one connected to; a second answer of the name is never asked for."""
    asked: list[object] = []
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *rest: int, **more: int) -> list[Any]:
        if host == "hook.example":
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        return real(host, port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    url = server.url.replace("127.0.0.1", "hook.example")
    assert post(url, {}, b"{}", LOOPBACK).error == ""
    assert asked == ["hook.example"]
    assert server.received[0].headers["host"].startswith("hook.example:")


def test_who_never_answers_is_left_after_a_time(server: HookServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """API-1: the whole answer must come in time, however it is spread."""
    server.silent.set()
    with monkeypatch.context() as patched:
        patched.setattr(webhook_post, "WHOLE_S", 0.2)
        answer = post(server.url, {}, b"{}", LOOPBACK)
    assert (answer.code, answer.error) == (None, "timeout")
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/", {}, b"{}", LOOPBACK).error == "connection"


def test_an_answer_may_take_as_long_as_is_promised(server: HookServer) -> None:
    """API-1: ten seconds for the answer, not the five that a connection may take."""
    target = target_of(server.url)
    connection = PinnedConnection(target, target.host, ssl.create_default_context())
    connection.connect()
    assert connection.sock.gettimeout() == WHOLE_S
    connection.close()
