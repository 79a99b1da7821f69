"""A telephone outside that a caller is put through to: it rings, is won, is joined, ends, or comes to nothing."""

from dataclasses import replace

from orchestrator.domain import forwarding
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import HangUp, Join, PlayRinging, StopPlaying
from orchestrator.domain.config import Destination
from orchestrator.domain.events import Forwarded, ForwardEnded
from orchestrator.domain.forward import RESULTS, Forward, ForwardResult
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.story import Occasion, RouteReason
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ports import Telephony
from orchestrator.service.record_call import recorded
from orchestrator.service.ring_outside import ring_again
from orchestrator.service.route_call import go
from orchestrator.service.work import Unit, Work

#: A join that no event has proved within this time (us) is taken as failed.
JOIN_US = 1_000_000


class ForwardCall:
    """Follows the outside legs of calls."""

    def __init__(self, work: Work, offers: OfferCall, telephony: Telephony) -> None:
        """`offers` matches queues that are entered afterwards; `telephony` ends legs that nobody waits for."""
        self._work, self._offers, self._telephony = work, offers, telephony

    def alerted(self, tenant: str, call: str, leg: str, switch: str) -> None:
        """The telephone rings: a leg that nobody waits for is doomed and ended (again)."""
        held = self._work.store.call(tenant, call)
        if held is None or held.document.forward is None or held.document.forward.leg != leg:
            self._telephony.send(switch, [HangUp(leg=leg, cause="ORIGINATOR_CANCEL")])

    def parked(self, tenant: str, call: str, leg: str, switch: str) -> None:
        """The telephone was answered and its leg parked: only now it is won."""
        if not self._offers.run(tenant, lambda unit: self._win(unit, call, leg)):
            self.alerted(tenant, call, leg, switch)

    def failed(self, tenant: str, call: str, leg: str, cause: str) -> None:
        """The leg never came to be."""
        self._offers.run(tenant, lambda unit: fail_forward(unit, _ringing(unit, call, leg), cause))

    def _win(self, unit: Unit, call_id: str, leg: str) -> None:
        call = _ringing(unit, call_id, leg)
        if forward_of(call).won:
            raise IllegalTransitionError("forward", "won", "parked")
        unit.save_call(recorded(unit, forwarding.win(call, JOIN_US, unit.now), None))
        unit.tell(call.switch, Join(leg=call.line, tenant=unit.tenant, agent_leg=leg))
        unit.explain(call.id, Occasion.OUTSIDE_ANSWERED)


def forward_of(call: Call) -> Forward:
    """Return the call's outside leg; raises IllegalTransitionError where there is none."""
    if call.forward is None:
        raise IllegalTransitionError("forward", "none", call.state)
    return call.forward


def _ringing(unit: Unit, call_id: str, leg: str) -> Call:
    call = unit.call(call_id)
    if call is None or call.state is not CallState.FORWARDING or forward_of(call).leg != leg:
        raise IllegalTransitionError("forward", call.state if call else "unknown", "leg event")
    return call


def join_forward(unit: Unit, call: Call) -> None:
    """Caller and telephone outside hear each other."""
    forward = forward_of(call)
    joined = forwarding.join(call, unit.now)
    unit.save_call(joined, Forwarded(at=unit.now, call=call.id, leg=forward.leg, number=forward.number))
    _let_agent_go(unit, call)


def join_outside_again(unit: Unit, call: Call) -> None:
    """Tell the switch once more to join caller and telephone outside."""
    unit.save_call(forwarding.join_later(call, JOIN_US, unit.now))
    unit.tell(call.switch, Join(leg=call.line, tenant=unit.tenant, agent_leg=forward_of(call).leg, again=True))


def fail_forward(unit: Unit, call: Call, cause: str, kill: str | None = None) -> None:
    """The telephone outside was not reached: the caller goes where the destination says. `kill` ends its leg."""
    forward = forward_of(call)
    result = ForwardResult.FAILED if forward.won else RESULTS.get(cause, ForwardResult.FAILED)
    unit.events.append(_ended(unit, call, result, cause))
    if kill:
        unit.tell(call.switch, HangUp(leg=forward.leg, cause=kill))
    _let_agent_go(unit, call)
    unit.tell(call.switch, StopPlaying(leg=call.line))
    go(unit, forwarding.lose(call, unit.now), forward.otherwise, RouteReason(f"outside_{result.value}"))
    unit.explain(call.id, Occasion.OUTSIDE_NOT_REACHED, cause)


def _let_agent_go(unit: Unit, call: Call) -> None:
    """The agent who handed the caller over is needed no more: before, ending that leg could take the other along."""
    if call.leaving:
        unit.tell(call.switch, HangUp(leg=call.leaving))


def outside_leg_ended(unit: Unit, call: Call, cause: str) -> None:
    """The outside leg is gone: the talk is over, or it was not reached."""
    if call.state is CallState.FORWARDING:
        fail_forward(unit, call, cause)
    elif call.state is CallState.FORWARDED:
        unit.save_call(forwarding.outside_leaves(call, unit.now), _ended(unit, call, ForwardResult.ENDED, cause))
        unit.tell(call.switch, HangUp(leg=call.line))
        unit.explain(call.id, Occasion.OUTSIDE_LEFT)


def send_forward_on(unit: Unit, call: Call, to: Destination) -> None:
    """The telephone outside has transferred the caller, who is parked: it is let go, the caller goes there."""
    forward = forward_of(call)
    freed = forwarding.free(call, unit.now)
    unit.events.append(_ended(unit, call, ForwardResult.ENDED, "REFERRED"))
    unit.tell(call.switch, HangUp(leg=forward.leg))
    go(unit, freed, to, RouteReason.TRANSFERRED)


def end_forward(unit: Unit, call: Call, cause: str) -> None:
    """The caller is gone: end the outside leg."""
    if call.forward is None or call.state not in (CallState.FORWARDING, CallState.FORWARDED):
        return
    talking = call.state is CallState.FORWARDED
    result, kill = (
        (ForwardResult.ENDED, "NORMAL_CLEARING") if talking else (ForwardResult.CANCELLED, "ORIGINATOR_CANCEL")
    )
    unit.events.append(_ended(unit, call, result, cause))
    unit.tell(call.switch, HangUp(leg=call.forward.leg, cause=kill))


def resume_forward(unit: Unit, call: Call, playing: bool, bridged: bool, there: bool) -> None:
    """Another orchestrator has taken the call over: go on with what the switch has of it."""
    forward = forward_of(call)
    if not there and call.state is CallState.FORWARDING and ring_again(unit, call, forward):
        unit.explain(call.id, Occasion.OUTSIDE_RUNG_AGAIN)
    elif not there:
        outside_leg_ended(unit, replace(call, forward=replace(forward, won=False)), "GONE")
    elif call.state is CallState.FORWARDING and bridged:
        join_forward(unit, call if forward.won else forwarding.win(call, JOIN_US, unit.now))
    elif not bridged and (forward.won or call.state is CallState.FORWARDED):
        join_outside_again(unit, call)
    elif not bridged and not playing:
        unit.tell(call.switch, PlayRinging(leg=call.line))


def _ended(unit: Unit, call: Call, result: ForwardResult, cause: str) -> ForwardEnded:
    forward = forward_of(call)
    return ForwardEnded(at=unit.now, call=call.id, leg=forward.leg, number=forward.number, result=result, cause=cause)
