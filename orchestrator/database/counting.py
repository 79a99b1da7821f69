"""What reports count: of which rows, when, and which of them (REP-1). The sums and the lists of calls both use it."""

from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import Any

from peewee import SQL, Expression, fn

from orchestrator.database.models import AgentStateInterval, CallLeg, CallRecord, QueueStay, Table, VoicemailRow
from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import Outcome
from orchestrator.domain.reports import SECOND, Counted

#: A caller who calls again within this time has called repeatedly, us.
REPEATED_WITHIN_US = 24 * 3600 * SECOND

#: How a conversation came about that an agent had not called for.
CAME_IN = ("queue", "direct")

#: Outcomes of a stay in a queue that have a figure of their own.
NAMED = (Outcome.CONNECTED, Outcome.ABANDONED, Outcome.TIMED_OUT, Outcome.CALLED_BACK, Outcome.CALLBACK_FAILED)

#: A call that an agent wished for and that was refused before anything rang was not placed.
NOT_PLACED = (Outcome.REACHED, Outcome.BLOCKED, Outcome.REFUSED, Outcome.UNPAID)


Condition = Any


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Rows that are counted when `moment` says, for a queue and an agent of a tenant.

    `call` names the row's call as `record` does of `CallRecord`; empty: the rows are the calls' own records.
    """

    table: type[Table]
    tenant: Any
    moment: Any
    queue: Any
    agent: Any
    call: tuple[Any, ...] = ()
    record: tuple[Any, ...] = ()

    def of_record(self) -> Condition:
        """Return what joins the rows to their calls' records."""
        return reduce(and_, (one == other for one, other in zip(self.call, self.record, strict=True)))


#: A record's parts are found by its number and the month it is filed under.
_OF_RECORD = (CallRecord.id, CallRecord.arrived)

STAYS = Source(
    QueueStay, QueueStay.tenant, QueueStay.ended, QueueStay.queue, QueueStay.agent,
    (QueueStay.record, QueueStay.arrived), _OF_RECORD,
)  # fmt: skip
TALKS = Source(
    CallLeg, CallLeg.tenant, CallLeg.joined, CallLeg.queue, CallLeg.agent, (CallLeg.record, CallLeg.arrived), _OF_RECORD
)
#: The same conversations, each with the times that its agent wrapped up afterwards (`its_wrap_up`).
WRAP_UPS = replace(TALKS)
TRIES = Source(CallRecord, CallRecord.tenant, CallRecord.arrived, CallRecord.queue, CallRecord.agent)
MESSAGES = Source(
    VoicemailRow, VoicemailRow.tenant, VoicemailRow.at, VoicemailRow.queue, VoicemailRow.agent,
    (VoicemailRow.tenant, VoicemailRow.call), (CallRecord.tenant, CallRecord.call),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arrivals:
    """When the calls that are counted arrived at the earliest, and before when (us UTC)."""

    since: int
    until: int


def rows_counted(
    figure: Counted, arrivals: Arrivals, threshold_us: int | None = None
) -> list[tuple[Source, Condition]]:
    """Return of which rows a figure is the number, as sources and conditions.

    `threshold_us` is the service level's, None for each queue's own as it was at the time.
    """
    match figure:
        case Counted.PLACED:
            return [*rows_counted(Counted.REACHED, arrivals), *rows_counted(Counted.UNREACHED, arrivals)]
        case Counted.UNREACHED:
            return [(TRIES, unreached())]
        case Counted.MESSAGES:
            return [(MESSAGES, SQL("1 = 1"))]
        case Counted.HANDLED | Counted.DIRECT | Counted.REACHED | Counted.FORWARDED | Counted.ASKED | Counted.SCORED:
            return [(TALKS, talked()[figure])]
        case _:
            return [(STAYS, stayed(arrivals, threshold_us)[figure])]


def stayed(arrivals: Arrivals, threshold_us: int | None) -> dict[Counted, Condition]:
    """Return which stays in queues each figure counts."""
    connected = QueueStay.outcome == Outcome.CONNECTED.value
    return {
        Counted.OFFERED: SQL("1 = 1"),
        Counted.CONNECTED: connected,
        Counted.ABANDONED: QueueStay.outcome == Outcome.ABANDONED.value,
        Counted.SHORT: QueueStay.short == True,  # noqa: E712 - an expression of the database
        Counted.TIMED_OUT: QueueStay.outcome == Outcome.TIMED_OUT.value,
        Counted.CALLED_BACK: QueueStay.outcome == Outcome.CALLED_BACK.value,
        Counted.CALLBACK_FAILED: QueueStay.outcome == Outcome.CALLBACK_FAILED.value,
        Counted.OTHER: QueueStay.outcome.not_in([outcome.value for outcome in NAMED]),
        Counted.WITHIN: connected & _within(threshold_us),
        Counted.REPEATED: connected & _repeated(arrivals),
    }


def talked() -> dict[Counted, Condition]:
    """Return which conversations each figure counts."""
    return {
        Counted.HANDLED: CallLeg.way.in_(CAME_IN),
        Counted.DIRECT: CallLeg.way == "direct",
        Counted.REACHED: CallLeg.way == "out",
        Counted.FORWARDED: CallLeg.way == "outside",
        Counted.ASKED: CallLeg.asked == True,  # noqa: E712 - an expression of the database
        Counted.SCORED: CallLeg.score.is_null(False),
    }


def its_wrap_up() -> Condition:
    """Tell which intervals of the state log are the wrap-up of a conversation."""
    state = AgentStateInterval
    its_own = (state.started >= CallLeg.joined) & (CallLeg.again.is_null() | (state.started < CallLeg.again))
    of_call = (state.tenant == CallRecord.tenant) & (state.call == CallRecord.call) & (state.agent == CallLeg.agent)
    return of_call & its_own & (state.state == AgentState.WRAP_UP.value) & state.ended.is_null(False)


def unreached() -> Condition:
    """Tell of a call that an agent placed and whose customer did not answer."""
    return (CallRecord.direction == "out") & CallRecord.outcome.not_in([outcome.value for outcome in NOT_PLACED])


def _within(threshold_us: int | None) -> Expression:
    if threshold_us is None:
        return QueueStay.within_service_level == True  # noqa: E712 - an expression of the database
    return QueueStay.wait_us <= threshold_us


def _repeated(arrivals: Arrivals) -> Expression:
    """Tell whether the caller had called the tenant in the time before this call.

    The bounds say nothing new: they name the months to look into, where tables are divided by month.
    """
    before = CallRecord.alias("before")
    return (CallRecord.caller != "") & fn.EXISTS(
        before.select(SQL("1")).where(
            before.tenant == CallRecord.tenant,
            before.caller == CallRecord.caller,
            before.arrived < CallRecord.arrived,
            before.arrived >= CallRecord.arrived - REPEATED_WITHIN_US,
            before.arrived >= arrivals.since - REPEATED_WITHIN_US,
            before.arrived < arrivals.until,
            before.direction.is_null() | (before.direction == "in"),
        )
    )
