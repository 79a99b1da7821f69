"""Every button of a call in the page, pressed in Chromium on a real switch (WEB-1, SUP-1)."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from orchestrator.database.connection import open_database
from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from tests.e2e.pages import PAGES, WHY_MISSING
from tests.support.chromium import WHY_MISSING as NO_CHROMIUM
from tests.support.chromium import chromium, find_chromium
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
    pytest.mark.timeout(240),
]


class Scene:
    """A caller and the pages of two agents, who are both online; `first` talks."""

    def __init__(self, desk: Desk, first: Page, second: Page, call: Call) -> None:
        self.desk, self.first, self.second, self.call = desk, first, second, call

    def press(self, page: Page, name: str) -> None:
        """Press a button of the present call."""
        page.locator(".acts").get_by_role("button", name=name, exact=True).click(timeout=WAIT_MS)

    def pick(self, act: str, target: str, kind: str = "") -> None:
        """Press a button that asks for a target, and choose one of a kind (empty: the kind that is offered first)."""
        self.press(self.first, act)
        if kind:
            self.first.locator(".picker .el-segmented").get_by_text(kind, exact=True).click()
        self.first.locator(".picker").get_by_role("combobox").click()
        self.first.get_by_role("option", name=target).click()
        self.first.locator(".picker").get_by_role("button", name=act, exact=True).click()

    def answer(self, page: Page) -> None:
        """Pick up what rings there."""
        page.get_by_role("button", name="Answer Alt+A").click(timeout=WAIT_MS)

    def state(self, state: CallState) -> None:
        """Wait until the call is in a state."""
        self.desk.centre.wait(f"{state}", lambda: any(c.state is state for c in self.desk.centre.calls()), 20)

    def agents(self, first: AgentState, second: AgentState) -> None:
        """Wait until both agents are in these states."""
        self.desk.centre.wait_agent(first, "a1", 20)
        self.desk.centre.wait_agent(second, "a2", 20)

    def hears_page(self) -> None:
        """Wait until the caller has heard something for a second from now on."""
        before = len(self.call.ear.packets)
        self.call.phone.loop.wait("sound", lambda: len(self.call.ear.packets) > before + 50, 10)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Switch, Redis, orchestrator and web process."""
    with real_desk(tmp_path_factory.mktemp("buttons")) as desk:
        yield desk


@pytest.fixture(scope="module")
def pages(desk: Desk) -> Iterator[tuple[Page, Page]]:
    """The pages of agent and supervisor, phones ready."""
    with chromium() as browser:
        yield desk.open(browser), desk.open(browser, "boss")


@pytest.fixture
def scene(desk: Desk, pages: tuple[Page, Page], sip_loop: SipLoop) -> Iterator[Scene]:
    """The agent talks to a caller; the other agent is online."""
    first, second = pages
    for page in pages:
        page.goto("/desk")
        expect(page.locator(".phone .mark")).to_have_text("Ready", timeout=WAIT_MS)
    desk.centre.online("a1")
    with Phone(sip_loop, "13800138009", "", desk.switch.trunk, "zuoxi.local", 450) as caller:
        scene = Scene(desk, first, second, caller.dial(NUMBER))
        scene.answer(first)
        scene.state(CallState.CONNECTED)
        desk.centre.online("a2")
        yield scene
    desk.quiet()
    for agent in ("a1", "a2"):
        desk.centre.wait("no talk", lambda agent=agent: not desk.centre.agent(agent).engaged, 20)  # type: ignore[misc]
        desk.centre.use.agents.choose_state("t", agent, AgentState.OFFLINE, "", "test")


def test_hold_and_keys(scene: Scene) -> None:
    """WEB-1: hold by the orchestrator, mute, hanging up, wrap-up by keys; the keypad's reach the caller as RFC 2833."""
    scene.press(scene.first, "Hold")
    scene.state(CallState.HELD)
    expect(scene.first.locator(".acts .primary")).to_be_enabled()  # resume: one key holds and takes back
    scene.first.keyboard.press("Alt+o")
    scene.state(CallState.CONNECTED)
    scene.hears_page()
    scene.first.keyboard.press("Alt+m")
    expect(scene.first.get_by_role("button", name="Unmute")).to_be_visible()
    scene.first.keyboard.press("Alt+m")
    scene.first.keyboard.press("Alt+k")
    scene.first.keyboard.type("5")
    scene.call.wait_for_keys("5", 10)
    scene.first.get_by_role("button", name="9", exact=True).click()
    scene.call.wait_for_keys("59", 10)
    scene.first.keyboard.press("Alt+h")
    scene.call.wait(State.ENDED)
    scene.agents(AgentState.WRAP_UP, AgentState.ONLINE)
    expect(scene.first.get_by_role("button", name="Finish wrap-up")).to_be_enabled()
    scene.first.keyboard.press("Alt+q")
    scene.agents(AgentState.ONLINE, AgentState.ONLINE)


def test_transfer_to_a_queue(scene: Scene) -> None:
    """WEB-1: the caller goes on to a queue and rings at whoever is ready there; the agent wraps up."""
    scene.pick("Transfer", "Sales")
    scene.agents(AgentState.WRAP_UP, AgentState.RINGING)
    scene.answer(scene.second)
    scene.state(CallState.CONNECTED)
    scene.hears_page()
    assert scene.desk.centre.calls()[0].agent == "a2"


def test_transfer_to_an_agent(scene: Scene) -> None:
    """WEB-1: the caller goes to one agent by name, who rings at once; the agent who sent him wraps up."""
    scene.pick("Transfer", "Agent 2", "Agent")
    scene.agents(AgentState.WRAP_UP, AgentState.RINGING)
    scene.answer(scene.second)
    scene.state(CallState.CONNECTED)
    scene.hears_page()
    assert scene.desk.centre.calls()[0].agent == "a2"


def test_ask_all_three_and_hand_over(scene: Scene) -> None:
    """WEB-1: a colleague is asked while the caller hears music, then all three talk, then the agent leaves."""
    scene.pick("Consult", "Agent 2")
    scene.answer(scene.second)
    scene.agents(AgentState.IN_CALL, AgentState.IN_CALL)
    scene.press(scene.first, "Conference")
    scene.state(CallState.CONFERENCE)
    scene.hears_page()
    scene.press(scene.first, "Hand over")
    scene.agents(AgentState.WRAP_UP, AgentState.IN_CALL)
    scene.state(CallState.CONNECTED)
    scene.hears_page()
    assert scene.desk.centre.calls()[0].agent == "a2"


def test_ask_and_come_back(scene: Scene) -> None:
    """WEB-1: the colleague is let go, without wrap-up, and the caller talks to the agent again."""
    scene.pick("Consult", "Agent 2")
    scene.answer(scene.second)
    scene.press(scene.first, "Back to the caller")
    scene.state(CallState.CONNECTED)
    scene.agents(AgentState.IN_CALL, AgentState.ONLINE)
    scene.hears_page()


def test_supervisor_s_buttons(scene: Scene) -> None:
    """SUP-1: to listen is one click, the page picks up by itself; every act has a row in the audit."""
    page = scene.second
    page.goto("/seats")  # whose phone is not ready yet: the first act waits for it
    acts = ["Listen", "Whisper", "Barge in", "Take over"]
    for act in acts[:-1]:
        supervise(page, act)
        mode = {"Listen": "listen", "Whisper": "whisper", "Barge in": "barge"}[act]
        scene.desk.centre.wait(f"to {mode}", lambda mode=mode: listening(scene.desk) == (mode, True), 20)  # type: ignore[misc]
    supervise(page, "Take over")
    scene.agents(AgentState.WRAP_UP, AgentState.IN_CALL)
    scene.state(CallState.CONNECTED)
    scene.hears_page()
    assert scene.desk.centre.calls()[0].agent == "a2"
    database = open_database(f"sqlite:///{scene.desk.folder}/zuoxi.db")
    rows = database.execute_sql("SELECT after FROM audit WHERE area = 'supervision' ORDER BY id").fetchall()
    database.close()
    assert [json.loads(after)["act"] for (after,) in rows] == ["listen", "whisper", "barge", "take_over"]


def supervise(page: Page, act: str) -> None:
    """Choose an act of the supervisor's in the row of the agent who talks."""
    page.locator("[role=row]", has_text="Agent 1").get_by_role("button").last.click(timeout=WAIT_MS)
    page.locator(".menu").get_by_text(act, exact=True).click()


def listening(desk: Desk) -> tuple[str, bool] | None:
    """How the supervisor listens, and whether the phone was answered."""
    supervision = desk.centre.calls()[0].supervision
    return (supervision.mode.value, supervision.answered) if supervision else None
