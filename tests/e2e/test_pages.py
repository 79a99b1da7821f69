"""What people see and do in the browser."""

import re
import statistics

from playwright.sync_api import Locator, Page, expect

from orchestrator.domain.agent import AgentState, AnswerMode
from orchestrator.store import keys
from simulator.control import Behaviour
from tests.e2e.pages import Workplace
from tests.support.real_centre import TENANT

#: A board that is live again after a pause of the server's: socket.io notices, connects, watches.
BACK_MS = 30_000


def row(page: Page, name: str) -> Locator:
    """An agent's row on the seat monitor."""
    return page.get_by_role("row").filter(has=page.get_by_role("cell", name=name, exact=True))


def tile(page: Page, state: str) -> Locator:
    """The count of a state on the seat monitor."""
    return page.locator(f".tile[data-state={state}] .count")


def seconds(text: str) -> int:
    """Read `1:02:03`."""
    total = 0
    for part in text.split(":"):
        total = total * 60 + int(part)
    return total


def test_a_wrong_password_is_said_and_a_right_one_leads_where_one_wanted(place: Workplace) -> None:
    """API-1, WALL-2: the server's message is shown; after the log-in the page asked for opens."""
    with place.visit("/queues") as page:
        place.log_in(page, "supervisor", "wrong")
        expect(page.get_by_role("alert")).to_have_text("Login name or password is wrong.")
        place.log_in(page, "supervisor")
        expect(page.get_by_role("heading", name="Queue monitor")).to_be_visible()
        expect(page.get_by_role("cell", name="Sales")).to_be_visible()


def test_the_seat_monitor_follows_a_call_from_ring_to_wrap_up(place: Workplace) -> None:
    """WALL-1, STATE-3: state, caller and counters change by themselves; the duration counts from the change."""
    centre = place.centre
    centre.control.set_phone("t-1", Behaviour(after_ms=1500))
    with place.logged_in("supervisor", "/seats") as page:
        expect(row(page, "Agent 1")).to_contain_text("Offline")
        centre.online("a1")
        expect(row(page, "Agent 1")).to_contain_text("Online")
        leg = centre.call_in("13800138001")
        expect(row(page, "Agent 1")).to_contain_text("Ringing")
        expect(row(page, "Agent 1")).to_contain_text("138 0013 8001")
        expect(row(page, "Agent 1")).to_contain_text("In call")
        expect(row(page, "Agent 1")).to_contain_text("Sales")
        expect(tile(page, "in_call")).to_have_text("1")
        ticking = row(page, "Agent 1").locator(".ticking")
        assert seconds(ticking.inner_text()) <= 2
        expect(ticking).to_have_text(re.compile("^0:0[3-5]$"))
        centre.control.hang_up(leg)
        expect(row(page, "Agent 1")).to_contain_text("Wrap-up")
        expect(row(page, "Agent 1").get_by_role("cell").nth(6)).to_have_text("1")
        centre.finish("a1")
        expect(row(page, "Agent 1")).to_contain_text("Online")
        centre.use.agents.choose_state("t", "a1", AgentState.OFFLINE, "", "test")


def test_a_change_is_on_screen_within_300_ms(place: Workplace) -> None:
    """WALL-1: the median of ten changes, from the moment that the change is stamped with to the changed page."""
    centre = place.centre
    with place.logged_in("supervisor", "/seats") as page:
        mark = row(page, "Agent 6").locator(".mark")
        expect(mark).to_contain_text("Offline")
        mark.evaluate(
            """mark => { window.changes = []
            new MutationObserver(() => window.changes.push([mark.textContent, Date.now()]))
              .observe(mark, { subtree: true, childList: true, characterData: true, attributes: true }) }"""
        )
        delays = []
        for state, text in [(AgentState.BUSY, "Busy"), (AgentState.ONLINE, "Online")] * 5:
            centre.use.agents.choose_state("t", "a6", state, "", "test")
            expect(mark).to_contain_text(text)
            shown = page.evaluate("text => window.changes.findLast(change => change[0].includes(text))[1]", text)
            delays.append(shown - centre.agent("a6").since / 1000)
        centre.use.agents.choose_state("t", "a6", AgentState.OFFLINE, "", "test")
        assert statistics.median(delays) < 300, delays


def test_an_agent_chooses_a_state_and_finds_it_locked_during_a_call(place: Workplace) -> None:
    """STATE-2, STATE-3, STATE-4: break with a reason restarts the duration; locked in a call; wrap-up can be ended."""
    centre = place.centre
    centre.control.set_phone("t-2", Behaviour(after_ms=100))
    with place.logged_in("a2") as page:
        chip = page.get_by_role("button", name="My state")
        expect(chip).to_contain_text("Offline")
        chip.click()
        page.get_by_role("menuitemradio", name="Break · lunch").click()
        expect(chip).to_contain_text("lunch")
        expect(chip.locator(".ticking")).to_have_text(re.compile("^0:0[0-5]$"))
        assert centre.agent("a2").reason == "lunch"
        chip.press("ArrowDown")
        page.keyboard.press("Home")
        page.keyboard.press("Enter")
        expect(chip).to_contain_text("Online")
        leg = centre.call_in("13800138002")
        expect(chip).to_contain_text("In call")
        expect(page.get_by_text("138 0013 8002").first).to_be_visible()
        chip.click()
        for choice in page.get_by_role("menuitemradio").all():
            expect(choice).to_be_disabled()
            expect(choice).to_have_attribute("title", "Can't be changed now: In call")
        page.keyboard.press("Escape")
        centre.control.hang_up(leg)
        page.get_by_role("button", name="Finish wrap-up").first.click()
        expect(chip).to_contain_text("Online")
        chip.click()
        page.get_by_role("menuitemradio", name="Offline").click()
        expect(chip).to_contain_text("Offline")


def test_a_supervisor_changes_state_and_mode_and_forces_a_logout(place: Workplace) -> None:
    """STATE-5, WALL-1: actions in the row; in web mode a forced logout leads to offline, after a confirmation."""
    centre = place.centre
    with place.logged_in("supervisor", "/seats") as page:
        actions = page.get_by_role("button", name="Actions for Agent 3")
        actions.click()
        page.get_by_role("menuitemradio", name="Busy").click()
        expect(row(page, "Agent 3")).to_contain_text("Busy")
        actions.click()
        page.get_by_role("menuitemradio", name="Mobile").click()
        expect(row(page, "Agent 3")).to_contain_text("Mobile")
        assert centre.agent("a3").mode is AnswerMode.MOBILE
        actions.click()
        page.get_by_role("menuitemradio", name="Web").click()
        expect(row(page, "Agent 3")).to_contain_text("Web")
        actions.click()
        page.get_by_role("menuitem", name="Force logout").click()
        page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
        expect(row(page, "Agent 3")).to_contain_text("Busy")
        actions.click()
        page.get_by_role("menuitem", name="Force logout").click()
        page.get_by_role("dialog").get_by_role("button", name="Force logout").click()
        expect(row(page, "Agent 3")).to_contain_text("Offline")


def test_a_refusal_is_shown_in_the_servers_words(place: Workplace) -> None:
    """STATE-2: a page that doesn't know yet that the agent rings shows why the server refuses."""
    centre = place.centre
    centre.control.set_phone("t-4", Behaviour(reaction="no_answer", after_ms=60_000))
    with place.logged_in("supervisor", "/seats") as page:
        centre.online("a4")
        expect(row(page, "Agent 4")).to_contain_text("Online")
        page.get_by_role("button", name="Actions for Agent 4").click()
        page.route(
            "**/api/v1/agents/a4/state",
            lambda route: (centre.call_in(), centre.wait_agent(AgentState.RINGING, "a4"), route.continue_()),
        )
        page.get_by_role("menuitemradio", name="Busy").click()
        expect(page.get_by_role("alert").filter(has_text="The agent is ringing")).to_be_visible()
        for leg in centre.control.legs():
            centre.control.hang_up(leg.uuid)
        centre.wait_agent(AgentState.ONLINE, "a4")
        centre.use.agents.choose_state("t", "a4", AgentState.OFFLINE, "", "test")


def test_a_call_is_found_in_the_records_with_its_story(place: Workplace) -> None:
    """CDR-1, OPS-1, WALL-2: the queue's figures, the record with offers and legs, every event and command."""
    centre = place.centre
    centre.control.set_phone("t-5", Behaviour(after_ms=100))
    centre.online("a5")
    leg = centre.call_in("13900139005")
    centre.wait_agent(AgentState.IN_CALL, "a5")
    with place.logged_in("supervisor", "/calls?number=139 0013 9005") as page:
        expect(page.locator("tbody.live")).to_contain_text("139 0013 9005")
        centre.control.hang_up(leg)
        centre.wait_agent(AgentState.WRAP_UP, "a5")
        record = page.locator("tbody:not(.live)").get_by_role("link", name="139 0013 9005")
        expect(async_refresh(page, record)).to_be_visible()
        record.click()
        expect(page.get_by_role("heading", name="139 0013 9005")).to_be_visible()
        expect(page.get_by_label("Facts")).to_contain_text("Connected")
        story = page.locator("section", has=page.get_by_role("heading", name="Story")).get_by_role("listitem")
        expect(story.filter(has_text="Call from 139 0013 9005 to 4001")).to_be_visible()
        expect(story.filter(has_text="Offered to Agent 5")).to_be_visible()
        expect(story.filter(has_text="Ring the agent's phone")).to_be_visible()
        page.get_by_role("button", name="Commands").click()
        expect(story.filter(has_text="Ring the agent's phone")).to_have_count(0)
        offers = page.locator("section", has=page.get_by_role("heading", name="Offers to agents"))
        expect(offers.get_by_role("row").nth(1)).to_contain_text("Accepted")
        offers.get_by_text("Why this agent").click()
        expect(offers.get_by_role("listitem").filter(has_text="Agent 5")).to_contain_text("asked")
        expect(offers.get_by_text("Agents of the queue:")).to_contain_text("ready 1")
        page.locator('a[href="/queues"]').click()
        expect(page.get_by_role("heading", name="Queue monitor")).to_be_visible()
        expect(figure(page, "Sales", "Connected")).to_have_text(str(connected_today(place)))


def figure(page: Page, queue: str, column: str) -> Locator:
    """A queue's figure on the queue monitor, by the head of its column."""
    expect(page.get_by_role("columnheader").first).to_be_visible()
    place = page.get_by_role("columnheader").all_inner_texts().index(column)
    return page.get_by_role("row").filter(has_text=queue).get_by_role("cell").nth(place)


def connected_today(place: Workplace) -> int:
    """How many callers the only queue has connected, as Redis counts."""
    counts = place.centre.redis.hgetall(keys.counters(TENANT))
    (connected,) = (int(by) for name, by in counts.items() if name.endswith(":connected"))
    assert connected
    return connected


def async_refresh(page: Page, wanted: Locator) -> Locator:
    """Press refresh until the record is written: that happens in the background."""
    for _ in range(40):
        if wanted.count():
            break
        with page.expect_response("**/api/v1/calls?*"):
            page.get_by_role("button", name="Refresh").click()
    return wanted


def test_a_server_that_hangs_greys_the_board_and_its_return_revives_it(place: Workplace) -> None:
    """WALL-3: stale data is said to be stale, durations stand still; everything comes back by itself."""
    with place.logged_in("supervisor", "/seats") as page:
        banner = page.get_by_role("alert").filter(has_text="Not current.")
        expect(row(page, "Agent 1")).to_be_visible()
        expect(banner).to_have_count(0)
        place.web.freeze()
        expect(banner).to_be_visible()
        expect(page.locator(".table.stale-data")).to_be_visible()
        before = row(page, "Agent 1").locator(".ticking").inner_text()
        expect(banner).to_contain_text(re.compile(r"0:0[6-9]"))
        assert row(page, "Agent 1").locator(".ticking").inner_text() == before
        place.web.thaw()
        expect(banner).to_have_count(0, timeout=BACK_MS)
        expect(page.get_by_text("Live", exact=True)).to_be_visible()


def test_a_login_that_ends_leads_to_the_login_page_and_back(place: Workplace) -> None:
    """ROLE-1: nothing is lost when the login ends: the same page opens after logging in again."""
    with place.logged_in("supervisor", "/calls?number=123") as page:
        expect(page.get_by_role("heading", name="Call records")).to_be_visible()
        page.context.clear_cookies()
        page.get_by_role("button", name="Refresh").click()
        expect(page.get_by_text("Your session has ended.")).to_be_visible()
        place.log_in(page, "supervisor")
        expect(page).to_have_url(re.compile(r"/calls\?number=123$"))


def test_agents_see_no_monitors(place: Workplace) -> None:
    """ROLE-1: pages without permission are neither linked nor shown; an unknown address says so."""
    with place.logged_in("a1", "/seats") as page:
        expect(page.get_by_role("heading", name="Seat monitor")).to_have_count(0)
        expect(page.get_by_text("No permission", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="Seats")).to_have_count(0)
        page.goto(f"{place.web.url}/nowhere")
        expect(page.get_by_text("No such page")).to_be_visible()


def test_language_follows_the_browser_then_the_choice(place: Workplace) -> None:
    """Interface: Chinese for a Chinese browser; the choice is kept, on this browser and with the account."""
    with place.logged_in("a1", "/calls", locale="zh-CN") as page:
        expect(page.get_by_role("heading", name="通话记录")).to_be_visible()
        page.get_by_role("button", name="语言").click()
        page.get_by_role("menuitemradio", name="English").click()
        expect(page.get_by_role("heading", name="Call records")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="Call records")).to_be_visible()
    with place.logged_in("a1", "/calls", locale="zh-CN") as page:
        expect(page.get_by_role("heading", name="Call records")).to_be_visible()
