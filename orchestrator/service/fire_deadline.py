"""What happens when a deadline in Redis comes due. Firing twice, or too late, changes nothing."""

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState, Outcome
from orchestrator.domain.commands import Park, TakeOver
from orchestrator.domain.config import HANG_UP
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.offer import OfferState, OfferTrigger
from orchestrator.domain.story import Occasion, RouteReason
from orchestrator.service import confirm_mobile, consult, end_placed, hold, recover_talk
from orchestrator.service.answer_offer import join_again
from orchestrator.service.call_back import late_callback
from orchestrator.service.end_call import hang_up
from orchestrator.service.fail_offer import end_offer, fail
from orchestrator.service.follow_steps import go_on
from orchestrator.service.forward_call import fail_forward, join_outside_again
from orchestrator.service.leave_queue import queue_left
from orchestrator.service.meter_call import money_due
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ports import Switches
from orchestrator.service.record_call import pause_over
from orchestrator.service.route_call import go
from orchestrator.service.say_in_music import say_due
from orchestrator.service.start_day import StartDay
from orchestrator.service.supervise_call import unanswered
from orchestrator.service.survey_caller import park_again
from orchestrator.service.tell_seats import tell_seats
from orchestrator.service.test_call import give_up, use_draft
from orchestrator.service.work import Unit, Work

#: What nobody serves is fired nevertheless after this time: an agent must not stay with a switch that is gone. Longer
#: than it takes to notice that an owner is dead and to take its switch over.
GONE_US = 10_000_000


class FireDeadline:
    """Fires deadlines by their names in the store: `call:ID`, `agent:ID`, `match:QUEUE`, `day:DATE`, `seats:`."""

    def __init__(self, work: Work, offers: OfferCall, switches: Switches | None = None) -> None:
        """`offers` matches queues; without `switches` every switch counts as served here."""
        self._work, self._offers, self._switches = work, offers, switches
        self._day = StartDay(work, offers)

    def fire(self, tenant: str, member: str) -> None:
        """Fire one deadline; one whose document is gone, or not due any more, is dropped."""
        kind, _, name = member.partition(":")
        if kind == "match":
            self._work.store.clear_deadline(tenant, member)
            self._offers.wake(tenant, [name])
            return
        if kind == "day":
            self._day.start(tenant)
            self._work.store.clear_deadline(tenant, member)
            return
        if kind == "seats":
            self._work.run(tenant, tell_seats)
            return
        if kind == "call" and self._is_anothers(tenant, name):
            return
        decide = self._call if kind == "call" else self._agent
        if not self._offers.run(tenant, lambda unit: decide(unit, name)):
            self._work.store.clear_deadline(tenant, member)

    def _is_anothers(self, tenant: str, call_id: str) -> bool:
        """Tell whether to leave a deadline to who serves the switch, or is just taking it over: what has happened
        there meanwhile comes first, an agent who has answered is not late.
        """
        held = self._work.store.call(tenant, call_id)
        if self._switches is None or held is None or held.document.away:
            return False
        call = held.document
        if self._switches.served(call.switch):
            return False
        overdue_us = self._work.clock.now() - (call.due or 0)
        return overdue_us < GONE_US or self._switches.claimed(call.switch)

    def _call(self, unit: Unit, call_id: str) -> None:
        call = unit.call(call_id)
        if call is None or call.due is None or call.due > unit.now:
            raise IllegalTransitionError("call", call.state if call else "unknown", "due")
        use_draft(unit, call)
        if pause_over(unit, call):
            unit.explain(call.id, Occasion.PAUSE_OVER)
            return
        if money_due(unit, call):
            unit.explain(call.id, Occasion.MONEY)
            return
        if unanswered(unit, call):
            unit.explain(call.id, Occasion.SUPERVISOR_NOT_REACHED)
            return
        if call.away and _is_callbacks(unit, call):
            late_callback(unit, call)
        elif call.limit and call.limit <= unit.now and call.state in (CallState.WAITING, CallState.OFFERED):
            _time_out(unit, call)
        elif call.state is CallState.WAITING:
            say_due(unit, call)
        else:
            _LATE[call.state](unit, call)
        unit.explain(call.id, Occasion.DUE, call.state.value)

    def _agent(self, unit: Unit, agent_id: str) -> None:
        agent = unit.agent(agent_id)
        if agent and agent.device_due and agent.device_due <= unit.now:
            grace_us = unit.config.device_grace_s * 1_000_000
            unit.save_agent(agent.without_device(grace_us, unit.now), "device_lost")
            return
        if agent is None or agent.state is not AgentState.WRAP_UP or agent.due is None or agent.due > unit.now:
            raise IllegalTransitionError("agent", agent.state if agent else "unknown", "due")
        unit.save_agent(agent.wrap_up(unit.now), "wrap_up_limit")


def _is_callbacks(unit: Unit, call: Call) -> bool:
    """Tell whether the deadline is the callback's own, not that of the agent's ringing."""
    return call.state is not CallState.OFFERED or (call.limit or unit.now + 1) <= unit.now


def _time_out(unit: Unit, call: Call) -> None:
    left = queue_left(unit, call, Outcome.TIMED_OUT)
    if call.offer:
        end_offer(unit, call, OfferTrigger.WITHDRAWN, "QUEUE_LIMIT", kill="ORIGINATOR_CANCEL")
    unit.events.extend([left] if left else [])
    queue = unit.config.queues.get(call.queue or "")
    go(unit, call.time_out(unit.now), queue.on_timeout if queue else HANG_UP, RouteReason.TIMED_OUT)


def _step_over(unit: Unit, call: Call) -> None:
    """The switch never told that the prompt or the question is over."""
    go_on(unit, call, "")


def _survey_late(unit: Unit, call: Call) -> None:
    if call.step:
        go_on(unit, call, "")
    else:
        park_again(unit, call)


def _ring_over(unit: Unit, call: Call) -> None:
    if call.asked.state is OfferState.CONFIRMING:
        confirm_mobile.unconfirmed(unit, call, "CONFIRM_TIME")
    elif call.asked.state is OfferState.DIALLING and not call.asked.mobile:
        fail(unit, call, OfferTrigger.FAILED, "NO_ALERT", kill="ORIGINATOR_CANCEL")
    else:
        fail(unit, call, OfferTrigger.RANG_OUT, "RING_TIME", kill="NO_ANSWER")


def _join_over(unit: Unit, call: Call) -> None:
    """A channel that was on its way elsewhere lets a join go in silence: it is told once more."""
    if not call.again:
        join_again(unit, call)
        return
    unit.tell(call.switch, Park(leg=call.line))
    fail(unit, call, OfferTrigger.FAILED, "NO_JOIN", kill="NORMAL_CLEARING")


def _outside_over(unit: Unit, call: Call) -> None:
    if call.forward and call.forward.won and not call.again:
        join_outside_again(unit, call)
    elif call.forward and call.forward.won:
        unit.tell(call.switch, Park(leg=call.line))
        fail_forward(unit, call, "NO_JOIN", kill="NORMAL_CLEARING")
    else:
        fail_forward(unit, call, "NO_ANSWER", kill="NO_ANSWER")


def _answer_again(unit: Unit, call: Call) -> None:
    if call.test:
        give_up(unit, call, "NO_ANSWER")
        return
    unit.save_call(call.repeat(unit.now))
    unit.tell(call.switch, TakeOver(leg=call.line, tenant=unit.tenant))


def _hang_up_again(unit: Unit, call: Call) -> None:
    unit.save_call(call.repeat(unit.now))
    unit.tell(call.switch, hang_up(call))


def _hold_late(unit: Unit, call: Call) -> None:
    """Whoever is consulted doesn't answer, or the switch has not proved the hold."""
    if call.consult and call.consult.due and call.consult.due <= unit.now:
        consult.late(unit, call)
    else:
        hold.repeat(unit, call)


_LATE = {
    CallState.ARRIVED: _answer_again,
    CallState.ANNOUNCING: _step_over,
    CallState.MENU: _step_over,
    CallState.LEAVING_MESSAGE: _step_over,
    CallState.SURVEY: _survey_late,
    CallState.OFFERED: _ring_over,
    CallState.CONNECTING: _join_over,
    CallState.HELD: _hold_late,
    CallState.RECOVERING: recover_talk.give_up,
    CallState.RESUMING: hold.not_joined,
    CallState.TRANSFERRING: hold.repeat,
    CallState.FORWARDING: _outside_over,
    CallState.PLACED: end_placed.late,
    CallState.CALLING: end_placed.late,
    CallState.ENDING: _hang_up_again,
}
