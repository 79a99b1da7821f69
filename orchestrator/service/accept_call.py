"""A call to one of a tenant's numbers is parked on a switch: take it over and answer it, or refuse it."""

from dataclasses import dataclass

from orchestrator.domain.billing.tariff import CallDirection
from orchestrator.domain.blacklist import Direction
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState, CallTrigger
from orchestrator.domain.commands import HangUp, TakeOver
from orchestrator.domain.events import CallArrived, CallTurnedDown
from orchestrator.domain.licence import Standing
from orchestrator.domain.story import Occasion
from orchestrator.service.check_blacklist import blocked_event, blocking_entry
from orchestrator.service.end_call import hang_up
from orchestrator.service.meter_call import unpaid
from orchestrator.service.ports import Configurations, Telephony
from orchestrator.service.work import Unit, Work


@dataclass(frozen=True, slots=True)
class Arrival:
    """A caller's channel parked by the dialplan; `created` is the switch's time, microseconds UTC."""

    leg: str
    switch: str
    caller: str
    caller_name: str
    number: str
    created: int


class AcceptCall:
    """Finds the tenant of a dialled number and begins the call."""

    def __init__(self, work: Work, configurations: Configurations, telephony: Telephony) -> None:
        """`telephony` refuses calls to numbers that nobody owns."""
        self._work, self._configurations, self._telephony = work, configurations, telephony

    def accept(self, arrival: Arrival) -> str | None:
        """Begin the call and return its tenant; a number that nobody owns is refused."""
        tenant = self._configurations.owner_of_number(arrival.number)
        if tenant is None:
            refusal = HangUp(leg=arrival.leg, cause="UNALLOCATED_NUMBER")
            self._telephony.send(arrival.switch, [refusal])
            return None
        self._work.run(tenant, lambda unit: self._begin(unit, arrival))
        return tenant

    def _begin(self, unit: Unit, arrival: Arrival) -> None:
        if unit.call(arrival.leg):
            return
        call = new_call(unit, arrival)
        unit.explain(call.id, _take(unit, call))


def _take(unit: Unit, call: Call) -> Occasion:
    """Take the call over, unless it is refused; returns which."""
    standing = unit.config.licence.standing(unit.now)
    if standing is not Standing.VALID:
        _turn_down(unit, call, standing)
        return Occasion.TURNED_DOWN
    entry = blocking_entry(unit, Direction.IN, call.caller)
    if entry:
        _block(unit, call, entry)
        return Occasion.BLOCKED
    if unpaid(unit, call.id, call.id, CallDirection.IN, call.number):
        refused = call.refuse(CallTrigger.UNPAID, unit.now)
        unit.save_call(refused, arrived_event(unit, call))
        unit.tell(call.switch, hang_up(refused))
        return Occasion.UNPAID
    unit.save_call(call, arrived_event(unit, call))
    unit.tell(call.switch, TakeOver(leg=call.id, tenant=unit.tenant))
    return Occasion.ARRIVED


def _turn_down(unit: Unit, call: Call, reason: Standing) -> None:
    """Hang up before anything is answered (SEAT-4): nobody pays for a call that nobody takes."""
    refused = call.refuse(CallTrigger.REFUSED, unit.now)
    unit.save_call(refused, arrived_event(unit, call), CallTurnedDown(at=unit.now, call=call.id, reason=reason))
    unit.tell(call.switch, hang_up(refused))


def _block(unit: Unit, call: Call, entry: str) -> None:
    """Hang up before anything is answered (BLACK-1); the call ends, with its record, when the switch says so."""
    blocked = blocked_event(unit, call.id, call.caller, call.number, Direction.IN, entry)
    refused = call.refuse(CallTrigger.BLOCKED, unit.now)
    unit.save_call(refused, arrived_event(unit, call), blocked)
    unit.tell(call.switch, hang_up(refused))


def new_call(unit: Unit, arrival: Arrival) -> Call:
    """Make the document of a call that has just arrived."""
    return Call(
        id=arrival.leg,
        tenant=unit.tenant,
        switch=arrival.switch,
        state=CallState.ARRIVED,
        since=unit.now,
        caller=arrival.caller,
        caller_name=arrival.caller_name,
        number=arrival.number,
        arrived=arrival.created,
    )


def arrived_event(unit: Unit, call: Call, rebuilt: bool = False) -> CallArrived:
    """Tell that the call is here."""
    return CallArrived(
        at=unit.now if rebuilt else call.arrived,
        call=call.id,
        switch=call.switch,
        caller=call.caller,
        caller_name=call.caller_name,
        number=call.number,
        rebuilt=rebuilt,
    )
