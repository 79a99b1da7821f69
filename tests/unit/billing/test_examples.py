"""The examples of docs/billing.md are what the code reckons."""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from orchestrator.database.documents import from_plain
from orchestrator.domain.billing.charge import LineKind, Usage, charge_call
from orchestrator.domain.billing.rent import Order, charge_rent
from orchestrator.domain.billing.tariff import CallDirection, RentItem, TariffVersion

PAGE = (Path(__file__).resolve().parents[3] / "docs/billing.md").read_text()


def _tariff() -> TariffVersion:
    (written,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    values = json.loads(written)
    begins = int(datetime.fromisoformat(values["valid_from"]).timestamp()) * 1_000_000
    return from_plain(TariffVersion, {**values, "valid_from": begins, "number": 1})


def _rows(heading: str) -> Iterator[list[str]]:
    table = PAGE[PAGE.index(f"| {heading} |") :].split("\n\n")[0]
    for line in table.splitlines()[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def test_the_calls_of_the_page() -> None:
    """BILL-1: billed and free seconds, net, tax and total, by the tariff that the page shows."""
    tariff, seen = _tariff(), 0
    for call, seconds, left, billed, free, *amounts in _rows("call"):
        direction, number = call.split()
        usage = Usage(direction=CallDirection(direction), number=number, ms=int(Decimal(seconds) * 1000))
        charge = charge_call(tariff, usage, int(left))
        line = charge.lines[0]
        assert line.kind is LineKind.NO_RATE or (line.terms["billed"], line.terms["free"]) == (billed, free), call
        assert [str(amount) for amount in (charge.net, charge.tax, charge.total)] == amounts, call
        seen += 1
    assert seen >= 8


def test_the_rents_of_the_page() -> None:
    """BILL-1: pro rata by days."""
    seen = 0
    for item, quantity, since, month, *amounts in _rows("rent"):
        order = Order(item=RentItem(item), quantity=int(quantity), since=date.fromisoformat(since))
        (charge,) = charge_rent(month, RentItem(item), [order], lambda _: _tariff())
        assert [str(amount) for amount in (charge.net, charge.tax, charge.total)] == amounts, item
        seen += 1
    assert seen >= 3
