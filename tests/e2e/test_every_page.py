"""Every page opens without an error; supervisors' acts in the rows of the seat monitor."""

import re

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from simulator.control import Behaviour
from tests.e2e.pages import LEAD, Workplace
from tests.support.real_centre import ROOT

FRONTEND = ROOT / "webui" / "frontend" / "src"


def seat(page: Page) -> Locator:
    """The row of agent 2 on the seat monitor."""
    return page.get_by_role("row").filter(has=page.get_by_role("cell", name="Agent 2", exact=True))


def test_a_supervisor_reaches_into_a_call_from_its_row(place: Workplace) -> None:
    """SUP-1, STATE-2: listen, whisper, barge in, stop and hang up by clicks; the state is locked meanwhile."""
    centre = place.centre
    for phone in ("t-2", "t-6"):
        centre.control.set_phone(phone, Behaviour(after_ms=100))
    with place.logged_in(LEAD, "/seats") as page:
        centre.online("a2")
        centre.call_in("13800138033")
        expect(seat(page)).to_contain_text("In call")
        actions = page.get_by_role("button", name="Actions for Agent 2")

        def press(act: str) -> None:
            actions.click()
            page.get_by_role("menuitem", name=act, exact=True).click()

        for act, said in (
            ("Listen", "You listen"),
            ("Whisper", "The agent hears you"),
            ("Barge in", "Both hear you"),
            ("Stop listening", "You listen no more"),
        ):
            press(act)
            expect(page.get_by_role("alert").filter(has_text=said).first).to_be_visible()
        actions.click()
        expect(page.get_by_role("menuitemradio", name="Busy")).to_be_disabled()
        page.keyboard.press("Escape")
        press("Hang up")
        page.get_by_role("dialog").get_by_role("button", name="Hang up").click()
        expect(seat(page)).to_contain_text("Wrap-up")
        actions.click()
        page.get_by_role("menuitemradio", name="Offline").click()
        expect(seat(page)).to_contain_text("Offline")


def watch_errors(page: Page, found: list[str]) -> None:
    """Note every error of a page's console with the address."""

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            found.append(f"{page.url}: {message.text} {message.location.get('url', '')}")

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))


def test_no_page_leaves_an_error_in_the_console(place: Workplace) -> None:
    """WALL-3: every page that has an address of its own opens without one, for whoever manages and for an agent.

    The way to the log-in page, too.
    """
    routes = "".join((FRONTEND / name).read_text() for name in ("router.ts", "settingsRoutes.ts", "settingsEditors.ts"))
    paths = [path for path in re.findall(r"path: '(/[^:']*)'", routes) if path not in ("/", "/login", "/desk")]
    assert len(paths) > 25
    found: list[str] = []
    with place.visit("/login") as page:
        watch_errors(page, found)
        page.goto(place.web.url + "/", wait_until="networkidle")
        page.locator("form.entry").wait_for()
    sold = ["/settings/companies", "/settings/tariffs", "/settings/jobs"]
    for login, wanted in (("admin", paths), ("a1", ["/desk", "/calls", "/customers"]), ("operator", sold)):
        with place.logged_in(login) as page:
            watch_errors(page, found)
            for path in wanted:
                page.goto(place.web.url + path, wait_until="networkidle")
                page.locator("#main > *, form.entry").first.wait_for()
    assert found == []
