"""What a simulation brought about, counted afresh from the records."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from peewee import fn

from orchestrator.database.models import (
    AgentStateInterval,
    CallEventRow,
    CallLeg,
    CallRecord,
    ChargeRow,
    LedgerEntry,
    OfferRow,
)
from orchestrator.domain.billing.tariff import ZERO
from webui.cli.simulation.company import TENANT


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Times in seconds."""

    average: float
    p95: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything of the company; `events` are stored ones, `breaks` gaps and overlaps in the state log.

    `wait` is of answered calls, `ring` from asking an agent to the ringing phone; None where there was none.
    `uncharged` are answered legs of callers without a charge, `charged` is what all charges of calls come to,
    `moved` what they moved the balance by.
    """

    records: int
    calls: int
    outcomes: dict[str, int]
    offers: dict[str, int]
    wait: Spread | None
    ring: Spread | None
    events: int
    breaks: int
    uncharged: int
    charged: Decimal
    moved: Decimal


def figures() -> Figures:
    """Count; the tables are bound to the simulation's database."""
    records = list(CallRecord.select().where(CallRecord.tenant == TENANT))
    offers = list(OfferRow.select().join(CallRecord).where(CallRecord.tenant == TENANT))
    answered = [record for record in records if record.connected is not None]
    return Figures(
        records=len(records),
        calls=len({record.call for record in records}),
        outcomes=dict(Counter(record.outcome for record in records)),
        offers=dict(Counter(offer.result for offer in offers)),
        wait=spread(record.wait_us for record in answered),
        ring=spread(offer.rang - offer.offered for offer in offers if offer.rang is not None),
        events=stored_events(),
        breaks=_breaks(),
        uncharged=_uncharged(),
        charged=_charged(),
        moved=_moved(),
    )


def stored_events() -> int:
    """Count events that workers have written, each once."""
    found: int = CallEventRow.select(CallEventRow.n).where(CallEventRow.tenant == TENANT).distinct().count()
    return found


def spread(times: Iterable[int]) -> Spread | None:
    """Describe times (us); None where there are none."""
    sorted_ = sorted(times)
    if not sorted_:
        return None
    at = sorted_[min(len(sorted_) - 1, len(sorted_) * 95 // 100)]
    return Spread(average=sum(sorted_) / len(sorted_) / 1e6, p95=at / 1e6, most=sorted_[-1] / 1e6)


def _breaks() -> int:
    """Count where an agent's interval doesn't end when the next begins, and agents without exactly one open one."""
    table = AgentStateInterval
    log: dict[str, list[tuple[int, int | None]]] = {}
    for row in table.select().where(table.tenant == TENANT).order_by(table.agent, table.started):
        log.setdefault(row.agent, []).append((row.started, row.ended))
    return sum(_broken(intervals) for intervals in log.values())


def _broken(intervals: Sequence[tuple[int, int | None]]) -> int:
    ends = [ended for _, ended in intervals]
    begins = [started for started, _ in intervals[1:]]
    return sum(1 for end, begin in zip(ends, [*begins, None], strict=True) if end != begin)


def _uncharged() -> int:
    charged = ChargeRow.select().where(ChargeRow.tenant == TENANT, ChargeRow.reference == CallLeg.leg)
    legs = CallLeg.select().join(CallRecord).where(CallRecord.tenant == TENANT, CallLeg.role == "caller")
    found: int = legs.where(CallLeg.answered.is_null(False), ~fn.EXISTS(charged)).count()
    return found


def _charged() -> Decimal:
    rows = ChargeRow.select().where(ChargeRow.tenant == TENANT, ChargeRow.kind == "call")
    return sum((row.total for row in rows), ZERO)


def _moved() -> Decimal:
    table = LedgerEntry
    rows = list(table.select().where(table.tenant == TENANT).order_by(table.n))
    paid = sum((row.amount for row in rows if row.kind == "top_up"), ZERO)
    return paid - rows[-1].balance if rows else ZERO
