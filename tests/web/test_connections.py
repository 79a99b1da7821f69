"""Connections of the live feed end with the log-in behind them; feeds survive whatever fails."""

from pathlib import Path

import pytest
from flask import session
from flask_login import login_user
from peewee import Database
from prometheus_client import CollectorRegistry, Counter

from orchestrator.database.models import ApiToken, User
from orchestrator.database.tokens import create_token
from orchestrator.store import keys
from orchestrator.store.clock import RedisClock
from orchestrator.store.codec import to_json
from orchestrator.store.connection import connect
from tests.support.redis_server import RedisServer
from tests.web.conftest import LogIn, config_of
from tests.web.test_feed import NotingRooms
from webui import boards
from webui.app import Web
from webui.boards import Feeds, TenantFeed, run_feed, tenant_room
from webui.connections import Connections


def counter() -> Counter:
    """A counter that nobody else sees."""
    return Counter("failures", "for the test", registry=CollectorRegistry())


@pytest.fixture
def dropped() -> list[str]:
    """What was cut off."""
    return []


@pytest.fixture
def connections(web: Web, sqlite: Database, dropped: list[str]) -> Connections:
    """Connections of the application's people."""
    return Connections(web.services.accounts, web.services.sessions, sqlite, dropped.append, counter())


def connect_by_cookie(web: Web, connections: Connections, login: str) -> dict[str, object]:
    """Connect a person with a session cookie, and return what the cookie holds."""
    with web.app.test_request_context():
        person = web.services.accounts.by_password(login, "correct horse")
        assert person is not None
        web.services.sessions.begin(session)
        login_user(person)
        cookie = dict(session)
    connections.add(login, person, cookie, None)
    return cookie


@pytest.mark.parametrize(
    "change",
    [{"active": False}, {"password": "new"}, {"role": "agent"}, {"tenant": "other"}],
    ids=["inactive", "password", "role", "tenant"],
)
def test_who_lost_access_is_cut_off(
    web: Web, connections: Connections, dropped: list[str], change: dict[str, object]
) -> None:
    """ROLE-1: the review cuts off people who were taken away or changed, and nobody else."""
    for login in ("supervisor@acme", "admin@acme"):
        connect_by_cookie(web, connections, login)
    connections.review()
    assert dropped == []
    User.update(**change).where(User.login == "supervisor@acme").execute()
    connections.review()
    assert dropped == ["supervisor@acme"]
    assert len(connections) == 1


def test_log_in_ended_elsewhere_is_noticed(web: Web, connections: Connections, dropped: list[str]) -> None:
    """STATE-5: a log-in that a supervisor ended through another process takes its connections along."""
    connect_by_cookie(web, connections, "agent@acme")
    user = User.get(User.login == "agent@acme")
    web.services.sessions.end_all(str(user.id))
    connections.review("nobody else")
    assert dropped == []
    connections.review(str(user.id))
    assert dropped == ["agent@acme"]


def test_revoked_token_is_cut_off(web: Web, connections: Connections, dropped: list[str], sqlite: Database) -> None:
    """API-1: a connection made with an API token ends when the token does."""
    token = create_token(sqlite, User.get(User.login == "supervisor@acme"), "wall", now=1)
    person = web.services.accounts.by_token(token)
    assert person is not None
    connections.add("wall", person, {}, token)
    connections.review()
    assert dropped == []
    ApiToken.delete().execute()
    connections.review()
    assert dropped == ["wall"]


def test_reviewing_goes_on_after_a_failure(
    web: Web, connections: Connections, dropped: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SAFE-1: a review that fails cuts nobody off, is counted, and the next one works."""
    connect_by_cookie(web, connections, "agent@acme")
    User.update(active=False).execute()
    reviews = iter([lambda *_: 1 / 0, connections.review])
    monkeypatch.setattr(connections, "review", lambda: next(reviews)())
    with pytest.raises(StopIteration):
        connections.keep_reviewing(lambda _: None if not dropped else next(iter(())))
    assert connections._failures._value.get() == 1
    assert dropped == ["agent@acme"]


def test_slow_clients_are_cut_off(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """WALL-3: what a client doesn't fetch piles up to a limit, then the client is cut off and starts anew."""
    rooms = web.feeds._rooms
    gone: list[str] = []
    monkeypatch.setattr(rooms, "_members", lambda _: [("quick", "t1"), ("slow", "t2")])
    monkeypatch.setattr(rooms, "_unsent", {"t1": 3, "t2": 201}.get)
    monkeypatch.setattr(web.socketio.server, "disconnect", gone.append)
    rooms.emit("pulse", {}, "acme:all")
    assert gone == ["slow"]


def test_feed_survives_redis(tmp_path: Path) -> None:
    """SAFE-1, WALL-3: while Redis is away nothing is told; when it is back everybody watches anew."""
    server = RedisServer(tmp_path, appendonly="yes", appendfsync="always")
    server.start()
    redis = connect(server.url)
    redis.set(keys.config("acme"), to_json(config_of("acme")))
    rooms, failures = NotingRooms(), counter()
    feed = TenantFeed("acme", redis, rooms, RedisClock(redis))
    server.kill()
    rounds = iter([True, True, True, False])

    def back(_: float) -> None:
        assert rooms.take("reset") == []
        server.start()

    run_feed(feed, lambda: next(rounds), failures, back)
    server.stop()
    assert failures._value.get() == 1
    assert {message["board"] for message in rooms.take("reset")} == {"seats", "queues"}


def test_feed_starts_once_and_ends_with_its_last_watcher(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """WALL-3: one feed a tenant, however many watch; a failed end leaves none behind, and a new one can start."""
    rooms = NotingRooms()
    started: list[tuple[object, ...]] = []
    feeds = Feeds(
        web.services.redis, rooms, web.services.clock, counter(),
        lambda *task: started.append(task), lambda _: None,
    )  # fmt: skip
    assert feeds.of("acme") is feeds.of("acme")
    feeds.of("other")
    assert feeds.running() == ["acme", "other"]
    assert len(started) == 2
    rooms.empty.add(tenant_room("acme"))
    run, tenant = started[0]
    run(tenant)  # type: ignore[operator]
    assert feeds.running() == ["other"]
    monkeypatch.setattr(boards, "run_feed", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run("other")  # type: ignore[operator]
    assert feeds.running() == []


def test_open_pages_of_a_person_all_end(log_in: LogIn) -> None:
    """STATE-5: a forced logout ends every log-in of a mobile agent, on every device."""
    first, second = log_in("agent@acme"), log_in("agent@acme")
    first.put("/agents/me/answer-mode", json={"mode": "mobile"})
    assert log_in("supervisor@acme").post("/agents/acme-a1/forced-logout").status_code == 200
    assert (first.get("/session").status_code, second.get("/session").status_code) == (401, 401)
