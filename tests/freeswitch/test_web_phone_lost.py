"""What happens to a call in the page when its line, its browser or its place is lost, on a real switch."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call import Call as Record
from orchestrator.domain.call_states import CallState
from tests.e2e.pages import PAGES, WHY_MISSING
from tests.support.chromium import WHY_MISSING as NO_CHROMIUM
from tests.support.chromium import doomed_chromium, find_chromium
from tests.support.real_centre import NUMBER
from tests.support.real_desk import WAIT_MS, Desk, real_desk
from tests.support.real_switch import find_freeswitch, why_missing
from tests.support.sip_call import Call, State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Phone

pytestmark = [
    pytest.mark.skipif(find_freeswitch() is None, reason=why_missing()),
    pytest.mark.skipif(find_chromium() is None, reason=NO_CHROMIUM),
    pytest.mark.skipif(not PAGES.exists(), reason=WHY_MISSING),
]

PHONE = ".phone .mark"
#: A caller hears the page's microphone when so many packets more have come.
HEARD = 50


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Switch, Redis, orchestrator and web process."""
    with real_desk(tmp_path_factory.mktemp("lost")) as desk:
        yield desk


@pytest.fixture
def caller(desk: Desk, sip_loop: SipLoop) -> Iterator[Phone]:
    """A customer's telephone."""
    with Phone(sip_loop, "13800138009", "", desk.switch.trunk, "zuoxi.local", 450) as phone:
        yield phone


def talk(desk: Desk, page: Page, caller: Phone) -> tuple[Call, Record]:
    """The caller talks to the page."""
    call = caller.dial(NUMBER)
    page.get_by_role("button", name="Answer Alt+A").click(timeout=WAIT_MS)
    desk.centre.wait("a talk", lambda: any(one.state is CallState.CONNECTED for one in desk.centre.calls()), 20)
    hears_more(call)
    return call, desk.centre.calls()[0]


def hears_more(call: Call) -> None:
    """Wait until the caller has heard the page for a second from now on."""
    before = len(call.ear.packets)
    call.phone.loop.wait("the caller to hear the page", lambda: len(call.ear.packets) > before + HEARD, 10)


def test_only_the_line_breaks(desk: Desk, page: Page, caller: Phone) -> None:
    """STATE-6, WEB-1: the sound goes on without a hole, the same page registers again; the caller's good-bye, which the
    switch can't tell that page any more, ends the call there nevertheless.
    """
    call, record = talk(desk, page, caller)
    begun = len(call.ear.packets)
    desk.wire.cut()
    desk.centre.wait("the device to be gone", lambda: not desk.centre.agent("a1").registered)
    hears_more(call)
    desk.centre.wait("the page to be back", lambda: desk.centre.agent("a1").registered, 20)
    assert desk.centre.calls()[0].leg == record.leg
    times = [at for at, _ in call.ear.packets[begun:]]
    assert max(b - a for a, b in pairwise(times)) < 0.5
    call.hang_up()
    desk.centre.wait_agent(AgentState.WRAP_UP, "a1", 20)
    expect(page.get_by_role("button", name="Hang up")).to_be_hidden(timeout=WAIT_MS)


def test_agent_hangs_up_while_the_line_is_broken(desk: Desk, page: Page, caller: Phone) -> None:
    """WEB-1: the button ends the call although SIP can't: the page asks the server as well."""
    call, _ = talk(desk, page, caller)
    desk.wire.stay_broken(True)
    expect(page.locator(PHONE)).to_have_text("Connecting", timeout=WAIT_MS)
    page.get_by_role("button", name="Hang up").click()
    desk.centre.wait_agent(AgentState.WRAP_UP, "a1", 20)
    desk.wire.stay_broken(False)
    call.wait(State.ENDED)
    expect(page.locator(PHONE)).to_have_text("Ready", timeout=WAIT_MS)


def test_line_breaks_while_it_rings(desk: Desk, page: Page, caller: Phone) -> None:
    """STATE-6, QUEUE-3: the ring that can't be answered ends at once, and comes anew with the page."""
    call = caller.dial(NUMBER)
    expect(page.get_by_role("button", name="Answer Alt+A")).to_be_visible(timeout=WAIT_MS)
    offer = desk.centre.calls()[0].offer
    desk.wire.cut()
    desk.centre.wait("another offer", lambda: _offered_again(desk, offer.leg if offer else ""), 20)
    page.get_by_role("button", name="Answer Alt+A").click(timeout=WAIT_MS)
    desk.centre.wait_agent(AgentState.IN_CALL, "a1", 20)
    hears_more(call)
    assert desk.centre.agent("a1").missed == 0


def _offered_again(desk: Desk, leg: str) -> bool:
    (call,) = desk.centre.calls()
    return call.offer is not None and call.offer.leg != leg


def test_browser_crashes(desk: Desk, browser: Browser, caller: Phone, tmp_path: Path) -> None:
    """STATE-6, SAFE-1: kill -9 of the whole browser: the loss is known at once and the next one has the call."""
    with doomed_chromium(browser.browser_type, tmp_path) as doomed:
        page = desk.open(doomed.browser)
        desk.centre.online("a1")
        call, record = talk(desk, page, caller)
        doomed.kill()
        desk.centre.wait("the loss to be known", lambda: desk.centre.calls()[0].state is CallState.RECOVERING, 2.5)
    again = desk.open(browser)
    desk.centre.wait("the talk to go on", lambda: desk.centre.calls()[0].state is CallState.CONNECTED, 10)
    hears_more(call)
    assert desk.centre.calls()[0].leg != record.leg
    expect(again.get_by_role("button", name="Mute")).to_be_visible(timeout=WAIT_MS)
    again.context.close()
    desk.quiet()


def test_one_page_rings(desk: Desk, page: Page, browser: Browser, caller: Phone) -> None:
    """WEB-1: of two pages of one browser the first rings; a page of another machine takes the phone for itself, and
    the first one says so at once.
    """
    second = desk.log_in(page.context)
    expect(second.locator(PHONE)).to_have_text("In another page", timeout=WAIT_MS)
    call = caller.dial(NUMBER)
    expect(page.get_by_role("button", name="Answer Alt+A")).to_be_visible(timeout=WAIT_MS)
    expect(second.get_by_role("button", name="Answer Alt+A")).to_be_hidden()
    call.hang_up()
    desk.quiet()
    elsewhere = desk.open(browser)
    expect(page.locator(PHONE)).to_have_text("In another page", timeout=WAIT_MS)
    caller.dial(NUMBER)
    expect(elsewhere.get_by_role("button", name="Answer Alt+A")).to_be_visible(timeout=WAIT_MS)
    for silent in (page, second):
        expect(silent.get_by_role("button", name="Answer Alt+A")).to_be_hidden()
    elsewhere.context.close()
