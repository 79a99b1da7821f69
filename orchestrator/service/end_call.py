"""One side is gone: the caller (the call ends), or the agent (the caller is let go and the agent wraps up)."""

from dataclasses import dataclass

from orchestrator.domain import direct, in_call, voicemail
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import WITH_AGENT, CallState, Outcome, Party
from orchestrator.domain.commands import HangUp
from orchestrator.domain.config import Way
from orchestrator.domain.events import LegEnded
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.offer import OfferTrigger
from orchestrator.domain.outbound import unanswered
from orchestrator.domain.story import Occasion
from orchestrator.service import consult, end_placed, recover_talk, serve_agent, supervise_call
from orchestrator.service.ask_number import asks_number
from orchestrator.service.ended_event import ended_event
from orchestrator.service.fail_offer import FailOffer, asking, end_offer
from orchestrator.service.forward_call import end_forward, outside_leg_ended
from orchestrator.service.leave_queue import queue_left
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ports import SeatsFullError
from orchestrator.service.promise_callback import promise
from orchestrator.service.release import end_hold, leave, release
from orchestrator.service.survey_caller import begin_survey
from orchestrator.service.work import Unit

#: Hanging up here is counted apart from abandoning a queue (QUEUE-6).
LISTENING = (CallState.ANNOUNCING, CallState.MENU, CallState.FORWARDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegReport:
    """What the switch says of a channel at its end. Times microseconds UTC, 0 = never."""

    leg: str
    role: str
    agent: str | None = None
    created: int = 0
    progress: int = 0
    answered: int = 0
    ended: int = 0
    billed_ms: int = 0
    cause: str = "NORMAL_CLEARING"
    hung_up: bool = False
    reloads: bool = False

    def event(self, call: str, at: int) -> LegEnded:
        """Return the fact for the call's record."""
        return LegEnded(
            at=at,
            call=call,
            leg=self.leg,
            role=self.role,
            agent=self.agent,
            created=self.created,
            progress=self.progress,
            answered=self.answered,
            ended=self.ended,
            billed_ms=self.billed_ms,
            cause=self.cause,
            hung_up=self.hung_up,
        )


class EndCall:
    """Ends calls and conversations."""

    def __init__(self, offers: OfferCall, fail: FailOffer) -> None:
        """`offers` matches agents who become ready; `fail` ends offers whose leg ended."""
        self._offers, self._fail = offers, fail

    def caller_left(self, tenant: str, call: str, report: LegReport, lost: bool = False) -> None:
        """The caller's channel is gone. `lost`: through no decision of a party (switch restarted)."""
        try:
            self._offers.run(tenant, lambda unit: self.leave(unit, call, report, lost))
        except SeatsFullError:  # an agent's wish by phone found no seat any more: the call is over all the same
            self._offers.run(tenant, lambda unit: self.leave(unit, call, report, lost, wishes=False))

    def agent_leg_ended(self, tenant: str, call: str, report: LegReport) -> None:
        """An agent's leg or one outside is gone: the talk is over, or it was not reached, or ended here: only noted."""
        self._offers.run(tenant, lambda unit: self._agent_leg_ended(unit, call, report))

    def leg_failed(self, tenant: str, call: str, leg: str, cause: str) -> None:
        """An agent's leg never came to be."""
        self._offers.run(tenant, lambda unit: self._leg_failed(unit, call, leg, cause))

    def _leg_failed(self, unit: Unit, call_id: str, leg: str, cause: str) -> None:
        call = unit.call(call_id)
        if call and consult.of_leg(call, leg):
            consult.over(unit, call, cause)
        elif call and supervise_call.of_leg(call, leg):
            supervise_call.leg_over(unit, call, cause)
        elif call and unanswered(call) and call.asked.leg == leg:
            end_placed.agent_gone(unit, call, cause)
        else:
            self._fail.fail_leg(unit, asking(unit, call_id, leg), cause)

    def _agent_leg_ended(self, unit: Unit, call_id: str, report: LegReport) -> None:
        unit.events.append(report.event(call_id, unit.now))
        call = unit.call(call_id)
        if call and call.leg == report.leg and recover_talk.leg_lost(unit, call, report.reloads, report.cause):
            unit.explain(call.id, Occasion.DEVICE_LOST)
        elif call and call.leg == report.leg and call.state in WITH_AGENT:
            _agent_left(unit, call, report)
        elif call and consult.of_leg(call, report.leg):
            consult.over(unit, call, report.cause)
        elif call and supervise_call.of_leg(call, report.leg):
            supervise_call.leg_over(unit, call, report.cause)
        elif call and call.leaving == report.leg:
            unit.save_call(in_call.forget_leaving(call))
        elif call and unanswered(call) and call.asked.leg == report.leg:
            end_placed.agent_gone(unit, call, report.cause)
        elif call and call.offer and call.offer.leg == report.leg:
            self._fail.fail_leg(unit, call, report.cause)
        elif call and call.forward and call.forward.leg == report.leg:
            outside_leg_ended(unit, call, report.cause)

    def leave(self, unit: Unit, call_id: str, report: LegReport, lost: bool, wishes: bool = True) -> None:
        """Decide the end of a call whose caller is gone; `wishes`: do what an agent has asked for by phone."""
        call = unit.call(call_id)
        if call is None:
            raise IllegalTransitionError("call", "unknown", "caller_left")
        if report.leg == call.id and _keeps_place(unit, call):
            unit.events.append(report.event(call.id, unit.now))
            return
        listening = (call.state in LISTENING and not asks_number(call)) or direct.rings(call) is not None
        outcome = Outcome.LOST if lost else Outcome.LEFT_MENU if listening else Outcome.ABANDONED
        spoken = voicemail.leave(call, unit.config.messages, unit.now)
        ended = spoken.end(outcome, Party.SYSTEM if lost else Party.CALLER, unit.now)
        left = None if call.left else queue_left(unit, call, outcome)
        if call.offer:
            end_offer(unit, call, OfferTrigger.WITHDRAWN, report.cause, kill="ORIGINATOR_CANCEL")
        end_forward(unit, call, report.cause)
        if call.leg and call.state in (*WITH_AGENT, CallState.RECOVERING):
            _end_talk(unit, call)
        if call.leaving:
            unit.tell(call.switch, HangUp(leg=call.leaving))
        unit.save_call(
            in_call.forget_leaving(in_call.ask(ended, None)),
            *([left] if left else []),
            report.event(call.id, unit.now),
            ended_event(unit, ended, report.cause),
        )
        if wishes:
            serve_agent.hung_up(unit, call)
        unit.explain(call.id, Occasion.CALLER_LEFT)


def _agent_left(unit: Unit, call: Call, report: LegReport) -> None:
    """The talk is over; but nobody has said good-bye to a caller who hears no agent unless the agent hung up."""
    if call.consult or (call.state in (CallState.HELD, CallState.RESUMING) and not report.hung_up):
        consult.agent_gone(unit, call, report.cause)
    else:
        leave(unit, call, report.cause)
        if call.state is not CallState.CONNECTED or not begin_survey(unit, call):
            unit.save_call(call.agent_leaves(unit.now))
            unit.tell(call.switch, HangUp(leg=call.line))
    unit.explain(call.id, Occasion.AGENT_LEFT)


def _end_talk(unit: Unit, call: Call) -> None:
    """The caller has left agents behind: the one who talked, and whoever was asked."""
    end_hold(unit, call, "caller_left")
    if call.consult:
        consult.end(unit, call, "caller_left", kill="NORMAL_CLEARING")
    unit.tell(call.switch, HangUp(leg=call.leg or ""))
    release(unit, call)


def _keeps_place(unit: Unit, call: Call) -> bool:
    """Tell whether the caller is promised to be called back, also while still hearing so: the call goes on."""
    if call.state is CallState.ANNOUNCING and call.then and call.then.way is Way.CALLBACK:
        queue = unit.config.queues.get(call.then.target)
        if queue:
            promise(unit, call, queue)
    return call.callback is not None or unit.new_calls.get(call.id, call).callback is not None


def hang_up(call: Call) -> HangUp:
    """Return what lets the caller of a call that is over go; who was refused unanswered hears a refusal."""
    return HangUp(leg=call.line, cause=_REFUSALS.get(call.outcome or Outcome.LOST, "NORMAL_CLEARING"))


#: What callers are told who are not answered: the blacklist (BLACK-1), not served (SEAT-4), not paid for (BILL-1).
_REFUSALS = {
    Outcome.BLOCKED: "CALL_REJECTED",
    Outcome.REFUSED: "SERVICE_UNAVAILABLE",
    Outcome.UNPAID: "CALL_REJECTED",
}
