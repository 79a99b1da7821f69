"""Agents' pages in Chromium on a real switch, with every process between them, and a wire that can be cut."""

import os
import re
import secrets
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from orchestrator.database.connection import open_database
from orchestrator.database.migrate import migrate
from orchestrator.database.models import Agent, Queue, Tenant
from orchestrator.database.users import add_user
from tests.support.real_centre import QUEUE, ROOT, TENANT, RealCentre
from tests.support.real_switch import RealSwitch, free_ports
from tests.support.real_trunk import SHOWN, trunked_switch
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Phone
from tests.support.tcp_relay import TcpRelay
from webui.cli.secret_files import make_data_dir

PASSWORD, SECRET, WAIT_MS = secrets.token_urlsafe(12), secrets.token_hex(16), 20_000

#: Log-in name and role of the agents a1, a2...: the second one supervises too.
PEOPLE = {"agent": "agent", "boss": "supervisor"}


@dataclass
class Desk:
    """A centre whose agents answer in browsers; `wire` is what their phones reach the switch through.

    `outside` is the telephone behind the trunk, where there is one.
    """

    centre: RealCentre
    url: str
    switch: RealSwitch
    wire: TcpRelay
    folder: Path
    outside: Phone | None = None

    def context(self, browser: Browser) -> BrowserContext:
        """A browser of its own, which lets the page use the microphone."""
        return browser.new_context(base_url=self.url, locale="en-GB", permissions=["microphone"])

    def open(self, browser: Browser | BrowserContext, login: str = "agent") -> Page:
        """Log in and wait until the phone is ready."""
        page = self.log_in(browser, login)
        expect(page.locator(".phone .mark")).to_have_text("Ready", timeout=WAIT_MS)
        return page

    def log_in(self, browser: Browser | BrowserContext, login: str = "agent") -> Page:
        """Log in and show the desk."""
        context = self.context(browser) if isinstance(browser, Browser) else browser
        page = context.new_page()
        page.goto("/login?next=/desk")
        page.fill("input[autocomplete=username]", login)
        page.fill("input[autocomplete=current-password]", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator(".phone")).to_be_visible(timeout=WAIT_MS)
        return page

    def channels(self) -> int:
        """How many channels the switch has."""
        with self.switch.connect() as esl:
            return int(esl.api("show channels count").split()[0])

    def quiet(self) -> None:
        """End every call and wait until nothing of it is left."""
        with self.switch.connect() as esl:
            esl.hang_up_everything()
        self.centre.wait("quiet", lambda: not self.centre.calls(), 20)


@contextmanager
def real_desk(folder: Path, loop: SipLoop | None = None) -> Iterator[Desk]:
    """Switch, Redis, orchestrator and web process; the switch asks the web process for passwords.

    With the `loop` that serves telephones the company's number can be shown by a trunk.
    """
    (port,) = free_ports(1)
    asking = {"DIRECTORY_URL": f"http://127.0.0.1:{port}/freeswitch/directory", "DIRECTORY_SECRET": SECRET}
    devices = tuple(f"web-{n}" for n, _ in enumerate(PEOPLE, 1))
    with (
        _switch(folder / "switch", loop, asking) as (switch, outside),
        RealCentre(switch, folder / "centre", devices, **(SHOWN if loop else {})) as centre,
        TcpRelay(("127.0.0.1", switch.ports["WS_PORT"])) as wire,
    ):
        _populate(f"sqlite:///{folder}/zuoxi.db", devices)
        process = _web(folder, port, centre, switch, wire)
        try:
            yield Desk(centre, f"http://127.0.0.1:{port}", switch, wire, folder, outside)
        finally:
            process.kill()
            process.wait(10)


@contextmanager
def _switch(folder: Path, loop: SipLoop | None, asking: dict[str, str]) -> Iterator[tuple[RealSwitch, Phone | None]]:
    if loop:
        with trunked_switch(folder, loop, [], asking) as trunked:
            yield trunked
    else:
        with RealSwitch(folder, asking) as switch:
            yield switch, None


def _populate(url: str, devices: tuple[str, ...]) -> None:
    database = open_database(url)
    migrate(database)
    tenant = Tenant.create(id=TENANT, name="Test")
    Queue.create(tenant=tenant, key=QUEUE, name="Sales")
    for n, ((login, role), device) in enumerate(zip(PEOPLE.items(), devices, strict=True), 1):
        agent = Agent.create(tenant=tenant, key=f"a{n}", name=f"Agent {n}", device=device)
        add_user(login=login, name=login.title(), password=PASSWORD, role=role, tenant=tenant, agent=agent)
    database.close()


def _web(folder: Path, port: int, centre: RealCentre, switch: RealSwitch, wire: TcpRelay) -> "subprocess.Popen[bytes]":
    (folder / "directory_secret").write_text(SECRET)
    make_data_dir(folder)
    host, esl_port = switch.esl
    settings = {
        "ZUOXI_DATA_DIR": str(folder),
        "ZUOXI_DATABASE_URL": f"sqlite:///{folder}/zuoxi.db",
        "ZUOXI_REDIS_URL": centre.redis_server.url,
        "ZUOXI_SWITCHES": f"fs1=esl://:{switch.password}@{host}:{esl_port}",
        "ZUOXI_WEB_PORT": str(port),
        "ZUOXI_WEB_PHONE_URL": f"ws://127.0.0.1:{wire.port}",
    }
    with (folder / "web.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "webui"], env=os.environ | settings, cwd=ROOT, stdout=subprocess.PIPE, stderr=log
        )
    assert process.stdout is not None
    said, deadline = b"", time.monotonic() + 60
    while not re.search(rb"web on http://\S+", said):
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
        data = os.read(process.stdout.fileno(), 4096) if ready else b""
        assert data, (folder / "web.log").read_text()[-2000:]
        said += data
    return process
