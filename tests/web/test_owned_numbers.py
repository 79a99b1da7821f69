"""The numbers that operators give companies and take back, over the API."""

import pytest

from orchestrator.database.models import AuditRow, Number
from orchestrator.database.numbers import Numbers
from orchestrator.database.trunks import Trunks
from orchestrator.domain.config import HANG_UP
from orchestrator.domain.trunks import Trunk
from orchestrator.store import keys
from orchestrator.store.connection import TextRedis
from tests.web.configured import in_force
from tests.web.conftest import LogIn

NUMBERS = "/companies/acme/numbers"
GIVEN = "+862188880000"


def test_a_number_is_given_and_taken_back(log_in: LogIn, text_redis: TextRedis) -> None:
    """NUM-1: in force at once with its trunk, hung up until it is routed; taken back it is nobody's. Audited."""
    Trunks().put(Trunk(name="pstn"))
    operator = log_in("operator")
    made = operator.post(NUMBERS, json={"number": "+86 21 8888-0000", "trunk": "pstn"})
    assert (made.status_code, made.json["trunks"]) == (201, ["pstn"])
    assert {"number": GIVEN, "trunk": "pstn", "way": "hang_up"} in made.json["items"]
    config = in_force(text_redis)
    assert (config.numbers[GIVEN].route, config.trunk_of(GIVEN)) == (HANG_UP, Trunk(name="pstn"))
    assert text_redis.hget(keys.NUMBERS, GIVEN) == "acme"
    left = operator.delete(f"{NUMBERS}/{GIVEN}")
    assert GIVEN not in [one["number"] for one in left.json["items"]]
    assert (GIVEN in in_force(text_redis).numbers, text_redis.hget(keys.NUMBERS, GIVEN)) == (False, None)
    told = AuditRow.select().where(AuditRow.area == "numbers", AuditRow.key == GIVEN).order_by(AuditRow.id)
    assert [(row.tenant, row.before is None, row.after is None) for row in told] == [
        ("acme", True, False), ("acme", False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wish", "field", "why"),
    [
        ({"number": "4001"}, "number", "this company already"),
        ({"number": "400other"}, "number", "no number"),
        ({"number": "1"}, "number", "no number"),
        ({"number": "+86 21 8888 9999"}, "number", "Other"),
        ({"number": "02188889999"}, "number", "Other"),
        ({"number": GIVEN, "trunk": "gone"}, "trunk", "no trunk"),
    ],
)
def test_a_number_that_cannot_be_given_changes_nothing(
    log_in: LogIn, text_redis: TextRedis, wish: dict[str, str], field: str, why: str
) -> None:
    """NUM-1: somebody's, in whatever spelling; no number as it is dialled; no such trunk: told at the field."""
    Number.create(tenant="other", number="+862188889999")
    Number.create(tenant="acme", number="4001")
    before, rows = in_force(text_redis), Number.select().count()
    refused = log_in("operator").post(NUMBERS, json=wish, headers={"Accept-Language": "en"})
    assert (refused.status_code, why in refused.json["error"]["fields"].get(field, "")) == (422, True), refused.json
    assert (in_force(text_redis), Number.select().count()) == (before, rows)


def test_a_number_in_use_stays(log_in: LogIn, text_redis: TextRedis) -> None:
    """NUM-1: what is shown outside keeps its number and its trunk until the company shows another."""
    Trunks().put(Trunk(name="pstn"))
    Trunks().put(Trunk(name="second"))
    operator = log_in("operator")
    operator.post(NUMBERS, json={"number": GIVEN, "trunk": "pstn"})
    admin = log_in("admin@acme")
    rules = admin.get("/config/calling-out").json
    assert admin.put("/config/calling-out", json={**rules, "caller_id": GIVEN}).status_code == 200
    for refused in (operator.delete(f"{NUMBERS}/{GIVEN}"), operator.put(f"{NUMBERS}/{GIVEN}", json={"trunk": ""})):
        assert (refused.status_code, refused.json["error"]["id"]) == (409, "in_use")
    assert in_force(text_redis).trunk_of(GIVEN) == Trunk(name="pstn")
    assert operator.put(f"{NUMBERS}/{GIVEN}", json={"trunk": "second"}).status_code == 200
    assert in_force(text_redis).trunk_of(GIVEN) == Trunk(name="second")


def test_numbers_of_others_and_unknown_ones(log_in: LogIn) -> None:
    """NUM-1, SAFE-3: a company's page reaches the numbers of that company only; the company itself gives none."""
    operator = log_in("operator")
    (theirs,) = [number.number for number in Numbers().all("other")]
    assert operator.delete(f"{NUMBERS}/{theirs}").status_code == 404
    assert operator.put(f"{NUMBERS}/{theirs}", json={"trunk": ""}).status_code == 404
    assert operator.post("/companies/nobody/numbers", json={"number": GIVEN}).status_code == 404
    for login in ("admin@acme", "supervisor@acme", "agent@acme"):
        assert log_in(login).post(NUMBERS, json={"number": GIVEN}).status_code == 403
    assert [number.number for number in Numbers().all("other")] == [theirs]
