"""Calls that agents place, and the rules for them, through the API."""

import pytest

from orchestrator.database.calling_out import CallingOutArea
from orchestrator.database.numbers import Numbers
from orchestrator.database.trunks import Trunks
from orchestrator.domain.call_states import CallState
from orchestrator.domain.checks import RULES
from orchestrator.domain.commands import HangUp, RingAgent
from orchestrator.domain.trunks import Trunk
from orchestrator.service.end_call import LegReport
from orchestrator.store import keys
from orchestrator.store.connection import TextRedis
from tests.support.call_centre import NotingTelephony
from tests.web.configured import changes, in_force
from tests.web.conftest import LogIn
from tests.web.live_calls import LiveCalls
from webui.services import Services

NUMBER = "400acme"
CUSTOMER = {"number": "139 0013 9000"}


@pytest.fixture
def live_switch(services: Services, text_redis: TextRedis, live: LiveCalls) -> LiveCalls:
    """The tenant's number belongs to a trunk, somebody owns the switch, agent acme-a1 is online."""
    services.settings.switches = "fs1=esl://:x@127.0.0.1:1"
    text_redis.set(keys.lease("fs1"), "somebody")
    Trunks().put(Trunk(name="pstn"))
    Numbers().set_trunk("acme", NUMBER, "pstn")
    services.publishing.publish("acme")
    live.online("acme", "acme-a1")
    return live


@pytest.mark.usefixtures("live_switch")
def test_a_call_is_placed_and_given_up(log_in: LogIn, telephony: NotingTelephony) -> None:
    """OUT-1, API-1: the own phone rings; the own seat shows it; the same command as for every call ends it."""
    agent = log_in("agent@acme")
    assert agent.get("/outbound-calls/caller-ids").json == {"items": [{"number": NUMBER, "usual": True}]}
    telephony.take()
    answer = agent.post("/outbound-calls", json=CUSTOMER)
    assert (answer.status_code, answer.json["state"]) == (202, CallState.PLACED.value)
    assert [type(command) for command in telephony.take()] == [RingAgent]
    seat = agent.get("/agents/me").json
    assert (seat["row"]["state"], seat["row"]["placed"], seat["call"]["caller"], seat["call"]["number"]) == (
        "ringing", "own_phone", "+8613900139000", NUMBER,
    )  # fmt: skip
    call = answer.json["id"]
    assert log_in("agent2@acme").post(f"/calls/{call}/hang-up").status_code in (404, 409)
    assert agent.post(f"/calls/{call}/hang-up").json["state"] == "ended"
    assert [type(command) for command in telephony.take()] == [HangUp]
    seat = agent.get("/agents/me").json
    assert (seat["row"]["state"], seat["call"], seat["unreached"]["outcome"]) == ("online", None, "not_placed")


def test_the_desk_knows_who_is_called(log_in: LogIn, live_switch: LiveCalls) -> None:
    """WEB-2, OUT-1: a call placed by a click shows the customer and the earlier calls from any of its numbers."""
    live_switch.wait("acme", "before", caller="13700137000")
    live_switch.hang_up("acme", "before")
    live_switch.write_records("acme")
    agent = log_in("agent@acme")
    agent.post("/agents/me/state", json={"state": "busy"})
    numbers = ["139 0013 9000", "137 0013 7000"]
    assert agent.post("/customers", json={"name": "Li", "numbers": numbers}).status_code == 201
    call = agent.post("/outbound-calls", json=CUSTOMER).json["id"]
    pop = agent.get(f"/calls/{call}/screen-pop").json
    assert (pop["customer"]["name"], [one["call"] for one in pop["earlier"]["items"]]) == ("Li", ["before"])


@pytest.mark.usefixtures("live_switch")
def test_the_same_key_calls_once(log_in: LogIn, telephony: NotingTelephony) -> None:
    """API-1, OUT-1: also after the call is over; another key, or none, is another call."""
    agent, headers = log_in("agent@acme"), {"Idempotency-Key": "deal-17"}
    telephony.take()
    first = agent.post("/outbound-calls", json=CUSTOMER, headers=headers).json["id"]
    assert agent.post("/outbound-calls", json=CUSTOMER, headers=headers).json["id"] == first
    agent.post(f"/calls/{first}/hang-up")
    assert agent.post("/outbound-calls", json=CUSTOMER, headers=headers).json["id"] == first
    assert [type(command) for command in telephony.take()] == [RingAgent, HangUp]
    assert agent.post("/outbound-calls", json=CUSTOMER, headers={"Idempotency-Key": "x y"}).status_code == 422


@pytest.mark.usefixtures("live_switch")
def test_a_refused_call_leaves_the_key_usable(log_in: LogIn, live: LiveCalls) -> None:
    """API-1: nothing was done, so the same request may succeed later."""
    headers, agent = {"Idempotency-Key": "deal-18"}, log_in("agent2@acme")
    assert agent.post("/outbound-calls", json=CUSTOMER, headers=headers).json["error"]["id"] == "agent_offline"
    live.online("acme", "acme-a2")
    assert agent.post("/outbound-calls", json=CUSTOMER, headers=headers).status_code == 202


@pytest.mark.usefixtures("live_switch")
def test_calling_for_others_needs_a_permission(log_in: LogIn) -> None:
    """ROLE-1, SAFE-3: agents place their own calls; administrators anybody's of their company."""
    order = CUSTOMER | {"agent": "acme-a1"}
    assert log_in("agent2@acme").post("/outbound-calls", json=order).status_code == 403
    assert log_in("supervisor@acme").post("/outbound-calls", json=CUSTOMER).json["error"]["id"] == "not_an_agent"
    assert log_in("admin@other").post("/outbound-calls", json=order).json["error"]["id"] == "unknown_agent"
    assert log_in("admin@acme").post("/outbound-calls", json=order).status_code == 202


@pytest.mark.usefixtures("live_switch")
@pytest.mark.parametrize(
    ("order", "status", "error"),
    [
        ({"number": ""}, 422, "invalid"),
        ({"number": "call me"}, 422, "invalid_number"),
        ({"number": "00852 2123 4567"}, 409, "not_callable"),
        (CUSTOMER | {"caller_id": "10086"}, 422, "caller_id_not_yours"),
    ],
)
def test_refusals(log_in: LogIn, telephony: NotingTelephony, order: object, status: int, error: str) -> None:
    """OUT-1, SAFE-4: each with its reason, and nothing rings."""
    telephony.take()
    answer = log_in("agent@acme").post("/outbound-calls", json=order)
    assert (answer.status_code, answer.json["error"]["id"]) == (status, error)
    assert "?" not in answer.json["error"]["message"]
    assert telephony.take() == []


@pytest.mark.usefixtures("live_switch")
def test_without_a_switch_nobody_is_called(log_in: LogIn, text_redis: TextRedis) -> None:
    """OUT-1: refused at once, in place of an order that nobody reads."""
    text_redis.delete(keys.lease("fs1"))
    assert log_in("agent@acme").post("/outbound-calls", json=CUSTOMER).json["error"]["id"] == "no_switch"


@pytest.mark.usefixtures("live_switch")
def test_the_record_of_a_call_placed(log_in: LogIn, live: LiveCalls, services: Services) -> None:
    """CDR-1, OUT-1: direction, agent, the customer, what was shown, the cause; found by direction, and by its agent."""
    agent = log_in("agent@acme")
    call = agent.post("/outbound-calls", json=CUSTOMER).json["id"]
    use = services.use_cases()
    use.answer.parked("acme", call, live.leg("acme", call), "fs1")
    use.outbound.customer_left("acme", call, LegReport(leg=call, role="customer", cause="USER_BUSY"))
    live.write_records("acme")
    (record,) = agent.get("/calls?direction=out").json["items"]
    named = ("call", "direction", "caller", "number", "agent", "queue", "outcome", "cause", "hung_up_by")
    assert tuple(record[name] for name in named) == (
        call, "out", "+8613900139000", NUMBER, "acme-a1", None, "not_reached", "USER_BUSY", "outside",
    )  # fmt: skip
    assert agent.get("/calls?direction=in").json["items"] == []
    assert [leg["role"] for leg in agent.get(f"/calls/{call}").json["legs"]] == ["customer"]


RULE = {"caller_id": NUMBER, "denied": ["95*"], "allowed": ["138*"], "agent_calls": 200, "agent_spend": "12.50"}


@pytest.mark.usefixtures("live_switch")
def test_rules_are_in_force_for_the_next_call(log_in: LogIn, text_redis: TextRedis) -> None:
    """SAFE-4, NUM-1: one spelling for prefixes, exact amounts, noted in the audit, what is read may be written."""
    admin = log_in("admin@acme")
    kept = admin.put("/config/calling-out", json=RULE)
    assert kept.status_code == 200, kept.text
    assert (kept.json["allowed"], kept.json["agent_spend"]) == (["+86138*"], "12.50")
    assert in_force(text_redis).calling_out.agent_spend == 12_500_000
    assert changes() == [("calling_out", RULES, True, True)]
    assert admin.put("/config/calling-out", json=kept.json).json == kept.json
    refused = log_in("agent@acme").post("/outbound-calls", json=CUSTOMER)
    assert refused.json["error"]["id"] == "not_callable"


@pytest.mark.usefixtures("live_switch")
@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"caller_id": "10086"}, "caller_id"),
        ({"choosable": ["400other"]}, "choosable"),
        ({"agent_caller_ids": {"other-a1": NUMBER}}, "agent_caller_ids"),
        ({"denied": ["138*", "abc"]}, "denied.1"),
        ({"hours": "never"}, "hours"),
        ({"ring_s": 5}, "ring_s"),
        ({"agent_spend": "-1"}, "agent_spend"),
    ],
)
def test_wrong_rules_change_nothing(log_in: LogIn, rules: object, field: str) -> None:
    """NUM-1, SAFE-3: the field is named, and the rules stay."""
    before = CallingOutArea().find("acme", RULES)
    answer = log_in("admin@acme").put("/config/calling-out", json=rules)
    assert answer.status_code == 422
    assert field in answer.json["error"]["fields"]
    assert CallingOutArea().find("acme", RULES) == before


@pytest.mark.usefixtures("live_switch")
def test_today_is_shown_beside_the_limits(log_in: LogIn) -> None:
    """SAFE-4: calls going on, and begun today."""
    log_in("agent@acme").post("/outbound-calls", json=CUSTOMER)
    today = log_in("supervisor@acme").get("/config/calling-out").json["today"]
    assert (today["live"], today["calls"], float(today["spend"])) == (1, 1, 0)
