"""Charges as a table in a language: each with its arithmetic (BILL-1)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from peewee import Expression

from orchestrator.database.documents import from_plain
from orchestrator.database.models import ChargeRow
from orchestrator.database.paging import LONGEST_PAGE, Page, read_page
from orchestrator.domain.billing.charge import Line, plain
from orchestrator.domain.billing.sentences import explain_line, joined
from orchestrator.exports.times import moment
from orchestrator.exports.words import Words

COLUMNS = (
    "began", "month", "kind", "what", "direction", "seconds", "arithmetic", "tariff", "currency", "net", "tax", "total",
    "call",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeFilter:
    """Which charges: of a month's bill (`2026-11`), of a call; None = all."""

    month: str | None = None
    call: str | None = None


def list_charges(
    tenant: str, wanted: ChargeFilter, cursor: str | None = None, size: int = LONGEST_PAGE
) -> Page[ChargeRow]:
    """Read a page of charges, newest first; raises BadCursorError."""
    return read_page(ChargeRow, ChargeRow.began, _conditions(tenant, wanted), cursor, size)


def count_charges(tenant: str, wanted: ChargeFilter) -> int:
    """Count charges."""
    return int(ChargeRow.select().where(*_conditions(tenant, wanted)).count())


def _conditions(tenant: str, wanted: ChargeFilter) -> list[Expression]:
    asked = ((ChargeRow.month, wanted.month), (ChargeRow.call, wanted.call))
    return [ChargeRow.tenant == tenant, *(column == value for column, value in asked if value is not None)]


class ChargeTable:
    """Writes charges as lines; amounts are exact decimals."""

    def __init__(self, words: Words, zone: ZoneInfo, language: str) -> None:
        """`language` (zh, en) is that of the arithmetic."""
        self._words, self._zone, self._language = words, zone, language

    def heading(self) -> list[str]:
        """Return what the columns are called."""
        return [self._words.message(f"charge.{column}") for column in COLUMNS]

    def lines(self, rows: Iterable[ChargeRow]) -> Iterator[list[str]]:
        """Return a line a charge."""
        for row in rows:
            yield [
                moment(row.began, self._zone),
                row.month,
                self._words.known(f"charge_kind.{row.kind}", row.kind),
                row.number or row.reference,
                self._words.known(f"direction.{row.direction}", row.direction or ""),
                plain(Decimal(row.ms) / 1000),
                self._arithmetic(row),
                f"{row.tariff} v{row.version}",
                row.currency,
                *(plain(amount) for amount in (row.net, row.tax, row.total)),
                row.call or "",
            ]

    def _arithmetic(self, row: ChargeRow) -> str:
        sentences = [explain_line(from_plain(Line, line), row.currency, self._language) for line in row.lines]
        return joined(sentences, self._language)
