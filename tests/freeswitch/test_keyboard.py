"""An agent's whole work without a mouse: Chromium on a real switch, nothing but keys (WEB-1)."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from tests.e2e.pages import PAGES, WHY_MISSING
from tests.support.chromium import WHY_MISSING as NO_CHROMIUM
from tests.support.chromium import chromium, find_chromium
from tests.support.real_centre import NUMBER
from tests.support.real_desk import PASSWORD, WAIT_MS, Desk, real_desk
from tests.support.real_switch import find_freeswitch, why_missing
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Phone

pytestmark = [
    pytest.mark.skipif(find_freeswitch() is None, reason=why_missing()),
    pytest.mark.skipif(find_chromium() is None, reason=NO_CHROMIUM),
    pytest.mark.skipif(not PAGES.exists(), reason=WHY_MISSING),
]

#: More presses of Tab than any page of an agent has places.
PLACES = 80


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus; whatever can't be reached so fails."""
    wanted.wait_for()
    for _ in range(PLACES):
        if wanted.evaluate("element => element.contains(document.activeElement)"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {wanted}")


def choose_state(page: Page, *keys: str) -> None:
    """Open the own state's menu and go to a line."""
    page.keyboard.press("Alt+s")
    expect(page.get_by_role("menu")).to_be_visible()
    for key in (*keys, "Enter"):
        page.keyboard.press(key)


def log_in(page: Page) -> None:
    """The first field has the focus."""
    page.goto("/login?next=/desk")
    expect(page.locator("input[name=username]")).to_be_focused()
    page.keyboard.type("agent")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".phone .mark")).to_have_text("Ready", timeout=WAIT_MS)


def send_to_the_queue(page: Page) -> None:
    """Transfer: the list of queues has the focus; type, choose, send."""
    page.keyboard.press("Alt+t")
    expect(page.locator(".picker").get_by_role("combobox")).to_be_focused()
    page.keyboard.type("Sal")
    expect(page.get_by_role("option", name="Sales")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    tab_to(page, page.locator(".picker").get_by_role("button", name="Transfer", exact=True))
    page.keyboard.press("Enter")


def test_an_agent_works_with_keys_alone(tmp_path: Path, sip_loop: SipLoop) -> None:
    """WEB-1, STATE-4: log in, check, online, answer, hold, write, hang up, next state; transfer; log out."""
    with (
        real_desk(tmp_path) as desk,
        chromium() as browser,
        Phone(sip_loop, "13800138000", "", desk.switch.trunk, "zuoxi.local", 450) as caller,
    ):
        page = desk.context(browser).new_page()
        log_in(page)
        choose_state(page, "Home")
        desk.centre.wait_agent(AgentState.ONLINE, timeout=30)  # the phone was checked first
        caller.dial(NUMBER)
        talk(desk, page)
        write_and_hang_up(desk, page)
        caller.dial(NUMBER)
        talk(desk, page)
        send_to_the_queue(page)
        desk.centre.wait_agent(AgentState.WRAP_UP, timeout=20)
        expect(page.get_by_role("button", name="Finish wrap-up").first).to_be_visible(timeout=WAIT_MS)
        page.keyboard.press("Alt+q")
        desk.centre.wait("the caller to ring again", lambda: desk.centre.agent().state is AgentState.RINGING, 20)
        expect(page.get_by_role("button", name="Answer Alt+A")).to_be_visible(timeout=WAIT_MS)
        page.keyboard.press("Alt+h")
        desk.quiet()
        tab_to(page, page.get_by_role("button", name="Account"))
        for key in ("Enter", "End", "Enter"):
            page.keyboard.press(key)
        expect(page).to_have_url(re.compile("/login"))


def talk(desk: Desk, page: Page) -> None:
    """Answer, hold and take back."""
    expect(page.get_by_role("button", name="Answer Alt+A")).to_be_visible(timeout=WAIT_MS)
    page.keyboard.press("Alt+a")
    desk.centre.wait("the talk", lambda: states(desk) == [CallState.CONNECTED], 20)
    for button, state in (("Hold", CallState.HELD), ("Resume", CallState.CONNECTED)):
        expect(page.get_by_role("button", name=button, exact=True)).to_be_enabled()
        page.keyboard.press("Alt+o")
        desk.centre.wait(f"{state}", lambda state=state: states(desk) == [state], 20)  # type: ignore[misc]
    expect(page.get_by_role("button", name="Transfer", exact=True)).to_be_enabled(timeout=WAIT_MS)


def states(desk: Desk) -> list[CallState]:
    """The states of all calls."""
    return [call.state for call in desk.centre.calls()]


def write_and_hang_up(desk: Desk, page: Page) -> None:
    """Notes, the end of the call, and the next state from the form."""
    page.keyboard.press("Alt+n")
    page.keyboard.type("wants a brochure")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.keyboard.press("Alt+h")
    desk.centre.wait_agent(AgentState.WRAP_UP, timeout=20)
    tab_to(page, page.get_by_role("button", name="Done, then"))
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    expect(page.get_by_role("menuitem", name="Offline")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    desk.centre.wait_agent(AgentState.ONLINE, timeout=20)
