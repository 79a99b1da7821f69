"""The demo company's bill: a tariff, an account with a payment, and what is rented."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from orchestrator.database.billing.accounts import add_order, add_version, set_account, versions_of
from orchestrator.database.billing.ledger import post_payment, zone_of
from orchestrator.domain.billing.rent import Order
from orchestrator.domain.billing.tariff import CallDirection, Rate, RentItem, TariffVersion

TARIFF = TariffVersion(
    tariff="demo",
    number=0,
    valid_from=0,
    tax_percent=Decimal(6),
    free_s=600,
    rents={RentItem.CALL_SEAT: Decimal(90), RentItem.NUMBER: Decimal(20)},
    rates=(
        Rate(direction=CallDirection.IN, prefix="", name="呼入 Inbound", price=Decimal("0.09"), free_minutes=True),
        Rate(direction=CallDirection.OUT, prefix="", name="呼出 Outbound", price=Decimal("0.12"), first_s=6, next_s=6),
    ),
)

TOP_UP, LOW_BALANCE = Decimal(1000), Decimal(100)

#: Who is named for it.
WHO = "demo"


def add_demo_bill(tenant: str, rented: dict[RentItem, int], at: int) -> None:
    """Let a company pay by the demo tariff, from `at` (us UTC) on.

    It is postpaid: the demo's callers never stop, and would be cut off once a balance is used up.
    """
    if not versions_of(TARIFF.tariff):
        add_version(TARIFF, "演示资费 Demo", WHO, at)
    set_account(tenant, TARIFF.tariff, at, prepaid=False, credit=Decimal(0), low_balance=LOW_BALANCE)
    post_payment(tenant, "top_up", "demo 1", TOP_UP, at, WHO, "首次充值 First payment")
    since = datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(ZoneInfo(zone_of(tenant))).date()
    for item, quantity in rented.items():
        add_order(tenant, f"demo {item.value}", Order(item=item, quantity=quantity, since=since), WHO, at)
