"""A promised callback at its turn: the agent is on the line first, then the customer is rung and never waits."""

from dataclasses import replace
from uuid import uuid4

from orchestrator.domain import calling_back
from orchestrator.domain.billing.tariff import CallDirection
from orchestrator.domain.blacklist import Direction
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState, Outcome, Party
from orchestrator.domain.callback import CallbackRule
from orchestrator.domain.commands import HangUp, Join, RingNumber
from orchestrator.domain.config import Destination, Way
from orchestrator.domain.events import CallbackMissed, CallbackOrdered, CallbackTried
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.offer import OfferTrigger
from orchestrator.domain.priority import MOST_PRIORITY
from orchestrator.domain.story import Occasion, RouteReason
from orchestrator.service.ask_number import ask_number
from orchestrator.service.check_blacklist import blocking_entry
from orchestrator.service.end_call import EndCall, LegReport
from orchestrator.service.ended_event import ended_event
from orchestrator.service.errors import CallbackBusyError, UnknownCallbackError
from orchestrator.service.fail_offer import end_offer
from orchestrator.service.leave_queue import queue_left
from orchestrator.service.meter_call import unpaid
from orchestrator.service.music import waiting_music
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ports import Telephony
from orchestrator.service.promise_callback import can_promise, shown_number
from orchestrator.service.record_call import recorded
from orchestrator.service.route_call import go
from orchestrator.service.work import Unit, Work

#: The role of the customer's channel (`cc_role`).
ROLE = "callback"

#: How long the customer and the agent may take to be joined (us); as `answer_offer.JOIN_US`.
JOIN_US = 1_000_000

#: So much longer than the ring time the switch may take to tell that nobody answered (us).
GRACE_US = 5_000_000

#: Why a customer was not rung whom the balance doesn't pay for.
UNPAID = "OUTGOING_CALL_BARRED"

#: The priority of a callback that a supervisor wants next.
FIRST = MOST_PRIORITY


class CallBack:
    """Follows a callback from the promise to the talk."""

    def __init__(self, work: Work, offers: OfferCall, end: EndCall, telephony: Telephony) -> None:
        """`telephony` ends channels of customers whom nobody waits for any more."""
        self._work, self._offers, self._end, self._telephony = work, offers, end, telephony

    def tenant_of(self, call: str) -> str | None:
        """Find whose call it is that began before this process did."""
        tenants = self._work.configurations.tenants()
        return next((tenant for tenant in tenants if self._work.store.call(tenant, call)), None)

    def pressed(self, tenant: str, call: str, key: str) -> None:
        """A caller has pressed a key; while waiting it may ask for a callback."""
        self._offers.run(tenant, lambda unit: _pressed(unit, call, key))

    def answered(self, tenant: str, call: str, leg: str, switch: str) -> bool:
        """The customer's channel is parked: answered, so the two are joined. False for a call beyond that.

        A channel that nobody waits for is ended.
        """
        held = self._work.store.call(tenant, call)
        if held is None or held.document.line != leg:
            self._telephony.send(switch, [HangUp(leg=leg)])
        elif held.document.state is CallState.CALLING_BACK:
            return self._offers.run(tenant, lambda unit: _reached(unit, call, leg))
        return held is None or held.document.line != leg

    def leg_ended(self, tenant: str, call: str, report: LegReport) -> None:
        """The customer's channel is gone: a try that failed, or the end of the call."""
        held = self._work.store.call(tenant, call)
        if held and held.document.state in (CallState.CALLING_BACK, CallState.CONNECTING):
            self._offers.run(tenant, lambda unit: _leg_ended(unit, call, report))
        elif held and held.document.line == report.leg:
            self._end.caller_left(tenant, call, report)
        else:
            self._offers.run(tenant, lambda unit: unit.events.append(report.event(call, unit.now)))

    def failed(self, tenant: str, call: str, leg: str, cause: str) -> None:
        """The customer's channel never came to be."""
        self._offers.run(tenant, lambda unit: _missed(unit, ringing(unit, call, leg), cause))

    def cancel(self, tenant: str, call: str, by: str) -> None:
        """The user `by` gives a callback up; raises UnknownCallbackError or CallbackBusyError."""
        self._offers.run(tenant, lambda unit: _cancel(unit, call, by))

    def call_next(self, tenant: str, call: str, by: str) -> None:
        """The user `by` wants it called next; raises UnknownCallbackError or CallbackBusyError."""
        self._offers.run(tenant, lambda unit: _call_next(unit, call, by))


def _pressed(unit: Unit, call_id: str, key: str) -> None:
    call = unit.call(call_id)
    if call is None or call.callback or call.state is not CallState.WAITING:
        return
    rule = rule_of(unit, call)
    if rule and key == rule.key and rule.number_prompt and shown_number(unit, call):
        ask_number(unit, calling_back.press_in_line(call, key, unit.now), rule)
        unit.explain(call.id, Occasion.KEY_PRESSED)
    elif rule and key == rule.key and can_promise(unit, call):
        there = Destination(way=Way.CALLBACK, target=call.queue or "", prompt=rule.prompt)
        go(unit, calling_back.press_in_line(call, key, unit.now), there, RouteReason.KEY)
        unit.explain(call.id, Occasion.KEY_PRESSED)


def rule_of(unit: Unit, call: Call) -> CallbackRule | None:
    """Return how the call's queue calls back."""
    queue = unit.config.queues.get(call.queue or "")
    return queue.callback if queue else None


def ring_customer(unit: Unit, call: Call) -> None:
    """The agent is on the line: ring the customer, or give up what must not be called any more."""
    promise, rule, offer = call.promised, rule_of(unit, call) or CallbackRule(), call.asked
    leg, trunk = str(uuid4()), unit.config.trunk_of(promise.caller_id)
    called = calling_back.call_back(call, leg, unit.now + rule.ring_s * 1_000_000 + GRACE_US, unit.now)
    if trunk is None or blocking_entry(unit, Direction.OUT, promise.number):
        give_up(unit, called, "CALL_REJECTED")
        return
    if unpaid(unit, call.id, leg, CallDirection.OUT, promise.number):
        _missed(unit, called, UNPAID)
        return
    tried = CallbackTried(
        at=unit.now,
        call=call.id,
        queue=call.queue or "",
        agent=offer.agent,
        leg=leg,
        number=promise.number,
        tries=called.promised.tries,
    )
    unit.save_call(called, tried)
    ring = RingNumber(
        leg=leg,
        tenant=unit.tenant,
        call=call.id,
        role=ROLE,
        number=trunk.dialled(promise.number),
        trunk=trunk.name,
        caller_id=promise.caller_id,
        ring_s=rule.ring_s,
        called=promise.number,
        marks={"cc_agent": offer.agent, "cc_queue": call.queue or ""},
    )
    unit.tell(call.switch, waiting_music(unit, call, offer.leg), ring)


def ringing(unit: Unit, call_id: str, leg: str) -> Call:
    """Return the call that rings its customer by `leg`; raises IllegalTransitionError when there is none."""
    call = unit.call(call_id)
    if call is None or call.line != leg or call.state is not CallState.CALLING_BACK:
        raise IllegalTransitionError("call", call.state if call else "unknown", "customer's leg")
    return call


def _reached(unit: Unit, call_id: str, leg: str) -> None:
    call = ringing(unit, call_id, leg)
    unit.save_call(recorded(unit, calling_back.reach(call, JOIN_US, unit.now), call.asked.agent))
    join_customer(unit, call)
    unit.explain(call.id, Occasion.CUSTOMER_ANSWERED)


def join_customer(unit: Unit, call: Call) -> None:
    """Join the two; the agent's side is what plays something until then."""
    unit.tell(call.switch, Join(leg=call.asked.leg, tenant=unit.tenant, agent_leg=call.line))


def _leg_ended(unit: Unit, call_id: str, report: LegReport) -> None:
    call = unit.call(call_id)
    unit.events.append(report.event(call_id, unit.now))
    if call and call.line == report.leg:
        _missed(unit, call, report.cause)


def _missed(unit: Unit, call: Call, cause: str) -> None:
    """Let the agent go, and try again after the pause, or never."""
    rule = rule_of(unit, call) or CallbackRule()
    again = unit.now + rule.retry_s * 1_000_000
    if call.promised.tries >= rule.tries or again >= (call.limit or again + 1):
        give_up(unit, call, cause)
        return
    rests = calling_back.miss(call, again, unit.now)
    end_offer(unit, call, OfferTrigger.WITHDRAWN, cause, kill="NORMAL_CLEARING")
    unit.save_call(rests, _missed_event(unit, call, cause, again))
    unit.explain(call.id, Occasion.CALLBACK_MISSED, cause)


def not_reached(unit: Unit, call: Call, cause: str) -> None:
    """Nothing tells of the customer's channel: end it, and the try with it."""
    unit.tell(call.switch, HangUp(leg=call.line, cause="NO_ANSWER"))
    _missed(unit, call, cause)


def give_up(unit: Unit, call: Call, cause: str) -> None:
    """End a callback that did not come about."""
    if call.offer:
        end_offer(unit, call, OfferTrigger.WITHDRAWN, cause, kill="ORIGINATOR_CANCEL")
    ended = call.end(Outcome.CALLBACK_FAILED, Party.SYSTEM, unit.now)
    left = queue_left(unit, call, Outcome.CALLBACK_FAILED)
    missed = _missed_event(unit, call, cause, None)
    unit.save_call(ended, missed, *([left] if left else []), ended_event(unit, ended, cause))
    unit.explain(call.id, Occasion.CALLBACK_OVER, cause)


def _missed_event(unit: Unit, call: Call, cause: str, again: int | None) -> CallbackMissed:
    return CallbackMissed(
        at=unit.now,
        call=call.id,
        queue=call.queue or "",
        number=call.promised.number,
        cause=cause,
        tries=call.promised.tries,
        again=again,
    )


def late_callback(unit: Unit, call: Call) -> None:
    """A deadline of a callback has come."""
    if call.limit and call.limit <= unit.now and call.state is not CallState.CALLING_BACK:
        give_up(unit, call, "EXPIRED")
    elif call.state is CallState.RESTING:
        unit.save_call(calling_back.rest_over(call, unit.now))
    elif call.state is CallState.CALLING_BACK:
        not_reached(unit, call, "NO_ANSWER")


def _waiting(unit: Unit, call_id: str) -> Call:
    call = unit.call(call_id)
    if call is None or call.callback is None:
        raise UnknownCallbackError(call=call_id)
    if call.state not in (CallState.WAITING, CallState.RESTING):
        raise CallbackBusyError(number=call.callback.number)
    return call


def _cancel(unit: Unit, call_id: str, by: str) -> None:
    call = _waiting(unit, call_id)
    unit.events.append(CallbackOrdered(at=unit.now, call=call.id, order="cancelled", by=by))
    give_up(unit, call, "CANCELLED")


def _call_next(unit: Unit, call_id: str, by: str) -> None:
    call = _waiting(unit, call_id)
    back = calling_back.rest_over(call, unit.now) if call.state is CallState.RESTING else call
    ordered = CallbackOrdered(at=unit.now, call=call.id, order="next", by=by)
    unit.save_call(replace(back, priority=FIRST), ordered)
