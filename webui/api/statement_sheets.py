"""What a statement's files say, in the user's language."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from orchestrator.database.billing.ledger import RENT
from orchestrator.database.billing.summaries import Part, TaxPart, payments_of, summary_of
from orchestrator.database.documents import from_plain
from orchestrator.database.models import ChargeRow, Statement
from orchestrator.domain.billing.charge import Line, plain
from orchestrator.domain.billing.money import shown
from orchestrator.domain.billing.sentences import explain_line, joined
from webui.identity import tenant
from webui.services import services
from webui.statement_files import COLUMNS, Sheet
from webui.statement_files import Line as FileLine
from webui.texts import language

#: Writes an amount with the statement's decimals.
Money = Callable[[Decimal], str]

SUMS = ("opening", "paid", "net", "tax", "charged", "closing")
TABLES = ("parts", "payments", "charges", "too_many", "sum")


def texts() -> dict[str, str]:
    """Return the headings of a statement's tables."""
    return {name: _text(name) for name in (*COLUMNS, *TABLES)}


def sentences(row: ChargeRow) -> list[str]:
    """Return the arithmetic of a charge."""
    return [explain_line(from_plain(Line, line), row.currency, language()) for line in row.lines]


def lines_of(month: str, zone: ZoneInfo) -> Iterator[FileLine]:
    """Yield the charges of a month's bill in order."""
    table, company = ChargeRow, tenant()
    rows = table.select().where(table.tenant == company, table.month == month).order_by(table.began, table.id)
    for row in list(rows):
        yield (
            _moment(row.began, zone), _what(row), joined(sentences(row), language()), f"{row.tariff} v{row.version}",
            plain(row.net), plain(row.tax), plain(row.total),
        )  # fmt: skip


def sheet_of(found: Statement, company: str, zone: ZoneInfo) -> Sheet:
    """Put together what the PDF of a closed month says."""
    lines, summary = list(lines_of(found.month, zone)), summary_of(tenant(), found.month)
    digits = max((part.rule.places for part in summary.taxes if part.rule), default=0)

    def money(amount: Decimal) -> str:
        return shown(amount, found.currency, digits)

    facts = [_text("currency", currency=found.currency), _text("written", time=_moment(found.at, zone), zone=zone.key)]
    return Sheet(
        title=f"{_text('title')} {found.month}",
        company=company,
        facts=facts,
        sums=[(_text(name), f"{money(getattr(found, name))} {found.currency}") for name in SUMS],
        parts=_parts(found, summary.parts, money),
        notes=[_tax(part, money) for part in summary.taxes],
        payments=_payments(found, zone, money),
        lines=[(*line[:4], *(money(Decimal(amount)) for amount in line[4:])) for line in lines],  # type: ignore[misc]  # seven texts
        charged=[money(amount) for amount in (found.net, found.tax, found.charged)],
    )


def _parts(found: Statement, parts: Sequence[Part], money: Money) -> list[Sequence[str]]:
    heading = [_text(name) for name in ("what", "count", "talk", "net", "tax", "total")]
    rows: list[Sequence[str]] = [heading]
    for part in parts:
        amounts = [money(amount) for amount in (part.net, part.tax, part.total)]
        rows.append([_text(part.what), str(part.count), _talk(part.ms), *amounts])
    sums = [money(amount) for amount in (found.net, found.tax, found.charged)]
    return [*rows, [_text("sum"), "", "", *sums]] if len(rows) > 1 else []


def _payments(found: Statement, zone: ZoneInfo, money: Money) -> Sequence[Sequence[str]]:
    rows = payments_of(tenant(), found.month)
    heading = [_text(name) for name in ("moment", "kind", "reference", "note", "total")]
    return [heading] + [
        [_moment(row.at, zone), _text(row.kind), row.reference, row.note, money(row.amount)] for row in rows
    ]


def _tax(part: TaxPart, money: Money) -> str:
    net, tax = money(part.net), money(part.tax)
    if part.rule is None:
        return _text("tax_of_corrections", tax=tax)
    rule = _text(f"rounding_{part.rule.rounding.value}", places=str(part.rule.places))
    return _text("tax_line", percent=plain(part.rule.percent), net=net, tax=tax, rule=rule)


def _what(row: ChargeRow) -> str:
    """Return the number called, or what is rented; corrections say that they are."""
    rented = row.reference.partition(":")[2].partition("+")[0]
    name = _text(f"item_{rented}") if row.kind == RENT else row.number or row.reference
    return name if row.corrects is None else f"{_text('correction')}: {name}"


def _talk(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}" if ms else "-"


def _moment(at: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _text(name: str, **details: str) -> str:
    return services().texts.message(f"statement.{name}", **details)
