"""`zuoxi billing`: the operator's tariffs, accounts, payments and orders; and the demo company's bill."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from orchestrator.database.billing.accounts import account_of, orders_of, versions_of
from orchestrator.database.billing.ledger import balance_of
from orchestrator.database.models import AuditRow, BillingAccount, ChargeRow
from orchestrator.domain.billing.rent import held_on
from orchestrator.domain.billing.tariff import RentItem
from orchestrator.store import keys
from orchestrator.store.connection import connect
from tests.cli.conftest import Zuoxi
from tests.workers.bills import ended_call
from workers.rating import rate_call

TARIFF = {
    "tariff": "standard", "valid_from": "2026-11-01T00:00:00+08:00", "tax_percent": "6", "rents": {},
    "rates": [{"direction": "in", "prefix": "400", "name": "Hotline", "price": "0.09"}],
}  # fmt: skip


@pytest.fixture
def demo(zuoxi: Zuoxi) -> Zuoxi:
    """The command line of a place with the demo company."""
    assert zuoxi("init").exit_code == 0
    shown = zuoxi("demo")
    assert shown.exit_code == 0, shown.output
    return zuoxi


def _account() -> BillingAccount:
    account = account_of("demo")
    assert account is not None
    return account


def _file(place: Path, **changes: object) -> str:
    path = place / "tariff.json"
    path.write_text(json.dumps({**TARIFF, **changes}))
    return str(path)


def test_the_demo_company_has_a_bill(demo: Zuoxi, redis_url: str) -> None:
    """BILL-1: it pays by a tariff, has paid something and rents; its calls are charged. A second demo pays nothing."""
    assert connect(redis_url).exists(keys.balance("demo"))
    account = _account()
    ended_call("c1", account.since + 1_000_000, 1200)
    assert rate_call("demo", "c1", account.since + 2_000_000_000) == ["c1"]
    assert ChargeRow.get().total == Decimal("0.954")
    tomorrow = datetime.fromtimestamp(account.since // 1_000_000 + 86_400, UTC).date()
    assert [held_on(orders_of("demo"), item, tomorrow) for item in (RentItem.CALL_SEAT, RentItem.NUMBER)] == [20, 4]
    assert demo("demo").exit_code == 0
    assert "balance 999.046" in demo("billing", "show", "demo").output


def test_a_tariff_is_added_in_versions(demo: Zuoxi, tmp_path: Path) -> None:
    """BILL-1: each file is the next version; one with flaws, or that is none, is refused and changes nothing."""
    assert "standard v1 is added" in demo("billing", "tariff", _file(tmp_path)).output
    assert "standard v2 is added" in demo("billing", "tariff", _file(tmp_path)).output
    for changes in ({"currency": "yuan"}, {"currency": "USD"}, {"tax_percent": "-1"}, {"valid_from": "soon"}):
        assert demo("billing", "tariff", _file(tmp_path, **changes)).exit_code == 1
    assert [version.number for version in versions_of("standard")] == [1, 2]


def test_an_account_needs_a_tariff_and_a_company(demo: Zuoxi, tmp_path: Path) -> None:
    """BILL-1: what isn't there is named, and nothing changes; what is changed is in the audit log."""
    demo("billing", "tariff", _file(tmp_path))
    unknown = demo("billing", "account", "demo", "--tariff", "cheap")
    assert (unknown.exit_code, "no tariff 'cheap'" in unknown.output) == (1, True)
    assert "no tenant 'nobody'" in demo("billing", "account", "nobody", "--tariff", "standard").output
    assert "negative" in demo("billing", "account", "demo", "--tariff", "standard", "--credit", "-1").output
    assert _account().tariff_id == "demo"
    assert demo("billing", "account", "demo", "--tariff", "standard", "--prepaid", "--credit", "50").exit_code == 0
    account = _account()
    assert (account.tariff_id, account.prepaid, account.credit) == ("standard", True, 50)
    assert AuditRow.select().where(AuditRow.area == "billing_account").count() == 1


def test_a_payment_is_posted_once(demo: Zuoxi) -> None:
    """BILL-1: the same reference twice, nothing, too many decimals or a negative payment leave the balance alone."""
    assert "balance of demo: 1020.5" in demo("billing", "top-up", "demo", "20.5", "--reference", "bank 1").output
    assert "posted already" in demo("billing", "top-up", "demo", "20.5", "--reference", "bank 1").output
    for amount in ("0", "-5", "0.0000001", "NaN", "much"):
        assert demo("billing", "top-up", "demo", "--reference", "bank 2", "--", amount).exit_code != 0
    assert balance_of("demo")[1] == Decimal("1020.5")
    back = demo("billing", "top-up", "demo", "--reference", "back", "--adjustment", "--", "-0.5")
    assert "balance of demo: 1020" in back.output


def test_orders_and_corrections_are_recorded(demo: Zuoxi) -> None:
    """BILL-1: an order counts once, a month to correct must be one."""
    order = ("billing", "order", "demo", "call_seat", "3", "--since", "2026-01-01", "--reference", "o1")
    assert demo(*order).exit_code == 0
    assert "recorded already" in demo(*order).output
    assert sum(one.quantity for one in orders_of("demo") if one.item is RentItem.CALL_SEAT) == 23
    back = ("billing", "order", "demo", "call_seat", "--since", "2026-01-01", "--reference", "o2", "--", "-24")
    assert "there are 3: no more can be given back" in demo(*back).output
    assert demo("billing", "rerate", "demo", "2026-13").exit_code == 1
    assert "workers correct it" in demo("billing", "rerate", "demo", "2026-11").output


def test_a_correction_is_looked_at_before_it_is_posted(demo: Zuoxi, tmp_path: Path) -> None:
    """BILL-1: what would be credited and debited is printed, and nothing moves."""
    account = _account()
    ended_call("c1", account.since + 1_000_000, 1200)
    rate_call("demo", "c1", account.since + 2_000_000_000)
    month, before = ChargeRow.get().month, balance_of("demo")
    assert "0 corrections" in demo("billing", "rerate", "demo", month, "--preview").output
    rate = {"direction": "in", "prefix": "", "name": "In", "price": "0.18", "free_minutes": True}
    dearer = {"tariff": "demo", "valid_from": "1970-01-01T00:00:00+00:00", "free_s": 600, "rates": [rate]}
    demo("billing", "tariff", _file(tmp_path, **dearer))
    shown = demo("billing", "rerate", "demo", month, "--preview").output
    assert "c1  demo v1 -> demo v2  charged 0.954000  right 1.908000  difference 0.9540" in shown
    assert "1 corrections, 0.9540" in shown
    assert balance_of("demo") == before


def test_rates_come_from_a_sheet(demo: Zuoxi, tmp_path: Path) -> None:
    """BILL-1: into a draft, all or none, each bad line named; the draft is published by a command of its own."""
    sheet = tmp_path / "rates.csv"
    sheet.write_text("Direction,Prefix,Price\nin,,0.1\nout,+86,x\nout,+86,0.2\n")
    assert "line 3 (out +86): bad_price" in demo("billing", "rates", "demo", str(sheet)).output
    assert "no draft" in demo("billing", "publish", "demo").output
    sheet.write_text("Direction,Prefix,Price\nin,,0.1\nout,+86,0.2\n")
    assert "2 rates are in the draft" in demo("billing", "rates", "demo", str(sheet)).output
    assert "1 versions  v1 in force  1 companies  draft" in demo("billing", "tariffs").output
    assert "demo v2 is published" in demo("billing", "publish", "demo").output
    assert [str(rate.price) for rate in versions_of("demo")[-1].rates] == ["0.1", "0.2"]
    assert "no tariff 'none'" in demo("billing", "rates", "none", str(sheet)).output
