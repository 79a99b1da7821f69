"""The agent's page as a phone: Chromium on a real switch, with every process between them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from tests.e2e.pages import PAGES, WHY_MISSING
from tests.support.chromium import WHY_MISSING as NO_CHROMIUM
from tests.support.chromium import find_chromium
from tests.support.real_centre import NUMBER, TENANT
from tests.support.real_desk import WAIT_MS, Desk, real_desk
from tests.support.real_switch import find_freeswitch, why_missing
from tests.support.rtp_audio import Ear
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Phone

pytestmark = [
    pytest.mark.skipif(find_freeswitch() is None, reason=why_missing()),
    pytest.mark.skipif(find_chromium() is None, reason=NO_CHROMIUM),
    pytest.mark.skipif(not PAGES.exists(), reason=WHY_MISSING),
]

RELOADS = 20
#: The page says of the line's quality that sound arrives; while nothing does it says so instead.
HEARS = "() => /line is (good|fair)/.test(document.querySelector('.phone').textContent)"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Switch, Redis, orchestrator and web process."""
    with real_desk(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def test_call_is_answered_in_the_page(desk: Desk, page: Page, sip_loop: SipLoop) -> None:
    """WEB-1, WEB-2: the page rings with the caller's number, answers, talks both ways, hangs up into wrap-up."""
    with Phone(sip_loop, "13800138000", "", desk.switch.trunk, "zuoxi.local", 450) as caller:
        call = caller.dial(NUMBER)
        expect(page.get_by_role("region", name="Present call")).to_contain_text("138 0013 8000", timeout=WAIT_MS)
        page.get_by_role("button", name="Answer Alt+A").click(timeout=WAIT_MS)
        desk.centre.wait_agent(AgentState.IN_CALL, timeout=20)
        sip_loop.wait("the caller to hear the agent's microphone", lambda: len(call.ear.packets) > 50, 20)
        expect(page.get_by_role("button", name="Mute")).to_be_visible(timeout=WAIT_MS)
        page.keyboard.press("Alt+h")
        desk.centre.wait_agent(AgentState.WRAP_UP, timeout=20)
    desk.centre.finish("a1")


def choose(page: Page, state: str) -> None:
    """Choose a state in the menu at the top."""
    page.locator(".own .chip").click()
    page.locator(".menu").get_by_text(state, exact=True).click()


def test_check_before_going_online(desk: Desk, browser: Browser) -> None:
    """WEB-1, STATE-6: the first "Online" of a page looks at the phone, with a tone through the switch and back; where
    the switch can't be reached the agent stays as before and is told what to do.
    """
    page = desk.open(browser)
    desk.centre.use.agents.choose_state(TENANT, "a1", AgentState.OFFLINE, "", "test")
    desk.wire.stay_broken(True)
    expect(page.locator(".phone .mark")).to_have_text("Connecting", timeout=WAIT_MS)
    choose(page, "Online")
    expect(page.locator(".check .failed")).to_contain_text("The switch could not be reached", timeout=WAIT_MS)
    assert desk.centre.agent("a1").state is AgentState.OFFLINE
    desk.wire.stay_broken(False)
    expect(page.locator(".phone .mark")).to_have_text("Ready", timeout=WAIT_MS)
    choose(page, "Online")
    desk.centre.wait_agent(AgentState.ONLINE, timeout=20)
    expect(page.locator(".check .passed")).to_have_count(4)
    expect(page.locator(".check")).to_contain_text("ms there and back")
    desk.centre.wait("the test call to be over", lambda: desk.channels() == 0)
    page.context.close()


def test_logged_out_phone_rings_no_more(desk: Desk, page: Page) -> None:
    """WEB-1, STATE-6: within five seconds of logging out the device is gone."""
    answer = page.evaluate("fetch('/api/v1/session', {method: 'DELETE'}).then((answer) => answer.status)")
    assert answer == 204
    desk.centre.wait("the device to be gone", lambda: not desk.centre.agent("a1").registered, 5)


def quiet_then_heard(desk: Desk, sip_loop: SipLoop, ear: Ear, leg: str) -> str:
    """Wait until the call has another leg of the agent, is joined, and the caller hears sound; return the leg."""

    def joined() -> bool:
        return any(call.leg != leg and call.state is CallState.CONNECTED for call in desk.centre.calls())

    desk.centre.wait("the page to have its call again", joined, 5)
    heard = len(ear.packets)
    sip_loop.wait("the caller to hear the page", lambda: len(ear.packets) > heard + 10, 5)
    return str(desk.centre.calls()[0].leg)


@pytest.mark.timeout(240)
def test_page_is_loaded_anew_twenty_times_in_a_call(desk: Desk, page: Page, sip_loop: SipLoop) -> None:
    """STATE-6, SAFE-1: each time the page has its call again within five seconds, sound runs both ways, state stays."""
    with Phone(sip_loop, "13800138001", "", desk.switch.trunk, "zuoxi.local", 450) as caller:
        call = caller.dial(NUMBER)
        page.get_by_role("button", name="Answer Alt+A").click(timeout=WAIT_MS)
        since = desk.centre.wait_agent(AgentState.IN_CALL, timeout=20).since
        desk.centre.wait("both joined", lambda: desk.centre.calls()[0].state is CallState.CONNECTED)
        leg = str(desk.centre.calls()[0].leg)
        for turn in range(RELOADS):
            page.reload()
            leg = quiet_then_heard(desk, sip_loop, call.ear, leg)
            expect(page.get_by_role("button", name="Mute")).to_be_visible(timeout=WAIT_MS)
            if turn % 5 == 4:  # the page tells each two seconds
                page.wait_for_function(HEARS, timeout=WAIT_MS)
        agent = desk.centre.agent("a1")
        assert (agent.state, agent.since) == (AgentState.IN_CALL, since)
        call.hang_up()
        desk.centre.wait_agent(AgentState.WRAP_UP, timeout=20)
        expect(page.get_by_role("button", name="Mute")).to_be_hidden(timeout=WAIT_MS)
    desk.centre.finish("a1")
