"""Alerts of calls out that were refused: seen in the events, listed once a day, read by each person (SAFE-4)."""

import json
from typing import Any

import orjson

from orchestrator.database.models import User
from orchestrator.domain.calling_out import REFUSED_OFTEN
from orchestrator.service.calling_out import reason_of
from orchestrator.service.errors import (
    AgentOfflineError,
    LimitReachedError,
    NotCallableError,
    NumberBlockedError,
    RefusedError,
)
from orchestrator.store.news import CHANNEL, News, Told, alerts_changed
from tests.web.conftest import LogIn, Person
from tests.web.watchers import NotingRooms
from webui.app import Web
from webui.newsroom import Newsroom, permission_room, person_room
from webui.permissions import Permission
from webui.sockets import NEWS_FOR
from workers.jobs import write_events

DAY_US = 86_400_000_000
NOON = 20_000 * DAY_US


def refuse(n: int, error: RefusedError, agent: str = "acme-a1", at: int = NOON, number: str = "") -> list[Any]:
    """An event of acme's stream: a call out was refused, written as the call path does."""
    event = {
        "type": "call_refused",
        "at": at + n,
        "agent": agent,
        "number": number or f"+8613900000{n:03}",
        "by": "1",
        "reason": reason_of(error),
        "limit": error.details.get("limit", ""),
    }
    return [f"{at // 1000}-{n}", n, orjson.dumps(event).decode()]


def reached(limit: str) -> LimitReachedError:
    return LimitReachedError(limit=limit, most="3")


def listed(person: Person) -> list[tuple[str, str, str | None, int, str]]:
    found = person.get("/alerts").json["items"]
    return [(one["kind"], one["what"], one["agent"], one["count"], one["number"]) for one in found]


def test_reached_limits_are_told_once_a_day(web: Web, log_in: LogIn) -> None:  # noqa: ARG001
    """SAFE-4, SAFE-1: how often, and by whom where it is an agent's limit; batches that come again count nothing."""
    batch = [
        refuse(1, reached("agent_calls")), refuse(2, reached("tenant_spend")),
        refuse(3, reached("tenant_spend"), agent="acme-a2"), refuse(4, AgentOfflineError()),
        refuse(5, reached("tenant_spend"), at=NOON + DAY_US),
    ]  # fmt: skip
    for _ in range(2):
        write_events("acme", batch)
    write_events("acme", batch[1:2])
    assert listed(log_in("admin@acme")) == [
        ("limit_reached", "tenant_spend", None, 1, "+8613900000005"),
        ("limit_reached", "tenant_spend", None, 2, "+8613900000003"),
        ("limit_reached", "agent_calls", "acme-a1", 1, "+8613900000001"),
    ]
    assert listed(log_in("admin@other")) == []


def test_a_slip_of_the_finger_is_no_alert(web: Web, log_in: LogIn) -> None:  # noqa: ARG001
    """SAFE-4: a number that the rules refuse is told when it is tried again and again, however it is written."""
    admin, blocked = log_in("admin@acme"), "+8613912345678"
    write_events("acme", [refuse(n, NotCallableError(rule="premium"), number=f"+86900{n}") for n in range(1, 5)])
    write_events("acme", [refuse(n, NotCallableError(rule="prefix"), number=blocked) for n in (5, 6)])
    assert (listed(admin), admin.get("/alerts").json["unread"]) == ([], 0)
    write_events("acme", [refuse(7, NumberBlockedError(), number="008613912345678", agent="acme-a2")])
    assert listed(admin) == [("refused_often", "number_blocked", "acme-a2", REFUSED_OFTEN, blocked)]


def test_each_person_reads_them(web: Web, log_in: LogIn) -> None:  # noqa: ARG001
    """SAFE-4, ROLE-1: what comes after is new again; without the permission there is nothing to read."""
    admin = log_in("admin@acme")
    write_events("acme", [refuse(1, reached("at_once"))])
    page = admin.get("/alerts").json
    assert page["unread"] == 1
    assert admin.put("/alerts/read", json={"until": page["items"][0]["last"]}).status_code == 204
    assert admin.get("/alerts").json["unread"] == 0
    write_events("acme", [refuse(2, reached("at_once"))])
    assert admin.get("/alerts").json["unread"] == 1
    assert log_in("supervisor@acme").get("/alerts").status_code == 403


def test_pages_hear_of_alerts(web: Web, log_in: LogIn) -> None:
    """SAFE-4, ROLE-1: of new ones all who may see them, of what one has read the person's own other pages."""
    news, rooms = alerts_changed("acme"), NotingRooms()
    assert news.permission == Permission.VIEW_ALERTS
    assert news.permission in NEWS_FOR
    Newsroom(News(web.services.redis), rooms).pass_on(news)
    with web.services.redis.pubsub(ignore_subscribe_messages=True) as channel:
        channel.subscribe(CHANNEL)
        assert channel.get_message(timeout=5) is None
        log_in("admin@acme").put("/alerts/read", json={"until": NOON})
        told = channel.get_message(timeout=5)
    assert told is not None
    Newsroom(News(web.services.redis), rooms).pass_on(Told(**json.loads(told["data"])))
    admin = str(User.get(User.login == "admin@acme").id)
    assert rooms.heard == [
        (permission_room("acme", "alerts.view"), "alerts", {}),
        (person_room("acme", admin), "alerts", {}),
    ]
