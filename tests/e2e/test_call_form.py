"""A call on the agent's desk, from the screen pop to the record."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from orchestrator.database.connection import open_database
from orchestrator.database.models import Tenant
from orchestrator.domain.agent import AgentState
from simulator.control import Behaviour
from tests.e2e.pages import Workplace
from tests.support.real_centre import TENANT

SETTINGS = {"dispositions": [{"key": "sold", "name": "Sold"}], "tags": ["invoice"], "free_tags": True}


@pytest.fixture
def desk(place: Workplace) -> Iterator[Page]:
    """An agent's page whose phone takes two seconds to be picked up."""
    with open_database(place.centre.database_url).connection_context():
        Tenant.update(form_settings=SETTINGS).where(Tenant.id == TENANT).execute()
    place.centre.control.set_phone("t-1", Behaviour(after_ms=2500))
    with place.logged_in("a1", "/calls") as page:
        place.centre.online("a1")
        yield page
    place.centre.use.agents.choose_state(TENANT, "a1", AgentState.OFFLINE, "", "test")


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a list of the form."""
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).click()


def test_from_screen_pop_to_record(place: Workplace, desk: Page) -> None:
    """WEB-2, STATE-4: the desk comes up ringing with all that is known; what is written is there after a reload, in
    wrap-up with its countdown, and in the record; the agent is back online.
    """
    leg = place.centre.call_in("13800138000")
    call = desk.get_by_label("Present call")
    expect(call.get_by_text("138 0013 8000", exact=True)).to_be_visible()
    expect(call).to_contain_text("Beijing")
    expect(desk).to_have_url(re.compile("/desk$"))
    notes = desk.get_by_label("Notes")
    notes.fill("wants the invoice of March")
    place.centre.wait_agent(AgentState.IN_CALL, "a1")
    choose(desk, "Result", "Sold")
    expect(desk.get_by_text("Saved", exact=True)).to_be_visible()
    desk.reload()
    expect(notes).to_have_value("wants the invoice of March")
    desk.get_by_role("button", name="Add customer").click()
    desk.get_by_label("Name", exact=True).fill("Li Lei")
    desk.get_by_role("button", name="Save").click()
    expect(call.get_by_text("Li Lei")).to_be_visible()
    place.centre.control.hang_up(leg)
    expect(desk.get_by_role("timer")).to_have_text(re.compile(r"Wrap-up ends in (1:00|0:\d\d)"))
    desk.get_by_role("button", name="Done, back to Online").click()
    expect(desk.get_by_text("No call at the moment")).to_be_visible()
    assert place.centre.agent("a1").state is AgentState.ONLINE
    desk.goto(f"{place.web.url}/calls/{leg}")
    expect(desk.get_by_label("Call form")).to_contain_text("wants the invoice of March")
    expect(desk.get_by_label("Call form")).to_contain_text("Sold")
