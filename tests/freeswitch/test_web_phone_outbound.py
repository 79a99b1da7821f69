"""The agent's page calls out: Chromium on a real switch, a telephone behind its trunk (OUT-1, WEB-1)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from orchestrator.domain.agent import AgentState, AnswerMode
from orchestrator.domain.call_states import CallState
from tests.e2e.pages import PAGES, WHY_MISSING
from tests.support.chromium import WHY_MISSING as NO_CHROMIUM
from tests.support.chromium import find_chromium
from tests.support.real_centre import TENANT
from tests.support.real_desk import WAIT_MS, Desk, real_desk
from tests.support.real_switch import find_freeswitch, why_missing
from tests.support.real_talk import talks
from tests.support.sip_call import Call, State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Manner, Phone

pytestmark = [
    pytest.mark.skipif(find_freeswitch() is None, reason=why_missing()),
    pytest.mark.skipif(find_chromium() is None, reason=NO_CHROMIUM),
    pytest.mark.skipif(not PAGES.exists(), reason=WHY_MISSING),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, sip_loop: SipLoop) -> Iterator[Desk]:
    """Switch with a trunk, Redis, orchestrator and web process."""
    with real_desk(tmp_path_factory.mktemp("desk"), sip_loop) as desk:
        yield desk


@pytest.fixture
def outside(desk: Desk) -> Phone:
    """The telephone behind the trunk, which rings until it is picked up."""
    assert desk.outside is not None
    return desk.outside.behave(Manner(answer_after=None))


def dial(page: Page, number: str = "139 0013 9000") -> None:
    """Type a number and press Enter, as soon as the page is ready for it."""
    box = page.get_by_role("region", name="Call out")
    box.get_by_label("Number", exact=True).fill(number)
    expect(box.get_by_role("button", name="Call", exact=True)).to_be_enabled(timeout=WAIT_MS)
    box.get_by_label("Number", exact=True).press("Enter")


def rung(outside: Phone, already: int) -> Call:
    """The call that makes the telephone outside ring; browsers take their time on a busy machine."""
    return outside.next_call(already, 40).wait(State.RINGING)


def hears_more(call: Call) -> None:
    """Wait until the customer hears the agent's microphone anew."""
    already = len(call.ear.packets)
    call.phone.loop.wait("the customer to hear the agent", lambda: len(call.ear.packets) > already + 50, 20)


def test_the_page_answers_its_own_call(desk: Desk, page: Page, outside: Phone) -> None:
    """OUT-1, WEB-1: without a click the page is on the line, sees that it rings, and talks; hanging up wraps up."""
    before = len(outside.calls)
    dial(page)
    rings = rung(outside, before)
    expect(page.get_by_role("region", name="Call out")).to_contain_text("ringing", timeout=WAIT_MS)
    call = outside.answer(rings)
    talks(desk.centre)
    hears_more(call)
    expect(page.get_by_role("button", name="Mute")).to_be_visible(timeout=WAIT_MS)
    page.keyboard.press("Alt+h")
    call.wait(State.ENDED, 10)
    desk.centre.wait_agent(AgentState.WRAP_UP, timeout=20)
    desk.centre.finish("a1")


def test_reload_in_a_call_that_the_page_has_placed(desk: Desk, page: Page, outside: Phone) -> None:
    """OUT-1, STATE-6: the customer waits with music; the page is back, and both hear each other within five seconds."""
    before = len(outside.calls)
    dial(page)
    call = outside.answer(rung(outside, before))
    talks(desk.centre)
    hears_more(call)
    leg = desk.centre.calls()[0].leg
    page.reload()
    desk.centre.wait("the new page", lambda: [c.leg != leg for c in desk.centre.calls()] == [True], 10)
    desk.centre.wait("the talk", lambda: desk.centre.calls()[0].state is CallState.CONNECTED, 10)
    hears_more(call)
    call.hang_up()
    desk.centre.wait_agent(AgentState.WRAP_UP, timeout=20)
    desk.centre.finish("a1")


def test_from_the_mobile(desk: Desk, page: Page, outside: Phone) -> None:
    """OUT-1, MOB-1: the box says that the mobile rings first; 1 is pressed there, and the page shows the talk."""
    desk.centre.use.agents.change_answer_mode(TENANT, "a1", AnswerMode.MOBILE, "test")
    box = page.get_by_role("region", name="Call out")
    expect(box).to_contain_text("Your mobile rings first", timeout=WAIT_MS)
    before = len(outside.calls)
    dial(page)
    mobile = outside.answer(rung(outside, before))
    expect(box).to_contain_text("press 1", timeout=WAIT_MS)
    desk.centre.wait("the question", lambda: "offer_picked_up" in desk.centre.events(), 20)
    mobile.press("1")
    customer = outside.answer(rung(outside, before + 1))
    talks(desk.centre)
    hears_more(customer)
    expect(page.get_by_role("region", name="Present call")).to_contain_text("139", timeout=WAIT_MS)
    customer.hang_up()
    mobile.wait(State.ENDED, 10)
    desk.centre.wait_agent(AgentState.WRAP_UP, timeout=20)
    desk.centre.finish("a1")
    desk.centre.use.agents.change_answer_mode(TENANT, "a1", AnswerMode.WEB, "test")
