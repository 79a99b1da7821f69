"""What operators sell: orders of seats, suspensions, over the API."""

from collections.abc import Callable

import pytest

from orchestrator.database.models import AuditRow, Tenant, User
from orchestrator.domain.licence import SeatKind, Standing
from orchestrator.store import keys
from orchestrator.store.clock import RedisClock
from orchestrator.store.connection import TextRedis
from tests.web.configured import in_force
from tests.web.conftest import LogIn, Person
from tests.web.watchers import HandTime, NotingRooms
from webui.boards import TenantFeed

ORDER = {"reference": "PO-1", "kind": "call", "count": 10, "since": "2020-01-01", "until": "2020-12-31"}
Anyone = Callable[[], Person]
DAY_US = 86_400_000_000
#: 2020-01-01 in Shanghai, us UTC.
BEGIN = 1_577_808_000_000_000


def test_an_order_is_in_force_when_it_is_recorded(log_in: LogIn, text_redis: TextRedis) -> None:
    """SEAT-1: a purchase is an order record that ends in the figures the call path reads; `until` is the last day."""
    operator = log_in("operator")
    answer = operator.post("/companies/acme/seat-orders", json=ORDER)
    assert (answer.status_code, answer.json["items"][0]["count"]) == (201, 10)
    licence = in_force(text_redis).licence
    assert licence.purchased(SeatKind.CALL, BEGIN - 1) == 0
    assert licence.purchased(SeatKind.CALL, BEGIN) == 10
    assert licence.purchased(SeatKind.CALL, BEGIN + 366 * DAY_US - 1) == 10
    assert licence.standing(BEGIN + 366 * DAY_US) is Standing.EXPIRED
    assert AuditRow.get().area == "seat_order"


def test_the_same_order_is_recorded_once(log_in: LogIn) -> None:
    """SEAT-1, API-1: a request that is sent twice buys once, and says so."""
    operator = log_in("operator")
    operator.post("/companies/acme/seat-orders", json=ORDER)
    again = operator.post("/companies/acme/seat-orders", json={**ORDER, "count": 20})
    assert (again.status_code, again.json["error"]["id"]) == (409, "ordered_already")
    assert [one["count"] for one in operator.get("/companies/acme/seat-orders").json["items"]] == [10]


def test_no_order_gives_back_more_than_there_is(log_in: LogIn) -> None:
    """SEAT-1: refused with the first day and what there is then; fewer, or after the seats' last day, change it."""
    operator = log_in("operator")
    operator.post("/companies/acme/seat-orders", json=ORDER)
    back = {**ORDER, "reference": "back", "count": -10, "until": None}
    refused = operator.post("/companies/acme/seat-orders", json=back)
    assert (refused.status_code, refused.json["error"]["id"]) == (409, "too_many_back")
    assert "2021-01-01" in refused.json["error"]["message"]
    assert operator.post("/companies/acme/seat-orders", json={**back, "until": ORDER["until"]}).status_code == 201


@pytest.mark.parametrize("bad", [{"count": 0}, {"until": "2019-12-31"}, {"kind": "desk"}, {"reference": ""}])
def test_orders_that_make_no_sense_change_nothing(log_in: LogIn, bad: dict[str, object]) -> None:
    """SEAT-1: refused with the field that is wrong."""
    operator = log_in("operator")
    assert operator.post("/companies/acme/seat-orders", json={**ORDER, **bad}).status_code == 422
    assert operator.get("/companies/acme/seat-orders").json["items"] == []


def test_suspended_companies_are_refused_with_the_reason(log_in: LogIn) -> None:
    """SEAT-4: from the moment it is said until it is taken back."""
    operator, agent = log_in("operator"), log_in("agent@acme")
    assert operator.put("/companies/acme/suspension", json={"reason": "unpaid"}).json == {"suspended": True}
    refused = agent.post("/agents/me/state", json={"state": "online"})
    assert (refused.status_code, refused.json["error"]["id"]) == (409, "tenant_suspended")
    assert "unpaid" in refused.json["error"]["message"]
    assert operator.delete("/companies/acme/suspension").json == {"suspended": False}
    assert agent.post("/agents/me/state", json={"state": "busy"}).status_code == 200


def test_the_limit_is_told_with_who_has_the_seats(log_in: LogIn) -> None:
    """SEAT-3: in words, to whoever comes too late."""
    log_in("operator").post("/companies/acme/seat-orders", json={**ORDER, "count": 1, "until": None})
    assert log_in("agent@acme").post("/agents/me/state", json={"state": "break"}).status_code == 200
    refused = log_in("agent2@acme").post("/agents/me/state", json={"state": "busy"})
    assert (refused.status_code, refused.json["error"]["id"]) == (409, "seats_taken")
    assert "acme agent 1" in refused.json["error"]["message"]
    assert "1 " in refused.json["error"]["message"]


@pytest.mark.parametrize("login", ["agent@acme", "supervisor@acme", "admin@acme"])
def test_only_operators_sell(log_in: LogIn, login: str) -> None:
    """SEAT-1: nobody of a company buys or suspends by themselves."""
    person = log_in(login)
    assert person.post("/companies/acme/seat-orders", json=ORDER).status_code == 403
    assert person.put("/companies/acme/suspension", json={"reason": "x"}).status_code == 403


NEW = {"id": "novo", "name": "Novo 呼叫", "timezone": "Europe/Berlin", "login": "boss@novo", "admin": "Boss"}


def test_a_company_is_made_with_its_administrator(log_in: LogIn, anyone: Anyone, text_redis: TextRedis) -> None:
    """SEAT-1, ROLE-1, SAFE-3: in force at once; its administrator logs in and sees it alone; the password told once."""
    operator = log_in("operator")
    made = operator.post("/companies", json=NEW)
    assert (made.status_code, made.json["id"], made.json["login"]) == (201, "novo", "boss@novo")
    assert (in_force(text_redis, "novo").timezone, in_force(text_redis, "novo").country) == ("Europe/Berlin", "CN")
    assert "novo" in text_redis.smembers(keys.TENANTS)
    boss = anyone()
    assert boss.post("/session", json={"login": "boss@novo", "password": made.json["password"]}).status_code == 200
    assert [person["name"] for person in boss.get("/team/people").json["items"]] == ["Boss"]
    assert boss.post("/companies", json={**NEW, "id": "more", "login": "x"}).status_code == 403
    assert "novo" in [line["id"] for line in operator.get("/companies").json["items"]]
    audit = AuditRow.get(AuditRow.area == "company")
    assert (audit.tenant, audit.after["login"], made.json["password"] in str(audit.after)) == (
        "novo",
        "boss@novo",
        False,
    )


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"id": "acme"}, "id"),
        ({"id": "No Spaces"}, "id"),
        ({"login": "admin@acme"}, "login"),
        ({"login": "two words"}, "login"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"country": "XX"}, "country"),
        ({"name": " "}, "name"),
    ],
)
def test_a_company_that_cannot_be_made_changes_nothing(log_in: LogIn, bad: dict[str, str], field: str) -> None:
    """SEAT-1: refused at its field; no company, no person."""
    operator = log_in("operator")
    answer = operator.post("/companies", json={**NEW, **bad})
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [field])
    assert Tenant.select().where(Tenant.id == "novo").count() == User.select().where(User.name == "Boss").count() == 0


def test_companies_that_there_are_not(log_in: LogIn) -> None:
    """SEAT-1: 404, and nothing is recorded."""
    operator = log_in("operator")
    assert operator.post("/companies/nobody/seat-orders", json=ORDER).status_code == 404
    assert operator.delete("/companies/nobody/suspension").status_code == 404


def test_every_page_hears_that_the_company_is_not_served(log_in: LogIn, text_redis: TextRedis) -> None:
    """SEAT-4: whoever watches is told at once; other changes of the configuration say nothing."""
    rooms, time = NotingRooms(), HandTime()
    feed = TenantFeed("acme", text_redis, rooms, RedisClock(text_redis), time)
    feed.step()
    log_in("admin@acme").post("/team/groups", json={"name": "West"})
    feed.step()
    assert rooms.take("company") == []
    log_in("operator").put("/companies/acme/suspension", json={"reason": "unpaid"})
    feed.step()
    assert len(rooms.take("company")) == 1
    shown = log_in("agent@acme").get("/session").json["tenant"]["service"]
    assert (shown["standing"], shown["reason"]) == ("suspended", "unpaid")
