"""The pages in a browser, over every process of the product and a simulated switch."""

import os
import re
import secrets
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from orchestrator.database.connection import open_database
from orchestrator.database.models import Agent, Number, Queue, Tenant
from orchestrator.database.trunks import Trunks
from orchestrator.database.users import add_user
from orchestrator.domain.config import TenantConfig
from tests.support.chromium import PATIENCE_MS
from tests.support.real_centre import ROOT, SWITCH
from tests.support.simulated_centre import SimulatedCentre, simulated_centre

PAGES = ROOT / "webui" / "static" / "index.html"
WHY_MISSING = "needs the pages: npm --prefix webui/frontend ci && npm --prefix webui/frontend run build"
START_S = 60

Change = Callable[[TenantConfig], TenantConfig]

#: The agent who is a supervisor, too, with a phone to listen by.
LEAD = "a6"


class WebProcess:
    """A `python -m webui` on a free port."""

    def __init__(self, centre: SimulatedCentre, folder: Path) -> None:
        for name in ("secret_key", "directory_secret", "media_secret", "webhook_secret"):
            (folder / name).write_text(secrets.token_hex(16))
        settings = {
            "ZUOXI_DATA_DIR": str(folder),
            "ZUOXI_DATABASE_URL": centre.database_url,
            "ZUOXI_REDIS_URL": centre.redis_server.url,
            "ZUOXI_WEB_PORT": "0",
            "ZUOXI_SWITCHES": f"{SWITCH}=esl://:x@127.0.0.1:1",  # its name: only the orchestrator connects
            "ZUOXI_WEB_LOGIN_LIMITS": "1000 per minute",
        }
        with (folder / "web.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "webui"], env=os.environ | settings, cwd=ROOT, stdout=subprocess.PIPE, stderr=log
            )
        self.url = self._read_url()

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def freeze(self) -> None:
        """Let it hang: connections stay open and nothing is said."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it."""
        self.thaw()
        self._process.kill()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _read_url(self) -> str:
        assert self._process.stdout is not None
        deadline, text = time.monotonic() + START_S, ""
        while not (found := re.search(r"web on (http://\S+)", text)):
            ready, _, _ = select.select([self._process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            chunk = os.read(self._process.stdout.fileno(), 4096) if ready else b""
            assert chunk, f"the web process did not start: {text!r}"
            text += chunk.decode()
        return found[1]


class Workplace:
    """A call centre at work, and its pages in a browser. Log-ins: `supervisor`, `admin`, and every agent's id."""

    def __init__(self, centre: SimulatedCentre, web: WebProcess, browser: Browser, password: str) -> None:
        self.centre, self.web, self._browser, self._password = centre, web, browser, password

    @contextmanager
    def visit(self, path: str = "/", *, locale: str = "en-GB") -> Iterator[Page]:
        """Open a page in a browser of its own that prefers a language."""
        context = self._browser.new_context(locale=locale, viewport={"width": 1366, "height": 768})
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(self.web.url + path)
        yield page
        context.close()

    @contextmanager
    def logged_in(self, login: str, path: str = "/", *, locale: str = "en-GB") -> Iterator[Page]:
        """Open a page as somebody; the log-in page leads there."""
        with self.visit(path, locale=locale) as page:
            self.log_in(page, login)
            page.get_by_role("navigation").first.wait_for()
            yield page

    def log_in(self, page: Page, login: str, password: str | None = None) -> None:
        """Fill in the log-in page and send it."""
        page.fill("input[name=username]", login)
        page.fill("input[name=password]", password or self._password)
        page.click("form button.primary")


@contextmanager
def workplace(
    browser: Browser, folder: Path, agents: int, *switch: str, change: Change | None = None, **tenant: object
) -> Iterator[Workplace]:
    """A tenant with one queue, agents with phones, a supervisor; every process runs. `tenant`: what else is set.

    `switch`: more arguments of the simulated one. `change` makes another company of it, whose agents don't log in.
    """
    password = secrets.token_urlsafe(9)
    with simulated_centre(folder, agents, *switch, **({"break_reasons": ("lunch",)} | tenant)) as centre:
        centre.work()
        if change:
            centre.config = change(centre.config)
            centre.publisher.publish(centre.config)
        _populate(centre.config, centre.database_url, password, logins=change is None)
        web = WebProcess(centre, folder)
        try:
            yield Workplace(centre, web, browser, password)
        finally:
            web.stop()


def _populate(config: TenantConfig, database_url: str, password: str, *, logins: bool) -> None:
    """Write the people of a published configuration to the database."""
    database = open_database(database_url)
    with database.connection_context():
        tenant = Tenant.create(id=config.id, name=config.name, break_reasons=list(config.break_reasons))
        for queue in config.queues.values():
            Queue.create(tenant=tenant, key=queue.id, name=queue.name)
        for trunk in config.trunks.values():
            Trunks().put(trunk)
        for number in config.numbers.values() if config.trunks else ():
            Number.create(tenant=tenant, number=number.number, trunk=number.trunk)
        add_user("supervisor", password, "supervisor", "Supervisor", tenant)
        add_user("operator", password, "operator", "Operator")
        add_user("admin", password, "admin", "Admin", tenant)
        for agent in config.agents.values():
            row = Agent.create(tenant=tenant, key=agent.id, name=agent.name, device=agent.device, mobile=agent.mobile)
            role = "supervisor" if agent.id == LEAD else "agent"
            if logins:
                add_user(agent.id, password, role, agent.name, tenant, row)
