"""Agents call out from their desk, over every process and a simulated switch."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.domain.calling_out import CallingOut
from orchestrator.domain.config import NumberConfig, to_queue
from orchestrator.domain.trunks import Trunk
from simulator.control import Behaviour
from tests.e2e.pages import PAGES, WHY_MISSING, Workplace, workplace
from tests.support.real_centre import QUEUE

NUMBERS = {n: NumberConfig(number=n, route=to_queue(QUEUE), trunk="pstn") for n in ("4001", "4002")}
TRUNKS = {"pstn": Trunk(name="pstn", rewrite=(("+86", "0"),))}


@pytest.fixture
def place(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """A company with two numbers to show, of which agents may choose the second; three calls a day are allowed."""
    if not PAGES.exists():
        pytest.skip(WHY_MISSING)
    rules = CallingOut(choosable=("4002",), agent_calls=3)
    folder = tmp_path_factory.mktemp("calling")
    with workplace(browser, folder, 1, numbers=NUMBERS, trunks=TRUNKS, calling_out=rules) as opened:
        opened.centre.control.set_phone("t-1", Behaviour(after_ms=50))
        yield opened


def test_an_agent_calls_from_the_desk(place: Workplace) -> None:
    """OUT-1, NUM-1, WALL-1: pasted number, chosen caller id, live stages, plain words for what failed, called again.

    SAFE-4: the call beyond the limit is refused, and an administrator's page tells of it by itself.
    """
    centre = place.centre
    centre.online("a1")
    centre.control.set_gateway(Behaviour(after_ms=1500))
    with place.logged_in("a1", "/desk") as page:
        number = page.get_by_role("textbox", name="Number", exact=True)
        number.fill("+86 139-0013-9000")
        page.get_by_label("Number shown to the customer").select_option("4002")
        page.get_by_role("button", name="Call", exact=True).click()
        expect(page.locator(".dial .stage")).to_contain_text("ringing")
        centre.wait("the talk", lambda: [call.state for call in centre.calls()] == [CallState.CONNECTED], 20)
        (call,) = centre.calls()
        assert (call.caller, call.number, call.agent) == ("+8613900139000", "4002", "a1")
        expect(page.get_by_role("button", name="Hold")).to_be_visible()
        centre.control.hang_up(call.id)
        centre.wait_agent(AgentState.WRAP_UP, timeout=20)
        centre.control.set_gateway(Behaviour(reaction="busy", after_ms=300))
        number.fill("13900139001")
        number.press("Enter")
        expect(page.locator(".dial .failed")).to_contain_text("139 0013 9001: busy")
        assert centre.agent("a1").state is AgentState.ONLINE
        centre.control.set_gateway(Behaviour(reaction="no_answer"))
        page.get_by_role("button", name="Call again").click()
        page.get_by_role("button", name="Give up").click()
        expect(page.locator(".dial .failed")).to_contain_text("you gave up")
        expect(page.get_by_role("button", name="Call again")).to_be_enabled()
        with place.logged_in("admin", "/calls") as admin:
            bell = admin.get_by_role("button", name="Alerts", exact=True)
            expect(bell).to_be_visible()
            page.get_by_role("button", name="Call again").click()
            expect(page.get_by_role("alert").filter(has_text="limit")).to_be_visible()
            admin.get_by_role("button", name="1 new alert").click(timeout=30_000)
            alerts = admin.get_by_role("dialog", name="Alerts")
            expect(alerts).to_contain_text("Agent 1: as many calls as are allowed today")
            admin.keyboard.press("Escape")
            expect(bell).to_be_visible()
    centre.wait("the ends", lambda: centre.outcomes() == ["reached", "not_reached", "given_up"], 20)
