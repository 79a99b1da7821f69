"""What people change about agents, through the API."""

import pytest

from tests.web.conftest import LogIn
from tests.web.live_calls import LiveCalls
from webui.app import Web

EVERYTHING = [
    ("post", "/agents/{}/state", {"state": "break", "reason": "lunch"}),
    ("put", "/agents/{}/answer-mode", {"mode": "mobile"}),
    ("post", "/agents/{}/forced-logout", None),
]


@pytest.mark.parametrize(("method", "path", "body"), EVERYTHING)
@pytest.mark.parametrize("talking", [False, True])
@pytest.mark.parametrize("who", ["agent@acme", "supervisor@acme"])
def test_engaged_agents_are_left_alone(
    log_in: LogIn, live: LiveCalls, method: str, path: str, body: object, talking: bool, who: str
) -> None:
    """STATE-2: while ringing or in a call state, answer mode and forced logout are refused, with the reason."""
    live.online("acme", "acme-a1")
    live.wait("acme", "c1")
    if talking:
        live.talk("acme", "c1")
    if who == "agent@acme" and path.endswith("forced-logout"):
        who = "admin@acme"  # agents may not at all
    answer = getattr(log_in(who), method)(path.format("acme-a1"), json=body, headers={"Accept-Language": "en"})
    assert answer.status_code == 409
    assert answer.json["error"]["id"] == "agent_engaged"
    assert ("in a call" if talking else "ringing") in answer.json["error"]["message"]
    assert log_in("agent@acme").get("/agents/me").json["row"]["state"] == ("in_call" if talking else "ringing")


def test_nobody_goes_online_without_a_device(log_in: LogIn, live: LiveCalls) -> None:
    """STATE-6: refused with what to do; other states and a mobile need no device."""
    agent = log_in("agent@acme")
    answer = agent.post("/agents/me/state", json={"state": "online"})
    assert (answer.status_code, answer.json["error"]["id"]) == (409, "no_device")
    assert answer.json["error"]["message"]
    assert agent.get("/agents/me").json["row"]["state"] == "offline"
    assert agent.post("/agents/me/state", json={"state": "busy"}).json["row"]["state"] == "busy"
    agent.put("/agents/me/answer-mode", json={"mode": "mobile"})
    assert agent.post("/agents/me/state", json={"state": "online"}).json["row"]["state"] == "online"
    live.register("acme", "acme-a1")
    agent.put("/agents/me/answer-mode", json={"mode": "web"})
    assert agent.post("/agents/me/state", json={"state": "online"}).json["row"]["state"] == "online"


def test_break_with_a_reason(log_in: LogIn, live: LiveCalls) -> None:
    """STATE-1, STATE-3: break takes one of the tenant's reasons, and the duration restarts."""
    live.register("acme", "acme-a1")
    agent = log_in("agent@acme")
    before = agent.post("/agents/me/state", json={"state": "online"}).json
    seat = agent.post("/agents/me/state", json={"state": "break", "reason": "lunch"}).json
    assert (seat["row"]["state"], seat["row"]["reason"], seat["chosen"]) == ("break", "lunch", "break")
    assert before["row"]["since"] < seat["row"]["since"] <= seat["now"]


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"state": "break", "reason": "golf"}, 422, "unknown_break_reason"),
        ({"state": "online", "reason": "lunch"}, 422, "unknown_break_reason"),
        ({"state": "ringing"}, 422, "state_not_chosen"),
        ({"state": "asleep"}, 422, "invalid"),
        ({"state": "busy", "reson": "typo"}, 422, "invalid"),
        ({}, 422, "invalid"),
        ([], 422, "invalid"),
        (None, 400, "bad_request"),
    ],
)
def test_bad_choices_change_nothing(log_in: LogIn, body: object, status: int, error: str) -> None:
    """STATE-1: states that calls enter, unknown reasons and misspelt fields are refused with a reason."""
    agent = log_in("agent@acme")
    how = {"json": body} if body is not None else {"data": "{", "content_type": "application/json"}
    answer = agent.post("/agents/me/state", **how)
    assert (answer.status_code, answer.json["error"]["id"]) == (status, error), answer.text
    assert answer.json["error"]["message"]
    assert agent.get("/agents/me").json["row"]["state"] == "offline"


def test_wrap_up_ends_when_the_form_is_closed(log_in: LogIn, live: LiveCalls) -> None:
    """STATE-4: closing the form brings the agent back to the state before the call; there is nothing to close twice."""
    live.online("acme", "acme-a1")
    live.wait("acme", "c1")
    live.talk("acme", "c1")
    live.hang_up("acme", "c1")
    agent = log_in("agent@acme")
    seat = agent.get("/agents/me").json
    assert (seat["row"]["state"], seat["chosen"]) == ("wrap_up", "online")
    assert seat["due"] == seat["row"]["since"] + 60_000_000
    assert agent.post("/agents/me/wrap-up/finish").json["row"]["state"] == "online"
    assert agent.post("/agents/me/wrap-up/finish").json["error"]["id"] == "not_wrapping_up"


def test_own_seat_tells_who_calls(log_in: LogIn, live: LiveCalls) -> None:
    """WEB-2: while it rings the own seat holds number, queue and since when the caller waits."""
    live.online("acme", "acme-a1")
    live.wait("acme", "c1", caller="13912345678", name="张三")
    seat = log_in("agent@acme").get("/agents/me").json
    assert seat["row"]["state"] == "ringing"
    assert (seat["call"]["caller"], seat["call"]["caller_name"]) == ("13912345678", "张三")
    assert (seat["call"]["queue"], seat["call"]["number"]) == ("q1", "400acme")
    assert seat["call"]["entered"] <= seat["now"]


def test_forced_logout_of_a_web_agent(log_in: LogIn, live: LiveCalls) -> None:
    """STATE-5: a web agent goes offline; the page stays logged in."""
    live.register("acme", "acme-a1")
    agent, supervisor = log_in("agent@acme"), log_in("supervisor@acme")
    agent.post("/agents/me/state", json={"state": "online"})
    assert supervisor.post("/agents/acme-a1/forced-logout").json["row"]["state"] == "offline"
    assert agent.get("/session").status_code == 200


def test_forced_logout_of_a_mobile_agent(log_in: LogIn, live: LiveCalls) -> None:
    """STATE-5: a mobile agent's login ends, the state stays; a new log-in is possible."""
    live.register("acme", "acme-a1")
    agent, supervisor = log_in("agent@acme"), log_in("supervisor@acme")
    agent.post("/agents/me/state", json={"state": "online"})
    agent.put("/agents/me/answer-mode", json={"mode": "mobile"})
    assert supervisor.post("/agents/acme-a1/forced-logout").json["row"]["state"] == "online"
    assert agent.get("/session").status_code == 401
    assert supervisor.get("/session").status_code == 200
    assert log_in("agent@acme").get("/agents/me").status_code == 200


def test_unknown_agent(log_in: LogIn) -> None:
    """Acting on an agent that doesn't exist is answered with 404."""
    answer = log_in("supervisor@acme").post("/agents/nobody/state", json={"state": "busy"})
    assert (answer.status_code, answer.json["error"]["id"]) == (404, "unknown_agent")


def test_names_for_filters(log_in: LogIn) -> None:
    """Lists offer agents and queues by name."""
    agent = log_in("agent@acme")
    assert agent.get("/queues").json["items"] == [{"id": "q1", "name": "acme q1"}, {"id": "q2", "name": "acme q2"}]
    assert [item["name"] for item in agent.get("/agents").json["items"]] == ["acme agent 1", "acme agent 2"]


def test_unpublished_configuration_is_said(web: Web, log_in: LogIn) -> None:
    """Without a published configuration the answer says what to do."""
    web.services.redis.flushall()
    answer = log_in("supervisor@acme").get("/boards/seats", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json["error"]["id"]) == (503, "not_published")
