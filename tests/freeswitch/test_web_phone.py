"""The agent's page as a phone: Chromium on a real switch, with every process between them."""

import os
import re
import secrets
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from orchestrator.database.connection import open_database
from orchestrator.database.migrate import migrate
from orchestrator.database.models import Agent, Tenant
from orchestrator.database.users import add_user
from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from tests.e2e.pages import PAGES, WHY_MISSING
from tests.support.chromium import WHY_MISSING as NO_CHROMIUM
from tests.support.chromium import chromium, find_chromium
from tests.support.real_centre import NUMBER, ROOT, TENANT, RealCentre
from tests.support.real_switch import RealSwitch, find_freeswitch, free_ports, why_missing
from tests.support.rtp_audio import Ear
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Phone

pytestmark = [
    pytest.mark.skipif(find_freeswitch() is None, reason=why_missing()),
    pytest.mark.skipif(find_chromium() is None, reason=NO_CHROMIUM),
    pytest.mark.skipif(not PAGES.exists(), reason=WHY_MISSING),
]

DEVICE, PASSWORD, SECRET, WAIT_MS = "web-1", secrets.token_urlsafe(12), secrets.token_hex(16), 20_000

RELOADS = 20
#: The page says of the line's quality that sound arrives; while nothing does it says so instead.
HEARS = "() => /line is (good|fair)/.test(document.querySelector('.phone').textContent)"


@dataclass
class Desk:
    """A centre with one agent, who answers in a browser."""

    centre: RealCentre
    url: str
    switch: RealSwitch

    def open(self, browser: Browser) -> Page:
        """Log in and wait until the phone is ready."""
        page = browser.new_context(base_url=self.url, locale="en-GB", permissions=["microphone"]).new_page()
        page.goto("/login")
        page.fill("input[autocomplete=username]", "agent")
        page.fill("input[autocomplete=current-password]", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator(".phone .mark")).to_have_text("Ready", timeout=WAIT_MS)
        return page


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Switch, Redis, orchestrator and web process; the switch asks the web process for passwords."""
    folder = tmp_path_factory.mktemp("desk")
    (port,) = free_ports(1)
    asking = {"DIRECTORY_URL": f"http://127.0.0.1:{port}/freeswitch/directory", "DIRECTORY_SECRET": SECRET}
    with RealSwitch(folder / "switch", asking) as switch, RealCentre(switch, folder / "centre", (DEVICE,)) as centre:
        _populate(f"sqlite:///{folder}/zuoxi.db")
        process = _web(folder, port, centre, switch)
        yield Desk(centre, f"http://127.0.0.1:{port}", switch)
        process.kill()
        process.wait(10)


def _populate(url: str) -> None:
    database = open_database(url)
    migrate(database)
    tenant = Tenant.create(id=TENANT, name="Test")
    agent = Agent.create(tenant=tenant, key="a1", name="Agent 1", device=DEVICE)
    add_user(login="agent", name="Agent", password=PASSWORD, role="agent", tenant=tenant, agent=agent)
    database.close()


def _web(folder: Path, port: int, centre: RealCentre, switch: RealSwitch) -> "subprocess.Popen[bytes]":
    (folder / "secret_key").write_text(secrets.token_hex(16))
    (folder / "directory_secret").write_text(SECRET)
    host, esl_port = switch.esl
    settings = {
        "ZUOXI_DATA_DIR": str(folder),
        "ZUOXI_DATABASE_URL": f"sqlite:///{folder}/zuoxi.db",
        "ZUOXI_REDIS_URL": centre.redis_server.url,
        "ZUOXI_SWITCHES": f"fs1=esl://:{switch.password}@{host}:{esl_port}",
        "ZUOXI_WEB_PORT": str(port),
        "ZUOXI_WEB_PHONE_URL": f"ws://127.0.0.1:{switch.ports['WS_PORT']}",
    }
    with (folder / "web.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "webui"], env=os.environ | settings, cwd=ROOT, stdout=subprocess.PIPE, stderr=log
        )
    assert process.stdout is not None
    said, deadline = b"", time.monotonic() + 30
    while not re.search(rb"web on http://\S+", said):
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, (folder / "web.log").read_text()[-2000:]
        said += os.read(process.stdout.fileno(), 4096)
    return process


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium with a beeping microphone."""
    with chromium() as running:
        yield running


@pytest.fixture
def page(desk: Desk, browser: Browser) -> Iterator[Page]:
    """The agent's page, phone ready, agent online."""
    page = desk.open(browser)
    desk.centre.online("a1")
    yield page
    page.context.close()
    with desk.switch.connect() as esl:
        esl.hang_up_everything()
    desk.centre.wait("quiet", lambda: not desk.centre.calls(), 20)


@pytest.mark.timeout(120)
def test_call_is_answered_in_the_page(desk: Desk, page: Page, sip_loop: SipLoop) -> None:
    """WEB-1, WEB-2: the page rings with the caller's number, answers, talks both ways, hangs up into wrap-up."""
    with Phone(sip_loop, "13800138000", "", desk.switch.trunk, "zuoxi.local", 450) as caller:
        call = caller.dial(NUMBER)
        expect(page.locator(".number")).to_have_text("13800138000", timeout=WAIT_MS)
        page.get_by_role("button", name="Answer").click(timeout=WAIT_MS)
        desk.centre.wait_agent(AgentState.IN_CALL, timeout=20)
        sip_loop.wait("the caller to hear the agent's microphone", lambda: len(call.ear.packets) > 50, 20)
        expect(page.get_by_role("button", name="Mute")).to_be_visible(timeout=WAIT_MS)
        page.keyboard.press("Alt+h")
        desk.centre.wait_agent(AgentState.WRAP_UP, timeout=20)
    desk.centre.finish("a1")


@pytest.mark.timeout(120)
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
        page.get_by_role("button", name="Answer").click(timeout=WAIT_MS)
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
