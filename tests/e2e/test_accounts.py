"""People and what they may: links, passwords and roles, as whoever manages a company gives them and people use them."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.pages import Workplace

FIRST, SECOND = "choose me at once", "chosen by the person"


def log_in_again(place: Workplace, page: Page, login: str, password: str) -> None:
    """Give a password on the log-in page of whoever is there no more."""
    page.locator("input[name=username]").wait_for()
    place.log_in(page, login, password)


def test_a_person_comes_by_a_link_and_chooses_the_password(place: Workplace) -> None:
    """ROLE-1, SAFE-2: added without a password; the link works once; a new password ends other log-ins."""
    with place.logged_in("admin", "/settings/team") as admin:
        admin.get_by_role("button", name="Add a person").click()
        admin.get_by_label("Name", exact=True).fill("Nora")
        admin.get_by_label("Login", exact=True).fill("nora")
        admin.get_by_role("switch", name="Call agent", exact=True).press("Space")
        admin.get_by_role("button", name="Save").click()
        link = (
            admin.get_by_role("dialog", name="Nora is added")
            .get_by_text(re.compile("^https?://.*/choose-password#"))
            .inner_text()
        )
    with place.visit("/choose-password" + link.partition("/choose-password")[2]) as page:
        page.fill("input[name=password]", FIRST)
        page.fill("input[name=again]", FIRST)
        page.get_by_role("button", name="Set password and log in").click()
        page.get_by_role("button", name="Account").click()
        page.get_by_role("menuitem", name="Change password").click()
        with place.visit("/") as other:
            log_in_again(place, other, "nora", FIRST)
            other.get_by_role("button", name="Account").wait_for()
            for field, text in (("Present password", FIRST), ("New password", SECOND), ("New password again", SECOND)):
                page.get_by_label(field, exact=True).fill(text)
            page.keyboard.press("Enter")
            expect(page.get_by_text("Your password is changed")).to_be_visible()
            other.reload()
            log_in_again(place, other, "nora", SECOND)
            other.get_by_role("button", name="Account").wait_for()
        page.reload()
        page.get_by_role("button", name="Account").wait_for()
    with place.visit("/choose-password" + link.partition("/choose-password")[2]) as page:
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.locator("input[name=password]")).to_have_count(0)


def test_a_role_is_copied_and_changed_and_in_force_at_once(place: Workplace) -> None:
    """ROLE-1: what the matrix takes away is gone from the pages of whoever has the role, without logging in again."""
    with place.logged_in("admin", "/settings/roles") as admin, place.visit("/queues") as page:
        admin.get_by_role("button", name="Copy Supervisor").click()
        right = admin.get_by_role("combobox", name="Supervisor 2: View the queue monitor")
        right.wait_for()
        admin.goto(f"{place.web.url}/settings/team")
        admin.get_by_role("button", name="Supervisor", exact=True).click()
        admin.get_by_role("combobox", name="Role").click(force=True)  # the value chosen lies over it
        admin.get_by_role("option", name="Supervisor 2").click()
        admin.get_by_role("button", name="Save").click()
        expect(admin.get_by_role("row", name="Supervisor").get_by_role("cell", name="Supervisor 2")).to_be_visible()
        place.log_in(page, "supervisor")
        expect(page.get_by_role("heading", name="Queue monitor")).to_be_visible()
        admin.goto(f"{place.web.url}/settings/roles")
        right.click(force=True)
        admin.get_by_role("option", name="No", exact=True).and_(admin.locator(":visible")).click()
        admin.get_by_role("button", name="Save").click()
        expect(admin.get_by_role("button", name="Save")).to_be_disabled()
        expect(page.get_by_role("link", name="Queues")).to_have_count(0)
        expect(page.get_by_role("link", name="Seats")).to_be_visible()
        page.goto(f"{place.web.url}/queues")
        expect(page.get_by_text("No permission", exact=True)).to_be_visible()
