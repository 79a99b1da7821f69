"""Meters for legs that run without (BILL-1): Redis has lost them, or the company has not always paid before.

What the switch shows of a leg tells most: the number that was called is a mark on it. Without that the call's document
tells what it knows.
"""

from collections.abc import Iterable
from dataclasses import replace

from orchestrator.domain.agent import AnswerMode
from orchestrator.domain.billing.tariff import CallDirection
from orchestrator.domain.call import Call
from orchestrator.domain.consult import Consult, ConsultState
from orchestrator.domain.metering import Meter
from orchestrator.domain.offer import Offer, OfferState
from orchestrator.service.meter_call import more
from orchestrator.service.numbers import normalise
from orchestrator.service.seen import LegSeen
from orchestrator.service.work import Unit

#: Nobody has answered yet.
RINGING = (OfferState.DIALLING, OfferState.RINGING, ConsultState.DIALLING, ConsultState.RINGING)


def meter_again(unit: Unit, call_id: str, legs: Iterable[LegSeen] = ()) -> None:
    """Give the legs of a call that cost something meters, where they have none; `legs` are what the switch has."""
    call = unit.call(call_id)
    if call is None or call.test or unit.balances is None or not unit.balances.prepaid(unit.tenant):
        return
    metered = {meter.leg for meter in call.meters}
    lost = {meter.leg: meter for meter in (*_told(unit, call), *_seen(unit, call, legs)) if meter.leg not in metered}
    found = [_covered(unit, meter) for meter in lost.values()]
    unit.meters.extend((call.id, meter) for meter in found if meter)
    if unit.meters:
        unit.save_call(call)


def _told(unit: Unit, call: Call) -> list[Meter]:
    """Return the meters of the legs that the call's document knows."""
    found = [*_line(unit, call), *_others(unit, call)]
    return [replace(meter, number=normalise(meter.number, unit.config.country)) for meter in found if meter.number]


def _line(unit: Unit, call: Call) -> Iterable[Meter]:
    if call.outbound:
        yield _running(unit, call.id, CallDirection.OUT, call.outbound.number, call.answered)
    elif call.callback is None:
        yield _running(unit, call.id, CallDirection.IN, call.number, call.answered)
    elif call.callback.leg:
        yield _running(unit, call.callback.leg, CallDirection.OUT, call.callback.number, call.connected)


def _others(unit: Unit, call: Call) -> Iterable[Meter]:
    """Telephones outside, and agents' mobiles: who talks, who is offered the call, who is asked."""
    if call.forward:
        begun = call.connected if call.forward.won else None
        yield _running(unit, call.forward.leg, CallDirection.OUT, call.forward.number, begun)
    if call.leg and call.agent and _by_mobile(unit, call):
        yield _running(unit, call.leg, CallDirection.OUT, _mobile(unit, call.agent), call.connected)
    if call.offer and call.offer.mobile:
        yield _asked(unit, call.offer, _mobile(unit, call.offer.agent))
    if call.consult and (call.consult.mobile or call.consult.number):
        yield _asked(unit, call.consult, call.consult.number or _mobile(unit, call.consult.agent))


def _asked(unit: Unit, asked: Offer | Consult, number: str) -> Meter:
    begun = None if asked.state in RINGING else unit.now
    return _running(unit, asked.leg, CallDirection.OUT, number, begun)


def _by_mobile(unit: Unit, call: Call) -> bool:
    agent = unit.agent_in(call.id, call.agent or "")
    return agent is not None and agent.mode is AnswerMode.MOBILE


def _mobile(unit: Unit, agent: str) -> str:
    configured = unit.config.agents.get(agent)
    return configured.mobile if configured else ""


def _seen(unit: Unit, call: Call, legs: Iterable[LegSeen]) -> Iterable[Meter]:
    """Return the meters of the call's legs outside that the switch shows; those that the call doesn't know come to
    nothing (`Unit.follow_meters`).
    """
    for leg in legs:
        if leg.called and leg.tenant == unit.tenant and leg.call == call.id:
            yield _running(unit, leg.leg, CallDirection.OUT, leg.called, leg.answered or None)


def _running(unit: Unit, leg: str, direction: CallDirection, number: str, begun: int | None) -> Meter:
    talked_s = 0 if begun is None else max(0, unit.now - begun) // 1_000_000
    return Meter(leg=leg, direction=direction, number=number, begun=begun, covered_s=talked_s)


def _covered(unit: Unit, meter: Meter) -> Meter | None:
    """Set money aside for a leg that runs already: what costs nothing runs on, what can't be paid for ends."""
    grant = more(unit, meter)
    if grant is None:
        return replace(meter, last=True)
    return None if grant.covered_s is None else replace(meter, covered_s=grant.covered_s)
