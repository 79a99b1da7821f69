"""Tariffs for tests."""

from decimal import Decimal

from hypothesis import strategies as st

from orchestrator.domain.billing.tariff import CallDirection, Rate, RentItem, Rounding, TariffVersion

D = Decimal
IN, OUT = CallDirection.IN, CallDirection.OUT

#: 2026-11-01 00:00 in Shanghai.
NOVEMBER = 1_793_462_400_000_000

CHINA = Rate(
    direction=OUT, prefix="+86", name="China", price=D("0.12"), first_s=60, next_s=60, free_minutes=True,
    connection_fee=D("0.05"),
)  # fmt: skip
MOBILE = Rate(direction=OUT, prefix="+861", name="China mobile", price=D("0.15"), first_s=6, next_s=6)
ABROAD = Rate(direction=OUT, prefix="", name="Abroad", price=D("2.5"), first_s=30, next_s=6, minimum=D("2"))
HOTLINE = Rate(direction=IN, prefix="400", name="Hotline", price=D("0.09"))


def version(*rates: Rate, **changes: object) -> TariffVersion:
    """A version of the tariff `standard`."""
    values: dict[str, object] = {
        "tariff": "standard", "number": 1, "valid_from": 0, "tax_percent": D("6"), "free_s": 3600,
        "rents": {RentItem.CALL_SEAT: D("90"), RentItem.NUMBER: D("20")},
        "rates": rates or (CHINA, MOBILE, ABROAD, HOTLINE),
    }  # fmt: skip
    return TariffVersion(**{**values, **changes})  # type: ignore[arg-type]  # the fields by name


prices = st.decimals(0, 100, places=6)
fees = st.decimals(0, 10, places=2)
rates = st.builds(
    Rate,
    direction=st.sampled_from(CallDirection),
    prefix=st.from_regex(r"(\+[0-9]{0,4}|[0-9]{0,3})", fullmatch=True),
    name=st.just("a rate"),
    price=prices,
    first_s=st.integers(1, 120),
    next_s=st.integers(1, 120),
    connection_fee=fees,
    minimum=fees,
    free_minutes=st.booleans(),
)
versions = st.builds(
    TariffVersion,
    tariff=st.just("any"),
    number=st.integers(1, 5),
    valid_from=st.integers(0, 5),
    places=st.integers(2, 6),
    rounding=st.sampled_from(Rounding),
    tax_percent=st.decimals(0, 30, places=2),
    free_s=st.integers(0, 10_000),
    rents=st.dictionaries(st.sampled_from(RentItem), prices),
    rates=st.lists(rates, max_size=8, unique_by=lambda rate: (rate.direction, rate.prefix)).map(tuple),
)
