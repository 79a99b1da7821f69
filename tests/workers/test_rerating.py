"""Corrections: credits and debits that name what they correct, found before they are posted, posted once."""

from datetime import date
from random import Random

from peewee import Database

from orchestrator.database.billing.accounts import add_order, add_version, set_account
from orchestrator.database.billing.ledger import balance_of, post_payment
from orchestrator.database.billing.rerating import corrections, rerate
from orchestrator.database.billing.statements import close_month, close_months
from orchestrator.database.models import BillingAccount, ChargeRow, LedgerEntry, Statement, sum_of
from orchestrator.domain.billing.charge import Usage, charge_call
from orchestrator.domain.billing.rent import Order
from orchestrator.domain.billing.tariff import CallDirection, Rate, RentItem, TariffVersion
from tests.workers.bills import DAY, NOVEMBER, D, billed_tenant, ended_call, tariff
from workers.rating import rate_call

LATER = NOVEMBER + 31 * DAY
CHEAPER = Rate(direction=CallDirection.IN, prefix="400", name="Hotline", price=D("0.06"), free_minutes=True)
MINIMAL = Rate(
    direction=CallDirection.IN, prefix="400", name="Hotline", price=D("0.0777"), first_s=1, next_s=1,
    connection_fee=D("0.03"), minimum=D("0.2"), free_minutes=True,
)  # fmt: skip


def _called(*seconds: int) -> None:
    for n, many in enumerate(seconds):
        ended_call(f"c{n}", NOVEMBER + n * DAY, many)
        rate_call("demo", f"c{n}", NOVEMBER + n * DAY + 1)


def _recount(version: TariffVersion, *seconds: int) -> object:
    """What the calls of a month cost by one version from the beginning."""
    total, free = D(0), version.free_s
    for many in seconds:
        made = charge_call(version, Usage(direction=CallDirection.IN, number="4001", ms=many * 1000), free)
        free, total = free - made.free_s, total + made.total
    return total


def test_a_correction_is_seen_before_it_is_posted(database: Database) -> None:  # noqa: ARG001
    """BILL-1: the preview changes nothing and tells what the posting then does, to the last digit; then it is empty."""
    billed_tenant(tariff(free_s=100))
    _called(60, 61, 300, 0)
    add_version(tariff(120, CHEAPER), "Standard", "op", LATER)
    before = balance_of("demo")
    preview = list(corrections("demo", "2026-11"))
    assert balance_of("demo") == before
    assert rerate("demo", "2026-11", LATER) == len(preview) > 0
    assert before[1] - balance_of("demo")[1] == sum(one.charge.total for one in preview)
    assert -balance_of("demo")[1] == _recount(tariff(120, CHEAPER), 60, 61, 300, 0)
    assert (list(corrections("demo", "2026-11")), rerate("demo", "2026-11", LATER)) == ([], 0)


def test_a_correction_names_what_it_corrects(database: Database) -> None:  # noqa: ARG001
    """BILL-1: the charge that it puts right, the version that made that, and its own; a second one names the first."""
    billed_tenant(tariff(free_s=0))
    _called(60)
    original = ChargeRow.get()
    for rate in (CHEAPER, MINIMAL):
        add_version(tariff(0, rate), "Standard", "op", LATER)
        rerate("demo", "2026-11", LATER)
    first, second = ChargeRow.select().where(ChargeRow.id != original.id).order_by(ChargeRow.id)
    assert (original.corrects, original.from_version) == (None, None)
    assert (first.corrects, first.from_tariff, first.from_version, first.version) == (original.id, "standard", 1, 2)
    assert (second.corrects, second.from_version, second.version) == (original.id, 2, 3)
    assert {entry.reference for entry in LedgerEntry.select()} >= {str(first.id), str(second.id)}


def test_what_costs_the_same_is_not_corrected(database: Database) -> None:  # noqa: ARG001
    """BILL-1: a new version that changes nothing for a call leaves its charge alone."""
    billed_tenant(tariff(free_s=0))
    _called(60, 120)
    add_version(tariff(free_s=0), "Standard", "op", LATER)
    assert rerate("demo", "2026-11", LATER) == 0


def test_rents_are_corrected_once_their_month_is_closed(database: Database) -> None:  # noqa: ARG001
    """BILL-1: by a corrected tariff and by an order that was recorded late, on the next bill, each once."""
    billed_tenant()
    add_order("demo", "o1", Order(item=RentItem.CALL_SEAT, quantity=2, since=date(2026, 11, 1)), "op", 0)
    assert list(corrections("demo", "2026-11")) == []
    close_month("demo", "2026-11", LATER)
    rent = ChargeRow.get(ChargeRow.kind == "rent")
    add_order("demo", "late", Order(item=RentItem.CALL_SEAT, quantity=1, since=date(2026, 11, 16)), "op", LATER)
    assert [rerate("demo", "2026-11", LATER) for _ in range(2)] == [1, 0]
    more = ChargeRow.get(ChargeRow.reference == "2026-11:call_seat+1")
    assert (more.net, more.month, more.corrects) == (D("49.9950"), "2026-12", rent.id)
    add_version(tariff(free_s=900, tax="0"), "Standard", "op", LATER)
    assert [rerate("demo", "2026-11", LATER) for _ in range(2)] == [1, 0]
    assert sum_of(ChargeRow.tax, ChargeRow.kind == "rent") == 0
    assert sum_of(ChargeRow.net, ChargeRow.kind == "rent") == rent.net + more.net


def test_a_rent_ordered_after_its_month_is_charged(database: Database) -> None:  # noqa: ARG001
    """BILL-1: nothing was rented when the month was closed; the late order has a charge of its own."""
    billed_tenant()
    close_month("demo", "2026-11", LATER)
    add_order("demo", "late", Order(item=RentItem.CALL_SEAT, quantity=1, since=date(2026, 11, 1)), "op", LATER)
    assert [rerate("demo", "2026-11", LATER) for _ in range(2)] == [1, 0]
    row = ChargeRow.get()
    assert (row.net, row.corrects, row.lines[0]["kind"]) == (D("99.9900"), None, "rent")


def test_another_tariff_holds_from_its_moment_on(database: Database) -> None:  # noqa: ARG001
    """BILL-1: a company that changes tariffs pays for earlier calls by the old one, however late they are charged."""
    billed_tenant(tariff(free_s=0))
    changed = NOVEMBER + 10 * DAY
    add_version(TariffVersion(tariff="other", number=0, valid_from=0, rents={}, rates=(CHEAPER,)), "Other", "op", 0)
    set_account("demo", "other", changed, prepaid=False, credit=D(0), low_balance=None)
    for call, at in (("early", changed - 1), ("late", changed)):
        ended_call(call, at, 60)
        rate_call("demo", call, LATER)
    assert {row.call: row.tariff for row in ChargeRow.select()} == {"early": "standard", "late": "other"}
    assert rerate("demo", "2026-11", LATER) == 0


def test_free_seconds_pro_rata_in_the_first_month(database: Database) -> None:  # noqa: ARG001
    """BILL-1: an account that begins on the 16th has half of November's free seconds, and all of December's."""
    version = TariffVersion(
        tariff="standard", number=0, valid_from=0, free_s=600, free_pro_rata=True, rents={}, rates=(CHEAPER,)
    )
    billed_tenant(version)
    begins = NOVEMBER + 15 * DAY
    BillingAccount.update(since=begins).execute()
    for call, at in (("nov", begins), ("dec", LATER)):
        ended_call(call, at, 1200)
        rate_call("demo", call, LATER)
    assert {row.call: row.free_s for row in ChargeRow.select()} == {"nov": 300, "dec": 600}


def test_a_year_of_corrections_adds_up(database: Database) -> None:  # noqa: ARG001
    """BILL-1, SAFE-1: taxes, minimum, free minutes, rent, refunds and corrections: charges = statements = balance."""
    random = Random(3)
    billed_tenant(tariff(free_s=700, rate=MINIMAL))
    add_order("demo", "o1", Order(item=RentItem.CALL_SEAT, quantity=3, since=date(2026, 11, 5)), "op", 0)
    for n in range(30):
        at = NOVEMBER + random.randrange(90 * DAY)
        ended_call(f"c{n}", at, random.randrange(0, 300))
        rate_call("demo", f"c{n}", at + DAY)
    post_payment("demo", "top_up", "1", D("50.01"), NOVEMBER + DAY)
    post_payment("demo", "adjustment", "refund", D("-7.3"), NOVEMBER + 40 * DAY)
    close_months("demo", NOVEMBER + 45 * DAY)
    for tax, rate in (("6", CHEAPER), ("13", MINIMAL)):
        add_version(tariff(700, rate, tax=tax), "Standard", "op", LATER)
        for month in ("2026-11", "2026-12", "2027-01"):
            rerate("demo", month, LATER + DAY)
    close_months("demo", NOVEMBER + 200 * DAY)
    months = list(Statement.select().order_by(Statement.month))
    assert sum((one.charged for one in months), D(0)) == sum_of(ChargeRow.total, ChargeRow.tenant == "demo")
    assert months[-1].closing == balance_of("demo")[1]
    assert sum((one.paid for one in months), D(0)) == D("42.71")
    for one in months:
        moved = sum_of(LedgerEntry.amount, LedgerEntry.month == one.month)
        assert one.closing - one.opening == moved == one.paid - one.charged
