"""Agents' mobiles, and the company's rules for them, through the API (MOB-1)."""

from typing import Any

import pytest

from orchestrator.database.models import Number, TrunkRow
from orchestrator.store.connection import TextRedis
from tests.web.configured import add_sound, changes, in_force
from tests.web.conftest import LogIn

RULES: dict[str, Any] = {
    "shows": "own", "caller_id": "", "prompt": "press", "confirm_s": 5, "language": "en", "own_number": True,
}  # fmt: skip


def test_rules_are_in_force_at_once(log_in: LogIn, text_redis: TextRedis) -> None:
    """MOB-1, API-1: read, changed, noted, and published."""
    admin = log_in("admin@acme")
    add_sound("press")
    assert admin.get("/config/mobile").json["confirm_s"] == 10
    assert admin.put("/config/mobile", json=RULES).json == RULES
    assert admin.get("/config/mobile").json == RULES
    assert (in_force(text_redis).mobile.prompt, in_force(text_redis).mobile.confirm_s) == ("press", 5)
    assert changes()[-1][:2] == ("mobile", "rules")


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"prompt": "nope"}, "prompt"), ({"caller_id": "9999"}, "caller_id"), ({"confirm_s": 1}, "confirm_s"),
     ({"shows": "anybody"}, "shows")],
)  # fmt: skip
def test_rules_that_make_no_sense_are_refused(log_in: LogIn, changed: Any, field: str) -> None:  # noqa: ANN401 - JSON
    """MOB-1, NUM-1: nothing is changed, and the field is named."""
    add_sound("press")
    answer = log_in("admin@acme").put("/config/mobile", json=RULES | changed)
    assert answer.status_code == 422
    assert any(field in name for name in answer.json["error"]["fields"])


def test_a_prompt_that_asks_on_mobiles_can_not_be_deleted(log_in: LogIn) -> None:
    """TTS-1, MOB-1: it says where it is used."""
    admin = log_in("admin@acme")
    add_sound("press")
    admin.put("/config/mobile", json=RULES)
    assert admin.delete("/prompts/press").status_code == 409


def test_an_administrator_sets_a_mobile(log_in: LogIn, text_redis: TextRedis) -> None:
    """MOB-1: however it is written it is kept with the country's code; the mode can be chosen then."""
    admin = log_in("admin@acme")
    assert admin.put("/agents/acme-a1/mobile", json={"number": ""}).json["number"] == ""
    refused = admin.put("/agents/acme-a1/answer-mode", json={"mode": "mobile"})
    assert (refused.status_code, refused.json["error"]["id"]) == (409, "no_mobile")
    answer = admin.put("/agents/acme-a1/mobile", json={"number": "139 0000 1111"})
    assert answer.json == {"number": "+8613900001111", "may_change": True}
    assert in_force(text_redis).agents["acme-a1"].mobile == "+8613900001111"
    assert admin.put("/agents/acme-a1/answer-mode", json={"mode": "mobile"}).json["row"]["mode"] == "mobile"
    assert admin.get("/agents/acme-a1/mobile").json["number"] == "+8613900001111"
    assert [change[:2] for change in changes()] == [("mobiles", "acme-a1")] * 2


@pytest.mark.parametrize("number", ["10086", "abc", "139000011112222333", "139 0000 2222", "4001234567"])
def test_numbers_that_are_no_mobile_are_refused(log_in: LogIn, number: str) -> None:
    """MOB-1, SAFE-2: short codes, words, another agent's, one of the company's own."""
    admin = log_in("admin@acme")
    trunk = TrunkRow.create(name="pstn")
    Number.create(tenant="acme", number="4001234567", trunk=trunk.name)
    assert admin.put("/agents/acme-a2/mobile", json={"number": "139 0000 2222"}).status_code == 200
    answer = admin.put("/agents/acme-a1/mobile", json={"number": number})
    assert answer.status_code == 422
    assert admin.get("/agents/acme-a1/mobile").json["number"] == "+8613800000001"


def test_agents_change_their_own_only_where_the_company_lets(log_in: LogIn) -> None:
    """MOB-1, ROLE-1: the own number is seen always, changed where permitted; nobody else's."""
    agent = log_in("agent@acme")
    assert agent.get("/agents/me/mobile").json == {"number": "+8613800000001", "may_change": False}
    assert agent.put("/agents/me/mobile", json={"number": "13900001111"}).status_code == 403
    add_sound("press")
    log_in("admin@acme").put("/config/mobile", json=RULES)
    agent = log_in("agent@acme")
    assert agent.put("/agents/me/mobile", json={"number": "13900001111"}).json["may_change"]
    assert agent.put("/agents/acme-a2/mobile", json={"number": "13900003333"}).status_code == 403
    assert agent.get("/agents/acme-a2/mobile").status_code == 403
