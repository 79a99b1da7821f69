"""A tenant that is billed, and calls to charge, for tests."""

from decimal import Decimal

from orchestrator.database.billing.accounts import add_version, set_account
from orchestrator.database.models import CallLeg, CallRecord, Tenant
from orchestrator.domain.billing.tariff import CallDirection, Rate, RentItem, TariffVersion

D = Decimal

#: 2026-11-01 00:00 in Shanghai, and a day, us.
NOVEMBER, DAY = 1_793_462_400_000_000, 86_400_000_000

HOTLINE = Rate(
    direction=CallDirection.IN, prefix="400", name="Hotline", price=D("0.0937"), first_s=6, next_s=6, free_minutes=True
)


def tariff(free_s: int = 900, rate: Rate = HOTLINE, currency: str = "CNY", tax: str = "6") -> TariffVersion:
    """A version of the tariff `standard`, from the beginning; it is numbered when it is added."""
    return TariffVersion(
        tariff="standard", number=0, valid_from=0, currency=currency, tax_percent=D(tax), free_s=free_s,
        rents={RentItem.CALL_SEAT: D("99.99")}, rates=(rate,),
    )  # fmt: skip


def billed_tenant(version: TariffVersion | None = None, prepaid: bool = False) -> None:
    """The tenant `demo`, billed since November began."""
    if Tenant.get_or_none(Tenant.id == "demo") is None:
        Tenant.create(id="demo", name="Demo")
    add_version(version or tariff(), "Standard", "op", NOVEMBER)
    set_account("demo", "standard", NOVEMBER, prepaid=prepaid, credit=D(0), low_balance=D(10))


def ended_call(
    call: str,
    at: int,
    seconds: int,
    number: str = "4001",
    caller: str = "13800138000",
    direction: str = "in",
    agent: str | None = None,
    role: str = "caller",
) -> None:
    """The record of a call that was answered at once."""
    over = at + seconds * 1_000_000
    record = CallRecord.create(
        tenant="demo", call=call, switch="one", caller=caller, caller_name="", number=number, arrived=at,
        direction=direction, agent=agent,
        answered=at, connected=at, ended=over, wait_us=0, ring_us=0, talk_us=over - at, outcome="connected",
        short=False, hung_up_by="caller", cause="NORMAL_CLEARING",
    )  # fmt: skip
    CallLeg.create(
        record=record, arrived=at, leg=call, role=role, created=at, answered=at, ended=over, billed_ms=seconds * 1000,
        cause="NORMAL_CLEARING", hung_up=True,
    )  # fmt: skip
