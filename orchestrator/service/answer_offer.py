"""The agent's leg rings, is won, is joined with the caller."""

from orchestrator.domain import consult as consulting
from orchestrator.domain import in_call
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import WITH_AGENT, CallState
from orchestrator.domain.commands import HangUp, Join, Mark
from orchestrator.domain.events import Connected, OfferAlerted, OfferEnded, OfferWon
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.mobile import TAKE
from orchestrator.domain.offer import OfferState, OfferTrigger
from orchestrator.domain.outbound import unanswered
from orchestrator.domain.story import Occasion
from orchestrator.service import call_out, confirm_mobile, consult, end_placed, hold
from orchestrator.service.call_back import ring_customer
from orchestrator.service.fail_offer import asking
from orchestrator.service.forward_call import join_forward
from orchestrator.service.leave_queue import queue_left
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ports import Telephony
from orchestrator.service.record_call import recorded
from orchestrator.service.work import Unit, Work

#: A join that no event has proved within this time is taken as failed.
JOIN_US = 1_000_000


class AnswerOffer:
    """Follows an offer from ringing to talking."""

    def __init__(self, work: Work, offers: OfferCall, telephony: Telephony) -> None:
        """`telephony` ends legs that nobody waits for any more."""
        self._work, self._offers, self._telephony = work, offers, telephony

    def alerted(self, tenant: str, call: str, leg: str, switch: str) -> None:
        """The agent's phone rings. A leg that nobody waits for is doomed and ended (again)."""
        if self._offers.run(tenant, lambda unit: self._alert(unit, call, leg)):
            return
        self._end_doomed(tenant, call, leg, switch)

    def parked(self, tenant: str, call: str, leg: str, switch: str, *, again: bool = False) -> None:
        """The agent's leg is answered and parked: only now it is won, a mobile only when that is confirmed.

        `again`: another orchestrator took over; a mobile whose key nobody may have heard is asked once more.
        """
        if not self._offers.run(tenant, lambda unit: self._win(unit, call, leg, again)):
            self._end_doomed(tenant, call, leg, switch)

    def keyed(self, tenant: str, call: str, leg: str, step: str, key: str) -> None:
        """A mobile was asked to confirm: `key` is what was pressed, empty for nothing. An earlier question's 1 counts,
        since only mobiles are asked and only this is asked of them; its silence does not.
        """
        self._offers.run(tenant, lambda unit: self._key(unit, call, leg, step, key))

    def joined(self, tenant: str, call: str, *legs: str) -> None:
        """Legs are bridged: caller and agent, caller and telephone outside, or, where both are named and neither is the
        caller's, the agent and whoever is asked.
        """
        self._offers.run(tenant, lambda unit: self._join(unit, call, legs))

    def _end_doomed(self, tenant: str, call: str, leg: str, switch: str) -> None:
        held = self._work.store.call(tenant, call)
        if held is None or leg not in legs_of(held.document):
            self._telephony.send(switch, [HangUp(leg=leg, cause="LOSE_RACE")])

    def _alert(self, unit: Unit, call_id: str, leg: str) -> None:
        found = unit.call(call_id)
        if found and consult.of_leg(found, leg):
            consult.alerted(unit, found)
            return
        call = asking(unit, call_id, leg)
        alerted = OfferAlerted(at=unit.now, call=call.id, agent=call.asked.agent, leg=leg)
        unit.save_call(call.alert(), alerted)

    def _key(self, unit: Unit, call_id: str, leg: str, step: str, key: str) -> None:
        found = unit.call(call_id)
        if found and consult.of_leg(found, leg):
            consult.keyed(unit, found, step, key)
            return
        call = asking(unit, call_id, leg)
        if call.asked.state is not OfferState.CONFIRMING or (key != TAKE and step != call.asked.step):
            raise IllegalTransitionError("offer", call.asked.state, "keyed")
        if key == TAKE:
            self._take(unit, call)
        elif unanswered(call):
            end_placed.not_confirmed(unit, call)
        else:
            confirm_mobile.unconfirmed(unit, call, "WRONG_KEY" if key else "NO_KEY")

    def _win(self, unit: Unit, call_id: str, leg: str, again: bool) -> None:
        found = unit.call(call_id)
        if found and consult.of_leg(found, leg):
            consult.answered(unit, found, again)
            return
        if found and found.state is CallState.RECOVERING and found.leg == leg:
            hold.resume(unit, found, "device_back")
            return
        if found and found.state in (CallState.HELD, CallState.RESUMING) and found.leg == leg:
            hold.agent_parked(unit, found)
            return
        call = asking(unit, call_id, leg)
        if call.asked.state is OfferState.CONFIRMING and not again:
            raise IllegalTransitionError("offer", call.asked.state, "parked")
        if call.asked.mobile:
            confirm_mobile.ask(unit, call)
        else:
            self._take(unit, call)

    def _take(self, unit: Unit, call: Call) -> None:
        leg, agent = call.asked.leg, unit.agent_in(call.id, call.asked.agent)
        if agent is None:
            raise IllegalTransitionError("offer", "agent gone", "parked")
        unit.save_agent(agent.answer(unit.now), "answered", call=call.id)
        won = OfferWon(at=unit.now, call=call.id, agent=agent.id, leg=leg)
        if call.state is CallState.PLACED:
            unit.events.append(won)
            call_out.ring_customer(unit, call)
            return
        if call.away:
            unit.events.append(won)
            ring_customer(unit, call)
            return
        unit.save_call(recorded(unit, call.win(JOIN_US, unit.now), agent.id), won)
        unit.tell(
            call.switch,
            Mark(leg=call.line, variables={"cc_agent": agent.id}),
            Join(leg=call.line, tenant=unit.tenant, agent_leg=leg),
        )
        unit.explain(call.id, Occasion.AGENT_ANSWERED)

    def _join(self, unit: Unit, call_id: str, legs: tuple[str, ...]) -> None:
        call = unit.call(call_id)
        if call and len(legs) > 1 and call.line not in legs:
            _join_consulted(unit, call, legs)
            return
        if call and call.state is CallState.RESUMING and call.leg in legs:
            unit.save_call(in_call.rejoin(call, unit.now))
        elif call and call.forward and call.forward.leg in legs:
            join_forward(unit, call)
        else:
            asked = call.offer.leg if call and call.offer else ""
            join(unit, asking(unit, call_id, asked if asked in legs else ""))


def _join_consulted(unit: Unit, call: Call, legs: tuple[str, ...]) -> None:
    if call.consult is None or {call.leg, call.consult.leg} != set(legs):
        raise IllegalTransitionError("call", call.state, "others joined")
    consult.joined(unit, call)


def join(unit: Unit, call: Call) -> None:
    """Caller and agent hear each other: the call has left the line and counts as connected."""
    offer = call.asked
    joined = call.join(unit.now)
    left = None if call.left else queue_left(unit, call, joined.in_line, offer.agent)
    unit.save_call(
        joined,
        OfferEnded(
            at=unit.now,
            call=call.id,
            queue=offer.queue,
            agent=offer.agent,
            leg=offer.leg,
            offered=offer.offered,
            result=offer.move(OfferTrigger.JOINED).state,
        ),
        *([left] if left else []),
        Connected(at=unit.now, call=call.id, queue=offer.queue, agent=offer.agent, leg=offer.leg),
    )
    if call.leaving:
        unit.tell(call.switch, HangUp(leg=call.leaving))
    agent = unit.agent_in(call.id, offer.agent)
    if agent:
        unit.save_agent(agent.count_connected(unit.today, inbound=True), "connected", call=call.id)


def join_again(unit: Unit, call: Call) -> None:
    """Tell the switch once more to join caller and agent: the other way round, which frees a first try (section 6)."""
    unit.save_call(in_call.join_later(call, JOIN_US, unit.now))
    # A customer who is called back was joined the other way round.
    again = call.callback is None or call.first_connected is not None
    unit.tell(call.switch, Join(leg=call.line, tenant=unit.tenant, agent_leg=call.asked.leg, again=again))


def legs_of(call: Call) -> tuple[str, ...]:
    """The legs that a call waits for, talks to or asks, beside the caller's."""
    alive = call.state is not CallState.ENDED
    asked = call.offer.leg if call.offer and alive else None
    consulted = call.consult.leg if call.consult else None
    outside = call.forward.leg if call.forward and alive else None
    listening = call.supervision.leg if call.supervision else None
    return tuple(leg for leg in (asked, call.leg, consulted, outside, listening, call.leaving) if leg)


def talking_legs(call: Call) -> tuple[str, ...]:
    """The legs that must be there while a call is with an agent, or forwarded; those that ring tell otherwise."""
    if call.state is CallState.FORWARDED and call.forward:
        return (call.forward.leg,)
    if call.state is CallState.CALLING:
        return (call.asked.leg,)
    if call.state not in WITH_AGENT:
        return ()
    asked = call.consult.leg if call.consult and not consulting.pending(call.consult) else None
    return tuple(leg for leg in (call.leg, asked) if leg)
