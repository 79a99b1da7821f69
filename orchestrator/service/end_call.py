"""One side is gone: the caller (the call ends), or the agent (the caller is let go and the agent wraps up)."""

from dataclasses import dataclass

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState, Outcome, Party
from orchestrator.domain.commands import HangUp
from orchestrator.domain.events import AgentLeft, CallEnded, LegEnded
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.offer import OfferTrigger
from orchestrator.service.fail_offer import FailOffer, end_offer
from orchestrator.service.leave_queue import queue_left
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.survey_caller import begin_survey
from orchestrator.service.work import Unit

#: Hanging up here is counted apart from abandoning a queue (QUEUE-6).
LISTENING = (CallState.ANNOUNCING, CallState.MENU)


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
        self._offers.run(tenant, lambda unit: self.leave(unit, call, report, lost))

    def agent_leg_ended(self, tenant: str, call: str, report: LegReport) -> None:
        """An agent's leg is gone: the talk is over, or the offer failed, or it was ended here and is only noted."""
        self._offers.run(tenant, lambda unit: self._agent_leg_ended(unit, call, report))

    def _agent_leg_ended(self, unit: Unit, call_id: str, report: LegReport) -> None:
        unit.events.append(report.event(call_id, unit.now))
        call = unit.call(call_id)
        if call and call.leg == report.leg and call.state is CallState.CONNECTED:
            self._agent_left(unit, call, report)
        elif call and call.offer and call.offer.leg == report.leg:
            self._fail.fail_leg(unit, call, report.cause)

    def leave(self, unit: Unit, call_id: str, report: LegReport, lost: bool) -> None:
        """Decide the end of a call whose caller is gone."""
        call = unit.call(call_id)
        if call is None:
            raise IllegalTransitionError("call", "unknown", "caller_left")
        outcome = Outcome.LOST if lost else Outcome.LEFT_MENU if call.state in LISTENING else Outcome.ABANDONED
        ended = call.end(outcome, Party.SYSTEM if lost else Party.CALLER, unit.now)
        left = None if call.left else queue_left(unit, call, outcome)
        if call.offer:
            end_offer(unit, call, OfferTrigger.WITHDRAWN, report.cause, kill="ORIGINATOR_CANCEL")
        if call.leg and call.state is CallState.CONNECTED:
            unit.tell(call.switch, HangUp(leg=call.leg))
            release(unit, call)
        unit.save_call(
            ended,
            *([left] if left else []),
            report.event(call.id, unit.now),
            ended_event(unit, ended, report.cause),
        )
        unit.explain(call.id, "caller left")

    def _agent_left(self, unit: Unit, call: Call, report: LegReport) -> None:
        talk = unit.now - (call.connected or unit.now)
        gone = AgentLeft(
            at=unit.now, call=call.id, agent=call.agent or "", leg=report.leg, talk=talk, cause=report.cause
        )
        unit.events.append(gone)
        if not begin_survey(unit, call):
            unit.save_call(call.agent_leaves(unit.now))
            unit.tell(call.switch, HangUp(leg=call.id))
        release(unit, call)
        unit.explain(call.id, "agent left")


def ended_event(unit: Unit, call: Call, cause: str) -> CallEnded:
    """Return the last event of a call, of which there is one."""
    return CallEnded(
        at=unit.now,
        call=call.id,
        outcome=call.outcome or Outcome.LOST,
        hung_up_by=call.hung_up_by or Party.SYSTEM,
        cause=cause,
        arrived=call.arrived,
        answered=call.answered,
        connected=call.connected,
    )


def hang_up(call: Call) -> HangUp:
    """Return what lets the caller of a call that is over go; who was refused unanswered hears a refusal (BLACK-1)."""
    return HangUp(leg=call.id, cause="CALL_REJECTED" if call.outcome is Outcome.BLOCKED else "NORMAL_CLEARING")


def release(unit: Unit, call: Call) -> None:
    """The conversation is over: the agent wraps up (STATE-4)."""
    agent = unit.agent_in(call.id, call.agent or "")
    if agent and agent.state is AgentState.IN_CALL:
        unit.save_agent(after_call(unit, agent), "call_ended", call=call.id)


def after_call(unit: Unit, agent: Agent) -> Agent:
    """Return the agent as it is after a call: wrapping up, or back at once where there is no call form."""
    if not unit.config.call_form:
        return agent.return_call(unit.now)
    limit = unit.config.wrap_up_s
    return agent.end_call(limit * 1_000_000 if limit else None, unit.now)
