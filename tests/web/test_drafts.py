"""Drafts of call forms that nobody closes."""

from collections.abc import Callable

from orchestrator.database.models import CallForm
from orchestrator.domain.agent import AgentState
from orchestrator.service.use_cases import UseCases
from tests.web.conftest import Person
from tests.web.live_calls import LiveCalls
from tests.web.test_forms import FORM, agent, saved_events, talk
from webui.app import Web
from workers.drafts import LEFT_US, close_drafts

__all__ = ["agent"]


def test_what_nobody_closes_is_told_once(
    agent: Person, live: LiveCalls, web: Web, make_use_cases: Callable[[], UseCases]
) -> None:
    """WEB-2: the tab is gone, the agent has left: the draft is closed as it stands, not before, and not twice."""
    talk(live)
    assert agent.put("/calls/c1/forms/me", json=FORM).json["closed"] is None
    database, later = web.services.database, web.services.clock.now() + LEFT_US + 1
    assert close_drafts(database, make_use_cases(), later) == 0
    live.hang_up("acme", "c1")
    assert close_drafts(database, make_use_cases(), later) == 0
    make_use_cases().agents.choose_state("acme", "acme-a1", AgentState.OFFLINE, "", "test")
    assert close_drafts(database, make_use_cases(), web.services.clock.now()) == 0
    assert [close_drafts(database, make_use_cases(), later) for _ in range(2)] == [1, 0]
    (told,) = saved_events(web)
    assert (told.agent, told.notes, told.tags) == ("acme-a1", FORM["notes"], ("invoice", "vip"))
    live.write_records("acme")
    CallForm.update(closed=None).execute()  # as if the job had died before its commit
    assert close_drafts(database, make_use_cases(), later) == 1
    assert len(saved_events(web)) == 1
    assert agent.get("/calls/c1").json["forms"][0]["closed"] == later
