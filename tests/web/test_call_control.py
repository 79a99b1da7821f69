"""Running calls through the API: the own ones, and supervisors in anybody's."""

import pytest

from orchestrator.database.audit import changes_of
from tests.web.conftest import LogIn
from tests.web.live_calls import LiveCalls


@pytest.fixture
def talking(live: LiveCalls) -> None:
    """Agent acme-a1 talks to caller c1."""
    live.online("acme", "acme-a1")
    live.wait("acme", "c1")
    live.talk("acme", "c1")


@pytest.mark.usefixtures("talking")
def test_own_call_is_held_and_shown(log_in: LogIn) -> None:
    """WEB-1: the answer and the own seat show the hold."""
    agent = log_in("agent@acme")
    answer = agent.post("/calls/c1/hold")
    assert (answer.status_code, answer.json["state"]) == (200, "held")
    assert agent.get("/agents/me").json["call"]["held"] == answer.json["held_since"]
    assert agent.post("/calls/c1/hold").json["error"]["id"] == "call_not_ready"
    assert agent.post("/calls/c1/resume").json["state"] == "resuming"


@pytest.mark.usefixtures("talking")
@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("c1/transfer", {"way": "queue", "target": "nowhere"}, 422, "unknown_target"),
        ("c1/transfer", {"way": "moon", "target": "q1"}, 422, "invalid"),
        ("c1/consult", {"way": "agent", "target": "acme-a2"}, 409, "agent_not_ready"),
        ("c1/resume", None, 409, "call_not_ready"),
        ("c9/hold", None, 404, "unknown_call"),
        ("c1/listen", None, 403, "forbidden"),
        ("c1/take-over", None, 403, "forbidden"),
    ],
)
def test_refusals(log_in: LogIn, path: str, body: object, status: int, error: str) -> None:
    """WEB-1, SUP-1, ROLE-1: each refusal has its reason."""
    answer = log_in("agent@acme").post(f"/calls/{path}", json=body)
    assert (answer.status_code, answer.json["error"]["id"]) == (status, error)


@pytest.mark.usefixtures("talking")
def test_supervisors_end_any_call_of_their_tenant(log_in: LogIn) -> None:
    """SUP-1, SAFE-3: not one of another company."""
    assert log_in("supervisor@acme").post("/calls/c1/hang-up").json["state"] == "ending"
    assert [row.after for row in changes_of("acme", "supervision", "c1")] == [{"act": "hang_up"}]


@pytest.mark.usefixtures("talking")
def test_refused_supervision_leaves_no_row(log_in: LogIn) -> None:
    """SUP-1: who has no phone can't listen, and the audit says nothing of it."""
    answer = log_in("supervisor@acme").post("/calls/c1/listen")
    assert answer.status_code in (404, 409)
    assert changes_of("acme", "supervision", "c1") == []
