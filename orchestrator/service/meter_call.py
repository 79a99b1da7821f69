"""Money along a call: set aside before a leg is called, step by step while it talks, and its end (BILL-1)."""

from dataclasses import replace

from orchestrator.domain.billing.prepaid import ends_at
from orchestrator.domain.billing.tariff import CallDirection
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState, Party
from orchestrator.domain.commands import HangUp, LimitTalk
from orchestrator.domain.events import BalanceEnds, BalanceUsedUp, CallUnpaid
from orchestrator.domain.metering import Meter, limit_of
from orchestrator.domain.story import RouteReason
from orchestrator.service.errors import BalanceUsedUpError, NoRateError
from orchestrator.service.numbers import normalise
from orchestrator.service.reserve_balance import Grant, reserve
from orchestrator.service.work import Unit

#: A tone is heard by those who talk; others hear music or a question, which it would cut off.
TALKING = (CallState.CONNECTED, CallState.CONFERENCE, CallState.FORWARDED)

#: What the switch says of a leg that was ended because its time was over.
CAUSE = "ALLOTTED_TIMEOUT"


def prepay(unit: Unit, call: str, leg: str, direction: CallDirection, number: str) -> None:
    """Set money aside for a new leg before it is called; raises BalanceUsedUpError, NoRateError.

    Does nothing for tenants who pay later. What is set aside is given back if the leg comes to nothing.
    """
    if unit.balances is None:
        return
    meter = Meter(leg=leg, direction=direction, number=normalise(number, unit.config.country))
    grant = reserve(unit, unit.balances, meter)
    if grant.covered_s is not None:
        unit.meters.append((call, replace(meter, covered_s=grant.covered_s)))


def unpaid(unit: Unit, call: str, leg: str, direction: CallDirection, number: str) -> RouteReason | None:
    """Set money aside as `prepay` does; returns and notes why that is refused, None when the leg may be called."""
    try:
        prepay(unit, call, leg, direction, number)
    except (BalanceUsedUpError, NoRateError) as refusal:
        reason = RouteReason.NO_RATE if isinstance(refusal, NoRateError) else RouteReason.BALANCE_USED_UP
        unit.events.append(CallUnpaid(at=unit.now, call=call, number=number, reason=reason.value))
        return reason
    return None


def money_due(unit: Unit, call: Call) -> bool:
    """Set more aside for the legs whose time is nearly over, warn, or end them; False when none is due."""
    due = [meter for meter in call.meters if meter.due is not None and meter.due <= unit.now]
    for meter in due:
        _step(unit, unit.call(call.id) or call, meter)
    return bool(due)


def _step(unit: Unit, call: Call, meter: Meter) -> None:
    """A payment may have come in the last moment: only what can't go on is ended."""
    grant = more(unit, meter)
    if grant is None:
        over = ends_at(meter.begun or unit.now, meter.covered_s) <= unit.now
        (_end if meter.last or over else _warn)(unit, call, meter)
    elif grant.covered_s is None:
        unit.save_call(_with(call, meter, None))
        unit.tell(call.switch, LimitTalk(leg=meter.leg, after_s=0))
    else:
        further = replace(meter, covered_s=grant.covered_s, last=False)
        unit.save_call(_with(call, meter, further))
        unit.tell(call.switch, limit_of(further, unit.now))


def more(unit: Unit, meter: Meter) -> Grant | None:
    """Set more aside; None when nothing more can be, or the leg is being ended already."""
    if unit.balances is None or meter.ended is not None:
        return None
    try:
        return reserve(unit, unit.balances, meter)
    except (BalanceUsedUpError, NoRateError):
        return None


def _warn(unit: Unit, call: Call, meter: Meter) -> None:
    until = ends_at(meter.begun or unit.now, meter.covered_s)
    ends = BalanceEnds(at=unit.now, call=call.id, leg=meter.leg, number=meter.number, until=until)
    unit.save_call(_with(call, meter, replace(meter, last=True)), ends)
    unit.tell(call.switch, replace(limit_of(meter, unit.now), warn=call.state in TALKING))


def _end(unit: Unit, call: Call, meter: Meter) -> None:
    """The other side is let go by what always follows when a leg is gone."""
    over = _with(call, meter, replace(meter, ended=unit.now))
    if meter.ended is None:
        unit.events.append(BalanceUsedUp(at=unit.now, call=call.id, leg=meter.leg, number=meter.number))
    whole = meter.leg == call.line or (call.forward and call.forward.leg == meter.leg)
    unit.save_call(replace(over, hung_up_by=call.hung_up_by or Party.SYSTEM) if whole else over)
    unit.tell(call.switch, HangUp(leg=meter.leg, cause=CAUSE))


def _with(call: Call, meter: Meter, other: Meter | None) -> Call:
    """Return the call with another meter, or none, in place of this one."""
    others = [other if one.leg == meter.leg else one for one in call.meters]
    return replace(call, meters=tuple(one for one in others if one))
