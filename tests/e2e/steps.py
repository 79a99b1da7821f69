"""What people do on a page, step by step, as part of a longer story."""

import re

from playwright.sync_api import Page, expect


def give_and_take_back(page: Page) -> None:
    """NUM-1: the operator gives the company a number, once, and takes it back, on its page."""
    numbers = page.get_by_role("region", name="Numbers", exact=True)
    expect(numbers).to_contain_text("owns no number yet")
    dialog = page.get_by_role("dialog", name="Give Novo a number")
    for told in ("", "belongs to this company already"):
        numbers.get_by_role("button", name="Give a number").click()
        dialog.get_by_label("Number", exact=True).fill("+86 21 8888 0000")
        dialog.get_by_role("button", name="Give a number").click()
        if told:
            expect(dialog).to_contain_text(told)
            dialog.get_by_role("button", name="Cancel").click()
        expect(dialog).to_have_count(0)
        expect(numbers.get_by_role("combobox")).to_have_count(1)
    numbers.get_by_role("button", name=re.compile("^Take .+ back$")).click()
    page.get_by_role("dialog").get_by_role("button", name="Take back").click()
    expect(numbers).to_contain_text("owns no number yet")


def export_charges(page: Page) -> None:
    """API-1, BILL-1: a worker makes the file, the open tray hears of it by the live feed alone, and it is saved."""
    page.get_by_role("tab", name="Charges").click()
    page.get_by_role("button", name="Export", exact=True).click()
    page.get_by_role("menuitem", name="CSV").click()
    tray = page.get_by_role("dialog", name="Exports")
    expect(tray.get_by_text("Ready", exact=True)).to_be_visible(timeout=30_000)
    with page.expect_download() as saved:
        tray.get_by_role("link", name="Save").click()
    lines = saved.value.path().read_text("utf-8-sig").splitlines()
    assert (saved.value.suggested_filename.startswith("charges-"), len(lines) > 1) == (True, True)
    assert any("2 × CNY 90" in line for line in lines)
