"""What administrators and operators set on the pages is what is in force."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from orchestrator.database.billing.accounts import add_order, add_version, set_account
from orchestrator.database.billing.ledger import post_payment
from orchestrator.database.billing.statements import close_months
from orchestrator.database.connection import open_database
from orchestrator.database.models import Number, Prompt, PromptVersion, Tenant
from orchestrator.domain.billing.months import month_at, month_span
from orchestrator.domain.billing.rent import Order
from orchestrator.domain.billing.tariff import RentItem, TariffVersion
from orchestrator.domain.config import TenantConfig, Way
from orchestrator.store.configurations import RedisConfigurations
from tests.e2e.pages import Workplace
from tests.e2e.steps import export_charges, give_and_take_back
from tests.support.real_centre import NUMBER, QUEUE, TENANT

Visit = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="module")
def visit(place: Workplace) -> Visit:
    """Opens a page of the settings as an administrator; there are a prompt, and a number that leads nowhere yet."""
    with open_database(place.centre.database_url).connection_context():
        tenant = Tenant.get(Tenant.id == TENANT)
        Number.create(tenant=tenant, number=NUMBER)
        times = {"created": 1, "updated": 1}
        prompt = Prompt.create(tenant=TENANT, key="welcome", name="Welcome", kind="prompt", current=1, **times)
        sound = {"source": "file", "status": "ready", "path": "t/p300.wav", "ms": 300}
        PromptVersion.create(prompt=prompt, number=1, **sound, **times)

    @contextmanager
    def visited(path: str, locale: str = "en-GB") -> Iterator[Page]:
        with place.visit(path, locale=locale) as page:
            place.log_in(page, "admin")
            yield page

    return visited


def in_force(place: Workplace) -> TenantConfig:
    """The configuration that the next call meets."""
    config = RedisConfigurations(place.centre.redis).tenant(TENANT)
    assert config is not None
    return config


def choose(page: Page, field: str, option: str) -> None:
    """Choose in a list of Element Plus, by its label."""
    page.get_by_role("combobox", name=field, exact=True).click(force=True)  # the value chosen lies over it
    page.get_by_role("option", name=option).and_(page.locator(":visible")).first.click()


def test_a_queue_is_made_on_its_page_and_in_force(place: Workplace, visit: Visit) -> None:
    """QUEUE-1, QUEUE-5: announcements without pieces are refused at their field; without them the queue is in force."""
    with visit("/settings/queues/new") as page:
        page.get_by_label("Name", exact=True).fill("Night")
        position = page.get_by_role("switch", name="Tell the position")
        position.press("Space")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("prepare them under Announcement pieces first").first.wait_for()
        position.press("Space")
        page.get_by_role("button", name="Save").click()
        page.wait_for_url("**/settings/queues")
    (night,) = [queue for queue in in_force(place).queues.values() if queue.name == "Night"]
    assert not night.announce_position


def test_what_is_typed_without_enter_is_saved(place: Workplace, visit: Visit) -> None:
    """STATE-1: a break reason typed into the list counts for Save, and for its key, without Enter."""
    with visit("/settings/general") as page:
        reasons = page.get_by_label("Break reasons", exact=True)
        reasons.fill("lunch at noon")
        page.get_by_text("Unsaved changes").wait_for()
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Unsaved changes").wait_for(state="detached")
        reasons.fill("training")
        reasons.press("Control+s")
        page.get_by_text("Unsaved changes").wait_for(state="detached")
    assert in_force(place).break_reasons == ("lunch", "lunch at noon", "training")


def test_hours_with_a_holiday_are_kept_by_the_next_call(place: Workplace, visit: Visit) -> None:
    """CALL-1, IVR-1: what makes no sense is said at its field; on the holiday, which is today, the number is closed."""
    today = datetime.now(tz=UTC).astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
    with visit("/settings/hours/new", "zh-CN") as page:
        page.get_by_label("名称", exact=True).fill("客服时间")
        end = page.get_by_label("周一结束时间")
        end.fill("8")
        page.get_by_role("button", name="添加节假日").click()
        page.get_by_role("button", name="保存").click()
        page.get_by_text("结束时间必须晚于开始时间").wait_for()
        page.get_by_text("请选择日期").wait_for()
        end.fill("24:00")
        day = page.get_by_label("日期", exact=True)
        day.fill(today)
        day.press("Enter")
        page.get_by_label("名称，如国庆节").fill("店庆")
        page.get_by_role("button", name="保存").click()
        page.wait_for_url("**/settings/hours")
        page.goto(f"{place.web.url}/settings/numbers/{NUMBER}")
        choose(page, "营业时间", "客服时间")
        page.get_by_role("button", name="保存").click()
        page.wait_for_url("**/settings/numbers")
    (hours,) = in_force(place).hours.values()
    assert (hours.week[0], hours.holidays) == (((540, 1440),), {today: ()})
    assert in_force(place).numbers[NUMBER].hours == hours.id
    caller = place.centre.call_in()
    place.centre.wait("the call to be over", lambda: "call_ended" in place.centre.events())
    assert not place.centre.control.leg(caller).alive
    assert place.centre.outcomes()[-1] == "turned_away"


@pytest.mark.timeout(120)  # several pages one after the other, on a machine that has other work
def test_an_ivr_is_made_tried_published_and_rolled_back(place: Workplace, visit: Visit) -> None:
    """IVR-1: no dead end and no loop without input can be published; the switch walks through the draft; versions."""
    with visit("/settings/ivrs") as page:
        page.get_by_role("button", name="New IVR").click()
        page.get_by_role("textbox").last.fill("Front desk")
        page.get_by_role("button", name="Create").click()
        page.get_by_text("give at least one key something to do").first.wait_for()
        publish = page.get_by_role("button", name="Publish", exact=True)
        assert publish.is_disabled()
        choose(page, "Prompt", "Welcome")
        page.get_by_label("Use key 1").click()
        choose(page, "Key 1 · Where", "To a queue")
        choose(page, "Key 1 · To a queue", place.centre.config.queues[QUEUE].name)
        choose(page, "In the end · Where", "To a menu")
        choose(page, "In the end · To a menu", "Main menu")
        page.get_by_text("calls would go round in circles").first.wait_for()
        assert publish.is_disabled()
        choose(page, "In the end · Where", "Hang up")
        page.get_by_text("calls would go round in circles").first.wait_for(state="detached")
        publish.click()
        page.get_by_text("Published v1").wait_for()
        page.get_by_label("Tries", exact=True).fill("1")
        _walk(page)
        publish.click()
        page.get_by_text("Published v2").wait_for()
        page.get_by_role("button", name="Versions").click()
        page.get_by_role("button", name="Roll back").click()
        page.locator(".el-message-box").get_by_role("button", name="Roll back").click()
        page.get_by_text("v1 is in force").wait_for()
    (menu,) = in_force(place).menus.values()
    assert (menu.tries, menu.prompt, menu.keys["1"].way, menu.keys["1"].target) == (3, "welcome", Way.QUEUE, QUEUE)


def _walk(page: Page) -> None:
    """Call the draft, which is not saved, and press 1: it ends where it would leave the menus."""
    page.get_by_role("button", name="Try it").click()
    page.get_by_text("Test call", exact=True).click()
    page.get_by_role("button", name="Place a test call").click()
    page.get_by_text("Waits for a key").wait_for()
    page.get_by_role("button", name="Key 1", exact=True).click()
    page.get_by_text("Goes to the queue").wait_for()
    page.get_by_text("The call is over").wait_for()
    page.keyboard.press("Escape")


GOOD_RATES = "Direction,Prefix,Name,Price a minute,First seconds,Next seconds\nInbound,,Hotline,0.09,60,60\n"
BAD_RATES = GOOD_RATES + "Sideways,86,Nowhere,0.1,60,60\n"


def bring_in(page: Page, rates: str, said: str) -> None:
    """Bring a sheet of rates into the draft that is open."""
    page.get_by_role("button", name="Rates from a sheet").click()
    dialog = page.get_by_role("dialog", name="Rates from a sheet")
    dialog.locator("input[type=file]").set_input_files(
        {"name": "rates.csv", "mimeType": "text/csv", "buffer": rates.encode()}
    )
    dialog.get_by_role("button", name="Replace the rates").click()
    expect(dialog.get_by_role("status")).to_contain_text(said)
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    dialog.wait_for(state="hidden")


def test_an_operator_writes_a_tariff_and_sells_by_it(place: Workplace) -> None:
    """SEAT-1, BILL-1: a bad line changes nothing; a company is made, pays, is suspended and served again."""
    with place.logged_in("operator", "/settings/tariffs") as page:
        page.get_by_role("button", name="New tariff").click()
        page.get_by_label("Id", exact=True).fill("retail")
        page.get_by_label("Name", exact=True).fill("Retail")
        page.get_by_role("button", name="Begin its draft").click()
        bring_in(page, BAD_RATES, "Nothing was changed: 1 line can't")
        expect(page.get_by_role("textbox", name="Price a minute")).to_have_count(2)
        bring_in(page, GOOD_RATES, "1 rate is in the draft")
        expect(page.get_by_role("textbox", name="Price a minute")).to_have_value("0.09")
        page.get_by_role("button", name="Publish").click()
        page.get_by_role("dialog").get_by_role("button", name="Publish").click()
        expect(page.get_by_text("v1 · coming")).to_be_visible()
        page.goto(f"{place.web.url}/settings/companies")
        page.get_by_role("button", name="New company").click()
        for field, text in (("Name", "Novo"), ("Id", "novo"), ("Administrator", "Boss"), ("Log-in", "boss@novo")):
            page.get_by_label(field, exact=True).fill(text)
        page.get_by_role("button", name="Make", exact=True).click()
        told = page.get_by_role("dialog", name="Novo is made")
        password = told.get_by_text(re.compile(r"^[\w-]{16}$")).inner_text()
        told.get_by_role("button", name="Noted").click()
        page.get_by_role("link", name="Novo").click()
        page.get_by_role("button", name="How it pays").click()
        page.get_by_role("combobox", name="Tariff").select_option("retail")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Post a payment").click()
        page.get_by_label("Amount (CNY)", exact=True).fill("500")
        page.get_by_label("Reference", exact=True).fill("bank 1")
        page.get_by_role("dialog").get_by_role("button", name="Post").click()
        expect(page.locator(".big")).to_have_text("500.00 CNY")
        page.get_by_role("button", name="Suspend").click()
        page.get_by_label("Reason", exact=True).fill("unpaid")
        page.get_by_role("dialog").get_by_role("button", name="Suspend").click()
        expect(page.get_by_role("region", name="Account")).to_contain_text("unpaid")
        with place.visit("/") as other:
            place.log_in(other, "boss@novo", password)
            expect(other.get_by_text("unpaid")).to_be_visible()
        page.get_by_role("button", name="Serve again").click()
        page.get_by_role("dialog").get_by_role("button", name="Serve again").click()
        expect(page.get_by_role("region", name="Account")).to_contain_text("served")
        give_and_take_back(page)


ZONE, DAY_US = "Asia/Shanghai", 86_400_000_000


def version(seat: str) -> TariffVersion:
    """A tariff from the beginning, by what a seat costs a month."""
    return TariffVersion(tariff="old", number=0, valid_from=0, rents={RentItem.CALL_SEAT: Decimal(seat)}, rates=())


def month_before(now: int) -> str:
    """The month before the one of a moment, in the company's zone."""
    return month_at(month_span(month_at(now, ZONE), ZONE)[0] - 1, ZONE)


def bill(place: Workplace) -> str:
    """Bill the company for two seats of the month before the last, at a price that is wrong; returns that month."""
    now = time.time_ns() // 1000
    month = month_before(month_span(month_before(now), ZONE)[0])
    first = month_span(month, ZONE)[0]
    with open_database(place.centre.database_url).connection_context():
        add_version(version("90"), "Old", "op", first)
        set_account(TENANT, "old", first, prepaid=False, credit=Decimal(0), low_balance=None)
        since = (datetime.fromtimestamp(first / 1e6, UTC).astimezone(ZoneInfo(ZONE)) + timedelta(hours=1)).date()
        add_order(TENANT, "PO 1", Order(item=RentItem.CALL_SEAT, quantity=2, since=since), "op", first)
        post_payment(TENANT, "top_up", "bank 1", Decimal(500), first, "op", "")
        close_months(TENANT, now)
        add_version(version("80"), "Old", "op", now)
    return month


def test_a_correction_is_looked_at_and_posted_and_the_statement_saved(place: Workplace) -> None:
    """BILL-1: what the right version makes different, posted once by a worker; the month's statement as PDF and CSV."""
    month = bill(place)
    with place.logged_in("operator", f"/settings/companies/{TENANT}") as page:
        page.get_by_role("button", name="Correct charges").click()
        chosen = page.get_by_role("combobox", name="Month")
        chosen.fill(month)
        chosen.press("Enter")
        drawer = page.get_by_role("dialog")
        expect(drawer.get_by_role("status").filter(has_text="1 charge would change")).to_contain_text("20.00 CNY")
        drawer.get_by_role("button", name="Post the corrections").click()
        page.get_by_role("dialog").get_by_role("button", name="Post the corrections").last.click()
        expect(drawer.get_by_text("Nothing to correct", exact=True)).to_be_visible(timeout=30_000)
    with place.logged_in("admin", "/settings/billing") as page:
        page.get_by_role("combobox", name="Month").select_option(month)
        for kind, start in (("pdf", b"%PDF-"), ("csv", b"\xef\xbb\xbf")):
            with page.expect_download() as saved:
                page.locator(f"a[href*='{month}?format={kind}']").first.click()
            assert saved.value.path().read_bytes().startswith(start)
            assert month in saved.value.suggested_filename
        export_charges(page)
