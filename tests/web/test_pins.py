"""PINs for the agents' service, and numbers that lead to it, through the API (MOB-1)."""

import pytest

from orchestrator.database.models import Agent, AuditRow
from orchestrator.domain.agent_service import PIECES
from orchestrator.domain.config import Way
from orchestrator.domain.pins import matches
from orchestrator.store.connection import TextRedis
from tests.web.configured import add_sound, changes, in_force
from tests.web.conftest import LogIn

PIN = "2580"


def test_an_agent_chooses_a_pin(log_in: LogIn, text_redis: TextRedis) -> None:
    """MOB-1: in force for the next call; what is kept is told to nobody, in the audit neither."""
    agent = log_in("agent@acme")
    assert agent.get("/agents/me/pin").json == {"chosen": False}
    assert agent.put("/agents/me/pin", json={"pin": PIN}).json == {"chosen": True}
    assert agent.get("/agents/me/pin").json == {"chosen": True}
    kept = in_force(text_redis).agents["acme-a1"].pin
    assert matches(PIN, kept)
    assert changes()[-1][:2] == ("pins", "acme-a1")
    noted = [(row.before, row.after) for row in AuditRow.select().where(AuditRow.area == "pins")]
    assert noted == [({"agent": "acme-a1", "chosen": False}, {"agent": "acme-a1", "chosen": True})]
    assert kept not in log_in("admin@acme").get("/config/agents").text


@pytest.mark.parametrize("pin", ["", "123", "123456789", "abcd", "1111", "1234", "9876"])
def test_pins_that_are_none_are_refused(log_in: LogIn, pin: str) -> None:
    """MOB-1, SAFE-2: what to do is said at the field, and nothing is changed."""
    agent = log_in("agent@acme")
    answer = agent.put("/agents/me/pin", json={"pin": pin})
    assert answer.status_code == 422
    assert list(answer.json["error"]["fields"]) == ["pin"]
    assert Agent.select().where(Agent.pin.is_null(False)).count() == 0


def test_an_administrator_resets_it(log_in: LogIn, text_redis: TextRedis) -> None:
    """MOB-1, ROLE-1: nobody else may; nobody chooses one for another."""
    log_in("agent@acme").put("/agents/me/pin", json={"pin": PIN})
    assert log_in("agent2@acme").delete("/agents/acme-a1/pin").status_code == 403
    assert log_in("agent2@acme").get("/agents/acme-a1/pin").status_code == 403
    admin = log_in("admin@acme")
    assert admin.put("/agents/acme-a1/pin", json={"pin": PIN}).status_code == 405
    assert admin.get("/agents/acme-a1/pin").json == {"chosen": True}
    assert admin.delete("/agents/acme-a1/pin").json == {"chosen": False}
    assert in_force(text_redis).agents["acme-a1"].pin == ""
    assert admin.delete("/agents/nobody/pin").status_code == 404
    assert log_in("admin@other").delete("/agents/acme-a1/pin").status_code == 404


def test_a_number_leads_to_the_service(log_in: LogIn, text_redis: TextRedis) -> None:
    """MOB-1: refused until everything that is said there is in use, which can't be deleted then."""
    admin = log_in("admin@acme")
    (number,) = admin.get("/config/numbers").json["items"]
    wanted = number | {"route": {"way": "service", "target": "left over"}}
    refused = admin.put("/config/numbers/400acme", json=wanted)
    assert refused.status_code == 422
    assert list(refused.json["error"]["fields"]) == ["route.target"]
    for name in PIECES:
        add_sound(f"piece-zh-{name}", kind="piece")
    assert admin.put("/config/numbers/400acme", json=wanted).status_code == 200
    route = in_force(text_redis).numbers["400acme"].route
    assert (route.way, route.target) == (Way.SERVICE, "")
    assert admin.put("/config/mobile", json=admin.get("/config/mobile").json | {"language": "en"}).status_code == 409
    assert admin.delete("/prompts/piece-zh-service_pin").status_code == 409
