"""The bill over the API: what an administrator sees, what a file holds, what an operator may do."""

from decimal import Decimal

import pytest

from orchestrator.balances import publish_balance
from orchestrator.database.billing.accounts import add_version, set_account
from orchestrator.database.billing.ledger import post_charge, post_payment, posting
from orchestrator.database.billing.statements import close_month
from orchestrator.domain.billing.charge import Usage, charge_call
from orchestrator.domain.billing.tariff import CallDirection, Rate, TariffVersion
from tests.web.conftest import LogIn, Person
from webui.app import Web

D = Decimal

#: 2026-10-15 UTC.
OCTOBER = 1_792_022_400_000_000
LATER = OCTOBER + 40 * 86_400_000_000

TARIFF = TariffVersion(
    tariff="standard", number=0, valid_from=0, tax_percent=D(6), rents={},
    rates=(Rate(direction=CallDirection.IN, prefix="", name="市话 & <local>", price=D("0.12")),),
)  # fmt: skip


@pytest.fixture
def admin(web: Web, log_in: LogIn) -> Person:
    """An administrator of a company with one charged call, one payment and a closed month."""
    version = add_version(TARIFF, "Standard", "op", 0)
    set_account("acme", "standard", 0, prepaid=True, credit=D(0), low_balance=D(100))
    post_payment("acme", "top_up", "bank 1", D(20), OCTOBER)
    usage = Usage(direction=CallDirection.IN, number="4001", ms=61_000)
    with posting("acme"):
        post_charge(
            "acme", "call", "leg1", charge_call(version, usage, 0), OCTOBER,
            call="c1", direction="in", number="4001", began=OCTOBER, ms=61_000,
        )  # fmt: skip
    close_month("acme", "2026-10", LATER)
    publish_balance(web.services.redis, "acme")
    return log_in("admin@acme")


def test_the_bill_shows_its_arithmetic(admin: Person) -> None:
    """BILL-1: balance, tariff, charges whose lines tell how the amount came about, statements that add up."""
    account = admin.get("/billing").json["account"]
    assert (account["balance"], account["prepaid"], account["tariff"]["number"]) == ("19.745600", True, 1)
    assert account["low_since"] == OCTOBER
    (charge,) = admin.get("/billing/charges", query_string={"month": "2026-10"}).json["items"]
    assert (charge["total"], charge["tariff"], charge["version"]) == ("0.254400", "standard", 1)
    assert any("120" in line and "0.12" in line for line in charge["lines"])
    (month,) = admin.get("/billing/statements").json["items"]
    assert (month["opening"], month["paid"], month["charged"], month["closing"]) == (
        "0.000000", "20.000000", "0.254400", "19.745600",
    )  # fmt: skip
    assert admin.get("/billing/charges", query_string={"month": "2026-13"}).status_code == 422


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_statement_is_saved_as_pdf_and_csv(admin: Person, language: str) -> None:
    """BILL-1: both files in the user's language; what names hold is text in them; no other company's month."""
    headers = {"Accept-Language": language}
    table = admin.get("/billing/statements/2026-10", query_string={"format": "csv"}, headers=headers)
    assert "市话 & <local>" in table.text
    assert ("合计" if language == "zh" else "Total") in table.text
    pdf = admin.get("/billing/statements/2026-10", headers=headers)
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    assert admin.get("/billing/statements/2026-09").status_code == 404


def test_who_sees_and_who_changes(admin: Person, log_in: LogIn) -> None:
    """ROLE-1, SAFE-3: agents and supervisors don't see bills; administrators see theirs and change nothing."""
    assert log_in("agent@acme").get("/billing").status_code == 403
    assert log_in("supervisor@acme").get("/billing/charges").status_code == 403
    assert admin.post("/companies/acme/payments", json={"reference": "x", "amount": "1"}).status_code == 403
    assert log_in("admin@other").get("/billing").json == {"account": None}
    assert log_in("admin@other").get("/billing/statements/2026-10").status_code == 404


def test_a_month_says_what_it_is_made_of(admin: Person) -> None:
    """BILL-1: parts, taxes by rule and payments add up to the statement; the open month is shown as it stands."""
    month = admin.get("/billing/months/2026-10").json
    assert (month["closed"], month["closing"]) == (True, "19.745600")
    (part,) = month["parts"]
    assert (part["what"], part["count"], part["seconds"], part["total"]) == ("calls_in", 1, "61", "0.254400")
    (tax,) = month["taxes"]
    assert (tax["percent"], tax["rounding"], tax["places"], tax["net"], tax["tax"]) == (
        "6", "half_up", 4, "0.240000", "0.014400",
    )  # fmt: skip
    assert [(one["kind"], one["amount"]) for one in month["payments"]] == [("top_up", "20.000000")]
    now = admin.get("/billing").json["account"]["month"]
    assert admin.get(f"/billing/months/{now}").json["opening"] == "19.745600"
    assert [admin.get(f"/billing/months/{bad}").status_code for bad in ("2026-09", "9999-01", "x")] == [404] * 3


def test_movements_tell_the_balance_after_each(admin: Person, log_in: LogIn) -> None:
    """BILL-1, SAFE-3: newest first, page by page, one's own."""
    first = admin.get("/billing/movements", query_string={"limit": 1}).json
    second = admin.get("/billing/movements", query_string={"limit": 1, "cursor": first["next"]}).json
    found = [(one["n"], one["kind"], one["amount"], one["balance"]) for one in first["items"] + second["items"]]
    assert found == [(2, "charge", "-0.254400", "19.745600"), (1, "top_up", "20.000000", "20.000000")]
    assert second["next"] is None
    assert log_in("admin@other").get("/billing/movements").json["items"] == []
