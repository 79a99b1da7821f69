"""What operators do with companies' accounts over the API: payments, orders, terms, corrections."""

from typing import Any

import pytest
from redis import Redis

from orchestrator.database.billing.accounts import add_version, set_account
from orchestrator.database.billing.ledger import balance_of, post_charge, posting
from orchestrator.database.billing.rerating import rerate
from orchestrator.database.models import AuditRow, BillingOrder, ChargeRow, LedgerEntry
from orchestrator.domain.billing.charge import Usage, charge_call
from orchestrator.domain.billing.tariff import CallDirection, Rate
from orchestrator.domain.licence import SeatKind
from orchestrator.jobs import QueueName
from orchestrator.store import keys
from tests.web.configured import in_force
from tests.web.conftest import LogIn, Person
from tests.web.test_billing import OCTOBER, TARIFF, D
from webui.app import Web

PAID = {"reference": "bank 2", "amount": "5.5", "note": "March"}
ORDER = {"reference": "PO-1", "item": "call_seat", "quantity": 10, "since": "2020-01-01", "until": None}


@pytest.fixture
def operator(log_in: LogIn) -> Person:
    """The operator of a platform on which one company is billed, and has one charged call."""
    version = add_version(TARIFF, "Standard", "op", 0)
    set_account("acme", "standard", 0, prepaid=True, credit=D(0), low_balance=D(100))
    usage = Usage(direction=CallDirection.IN, number="4001", ms=61_000)
    with posting("acme"):
        post_charge(
            "acme", "call", "leg1", charge_call(version, usage, 0), OCTOBER,
            call="c1", direction="in", number="4001", began=OCTOBER, ms=61_000,
        )  # fmt: skip
    return log_in("operator")


def _key(key: str) -> dict[str, Any]:
    return {"Idempotency-Key": key}


def test_companies_are_listed_with_their_balances(operator: Person) -> None:
    """BILL-1, SEAT-1: also those that aren't billed."""
    lines = {one["id"]: one for one in operator.get("/companies").json["items"]}
    assert (lines["acme"]["balance"], lines["acme"]["currency"], lines["acme"]["tariff"]) == (
        "-0.254400", "CNY", "standard",
    )  # fmt: skip
    assert lines["acme"]["low_since"] == OCTOBER
    assert (lines["other"]["balance"], lines["other"]["prepaid"], lines["other"]["numbers"]) == (None, False, 1)


def test_a_payment_is_posted_once(operator: Person, web: Web) -> None:
    """BILL-1, API-1: in force at once and audited; sent again it is refused, or by its key answered as before."""
    answers = [operator.post("/companies/acme/payments", json=PAID, headers=_key("k1")) for _ in range(2)]
    assert [(one.status_code, one.json["balance"]) for one in answers] == [(201, "5.245600")] * 2
    again = operator.post("/companies/acme/payments", json=PAID)
    assert (again.status_code, again.json["error"]["id"]) == (409, "paid_already")
    assert web.services.redis.hget(keys.balance("acme"), "available") == "5245600"
    assert AuditRow.select().where(AuditRow.area == "payment").count() == 1
    assert LedgerEntry.get(LedgerEntry.kind == "top_up").note == "March"


@pytest.mark.parametrize("amount", ["0", "-1", "0.0000001", "NaN", "1e10"])
def test_payments_that_make_no_sense_change_nothing(operator: Person, amount: str) -> None:
    """BILL-1: refused; money is taken back by an adjustment, which says so."""
    assert operator.post("/companies/acme/payments", json={**PAID, "amount": amount}).status_code == 422
    assert balance_of("acme")[0] == 1


def test_an_adjustment_may_take_back(operator: Person) -> None:
    """BILL-1: a movement of its own kind, in the list of the company's movements."""
    taken = {"kind": "adjustment", "reference": "refund 1", "amount": "-0.1", "note": ""}
    assert operator.post("/companies/acme/payments", json=taken).json == {"balance": "-0.354400"}
    newest = operator.get("/companies/acme/movements").json["items"][0]
    assert (newest["kind"], newest["amount"], newest["balance"]) == ("adjustment", "-0.100000", "-0.354400")
    assert operator.post("/companies/other/payments", json=taken).status_code == 404
    assert operator.get("/companies/other/movements").status_code == 404


def test_an_order_is_in_force_when_it_is_recorded(operator: Person, web: Web) -> None:
    """SEAT-1, API-1: seats count at once; the same key buys once, the same reference is refused."""
    for _ in range(2):
        assert operator.post("/companies/acme/orders", json=ORDER, headers=_key("o1")).status_code == 201
    assert operator.post("/companies/acme/orders", json=ORDER).json["error"]["id"] == "ordered_already"
    assert in_force(web.services.redis).licence.purchased(SeatKind.CALL, web.services.clock.now()) == 10
    numbers = operator.post("/companies/acme/orders", json={**ORDER, "reference": "N", "item": "number"}).json
    assert [(one["reference"], one["item"]) for one in numbers["orders"]] == [("N", "number"), ("PO-1", "call_seat")]
    for bad in ({"quantity": 0}, {"until": "2019-01-01"}, {"item": "desk"}, {"reference": ""}):
        assert operator.post("/companies/acme/orders", json={**ORDER, "reference": "x", **bad}).status_code == 422
    assert BillingOrder.select().count() == 2


def test_terms_of_payment_are_changed(operator: Person, web: Web) -> None:
    """BILL-1: in force for the next call, audited with what was before; another tariff holds from now on."""
    rate = Rate(direction=CallDirection.IN, prefix="", name="x", price=D(1))
    add_version(TARIFF.__class__(tariff="other", number=0, valid_from=0, rents={}, rates=(rate,)), "Other", "op", 0)
    terms = {"tariff": "other", "prepaid": True, "credit": "50", "low_balance": None}
    shown = operator.put("/companies/acme/account", json=terms).json
    assert ([one["tariff"] for one in shown["tariffs"]], shown["credit"]) == (["standard", "other"], "50.000000")
    assert (shown["low_since"], shown["low_balance"]) == (None, None)
    assert web.services.redis.hget(keys.balance("acme"), "available") == "49745600"
    change = AuditRow.get(AuditRow.area == "billing_account")
    assert (change.before["tariff"], change.after["tariff"], change.who != "") == ("standard", "other", True)
    assert operator.put("/companies/acme/account", json={"tariff": "none"}).json["error"]["fields"].keys() == {"tariff"}
    assert operator.put("/companies/acme/account", json={**terms, "credit": "-1"}).status_code == 422
    assert operator.put("/companies/nobody/account", json=terms).status_code == 404


def test_corrections_are_looked_at_then_posted_by_a_worker(operator: Person, redis: "Redis", web: Web) -> None:
    """BILL-1: the preview tells call, versions and amounts; the job posts just that; then there is none."""
    dearer = Rate(direction=CallDirection.IN, prefix="", name="x", price=D("0.2"))
    add_version(TARIFF.__class__(tariff="standard", number=0, valid_from=0, rents={}, rates=(dearer,)), "", "op", 0)
    preview = operator.get("/companies/acme/corrections/2026-10").json
    (item,) = preview["items"]
    assert (preview["count"], preview["total"], item["call"]) == (1, "0.1456", "c1")
    assert (item["from_version"], item["version"], item["charged"], item["right"], item["difference"]) == (
        "standard v1", "standard v2", "0.254400", "0.400000", "0.1456",
    )  # fmt: skip
    assert balance_of("acme")[0] == 1
    assert operator.post("/companies/acme/corrections/2026-10").status_code == 202
    job = web.services.jobs.queues()
    assert {one.name: one.waiting for one in job}[QueueName.BILLING] == 1
    rerate("acme", "2026-10", OCTOBER)
    assert balance_of("acme")[1] == -D("0.4")
    assert ChargeRow.get(ChargeRow.version == 2).corrects == ChargeRow.get(ChargeRow.version == 1).id
    assert operator.get("/companies/acme/corrections/2026-10").json["count"] == 0
    for bad in ("2026-13", "x"):
        assert operator.get(f"/companies/acme/corrections/{bad}").status_code == 404
        assert operator.post(f"/companies/acme/corrections/{bad}").status_code == 404
    assert redis.llen("rq:queue:billing") == 1


@pytest.mark.parametrize("login", ["agent@acme", "supervisor@acme", "admin@acme"])
def test_no_company_pays_or_orders_for_itself(operator: Person, log_in: LogIn, login: str) -> None:
    """ROLE-1, SEAT-1: only operators; nobody of a company sees the list of companies."""
    person = log_in(login)
    asked = [
        person.get("/companies"), person.get("/companies/acme"), person.post("/companies/acme/payments", json=PAID),
        person.post("/companies/acme/orders", json=ORDER), person.put("/companies/acme/account", json={}),
        person.get("/companies/acme/corrections/2026-10"), person.post("/companies/acme/corrections/2026-10"),
    ]  # fmt: skip
    assert {answer.status_code for answer in asked} == {403}
    assert operator.get("/companies/acme").status_code == 200
