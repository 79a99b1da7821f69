"""An offer came to nothing: free the agent, put the caller back to the head of the line, ask the next agent."""

from dataclasses import replace

from orchestrator.domain import direct, in_call
from orchestrator.domain.agent import Agent, AnswerMode
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import HangUp, Mark, StopPlaying
from orchestrator.domain.config import HANG_UP, Destination
from orchestrator.domain.events import OfferEnded
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.offer import MISSED, OfferState, OfferTrigger
from orchestrator.domain.story import Occasion, RouteReason
from orchestrator.service.forward_call import fail_forward
from orchestrator.service.music import waiting_music
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ring_agent import TRUNK_CAUSES
from orchestrator.service.route_call import go
from orchestrator.service.way_back import way_back
from orchestrator.service.work import Unit

#: What the causes of an agent leg mean for the offer; any other cause: the phone could not be reached.
CAUSES = {
    "NO_ANSWER": OfferTrigger.RANG_OUT,
    "NO_USER_RESPONSE": OfferTrigger.RANG_OUT,
    "ORIGINATOR_CANCEL": OfferTrigger.RANG_OUT,
    "ALLOTTED_TIMEOUT": OfferTrigger.RANG_OUT,
    "USER_BUSY": OfferTrigger.DECLINED,
    "CALL_REJECTED": OfferTrigger.DECLINED,
    "NORMAL_CLEARING": OfferTrigger.DECLINED,
}

#: Causes that say that the agent's device is not there at all.
NO_DEVICE = ("USER_NOT_REGISTERED", "SUBSCRIBER_ABSENT")


class FailOffer:
    """Ends offers that were not accepted."""

    def __init__(self, offers: OfferCall) -> None:
        """`offers` asks the next agent."""
        self._offers = offers

    def join_failed(self, tenant: str, call: str, leg: str) -> None:
        """The switch refused to join the caller with an agent's leg."""
        self._offers.run(tenant, lambda unit: self._join_failed(unit, call, leg))

    def fail_leg(self, unit: Unit, call: Call, cause: str) -> None:
        """The present offer's leg ended with a cause of the switch."""
        fail(unit, call, _told_by(call, cause), cause)
        unit.explain(call.id, Occasion.AGENT_NOT_REACHED, cause)

    def _join_failed(self, unit: Unit, call_id: str, leg: str) -> None:
        call = unit.call(call_id)
        if call and call.state is CallState.FORWARDING and call.forward and call.forward.won:
            fail_forward(unit, call, "JOIN_FAILED", kill="NORMAL_CLEARING")
            return
        if call is None or call.state is not CallState.CONNECTING or call.asked.leg != leg:
            raise IllegalTransitionError("call", call.state if call else "unknown", "join_failed")
        join_failed(unit, call)
        unit.explain(call.id, Occasion.NOT_JOINED)


def _told_by(call: Call, cause: str) -> OfferTrigger:
    """Tell what the end of its leg means for the present offer."""
    if call.asked.state is OfferState.CONFIRMING:
        return OfferTrigger.UNCONFIRMED
    trigger = CAUSES.get(cause, OfferTrigger.FAILED)
    won = call.state in (CallState.CONNECTING, CallState.CALLING_BACK)
    silent = call.asked.state is OfferState.DIALLING and not call.asked.mobile
    return OfferTrigger.FAILED if won or (trigger is OfferTrigger.RANG_OUT and silent) else trigger


def join_failed(unit: Unit, call: Call) -> None:
    """The two were not joined."""
    fail(unit, call, OfferTrigger.FAILED, "JOIN_FAILED", kill="NORMAL_CLEARING")


def asking(unit: Unit, call_id: str, leg: str) -> Call:
    """Return the call whose present offer is `leg`; raises IllegalTransitionError when there is none."""
    call = unit.call(call_id)
    if call is None or call.offer is None or call.offer.leg != leg:
        raise IllegalTransitionError("offer", "unknown", "leg event")
    return call


def fail(unit: Unit, call: Call, trigger: OfferTrigger, cause: str, kill: str | None = None) -> None:
    """End the present offer; the caller waits on in the same place. `kill` ends the agent's leg with that cause."""
    to = direct.rings(call)
    if to:
        _not_taken(unit, call, to, trigger, cause, kill)
        return
    if call.left or call.queue is None:
        _back_to_line(unit, call, trigger, cause, kill)
        return
    waiting = call.lose_offer(unit.now, remember=trigger is not OfferTrigger.WITHDRAWN)
    unit.save_call(waiting)
    end_offer(unit, call, trigger, cause, kill)
    if call.callback and not call.first_connected:
        _leave_customer(unit, call)
        return
    if call.state is CallState.CONNECTING:
        unit.tell(call.switch, waiting_music(unit, call))
    unit.tell(call.switch, Mark(leg=call.line, variables={"cc_agent": ""}))


def _not_taken(unit: Unit, call: Call, to: Destination, trigger: OfferTrigger, cause: str, kill: str | None) -> None:
    """The one agent that the call is for doesn't take it; who was rung by nobody's fault in vain is rung again."""
    end_offer(unit, call, trigger, cause, kill)
    ended = call.asked.move(trigger).state
    there = to if trigger is OfferTrigger.WITHDRAWN else to.otherwise or HANG_UP
    unit.tell(call.switch, Mark(leg=call.line, variables={"cc_agent": ""}), StopPlaying(leg=call.line))
    go(unit, direct.lose(call, unit.now), there, RouteReason(f"agent_{ended.value}"))


def _back_to_line(unit: Unit, call: Call, trigger: OfferTrigger, cause: str, kill: str | None) -> None:
    """The caller was handed over and reaches nobody: into the line again, ahead of newer callers, if he was in one."""
    end_offer(unit, call, trigger, cause, kill)
    if call.leaving:
        unit.tell(call.switch, HangUp(leg=call.leaving))
    go(unit, in_call.free(call, unit.now), way_back(unit, call), RouteReason.TRANSFER_FAILED)


def _leave_customer(unit: Unit, call: Call) -> None:
    """Without an agent the customer is not rung, and not left alone on the line."""
    if call.line != call.id:
        unit.tell(call.switch, HangUp(leg=call.line, cause="ORIGINATOR_CANCEL"))


def end_offer(unit: Unit, call: Call, trigger: OfferTrigger, cause: str, kill: str | None = None) -> None:
    """Record how the present offer ended and free its agent; `kill` ends the agent's leg."""
    offer = call.asked
    ended = offer.move(trigger)
    unit.events.append(
        OfferEnded(
            at=unit.now,
            call=call.id,
            queue=offer.queue,
            agent=offer.agent,
            leg=offer.leg,
            offered=offer.offered,
            result=ended.state,
            cause=cause,
        )
    )
    if kill:
        unit.tell(call.switch, HangUp(leg=offer.leg, cause=kill))
    free(unit, call, ended.state, cause)


def free(unit: Unit, call: Call, result: OfferState, cause: str) -> None:
    """Give the agent of the present offer back: missed offers in a row lead to break (STATE-7)."""
    agent = unit.agent_in(call.id, call.asked.agent)
    if agent is None:
        return
    if cause in NO_DEVICE:
        agent = without_device(agent)
    if call.state in (CallState.CONNECTING, CallState.CALLING_BACK):
        freed = agent.return_call(unit.now)
    else:
        missed = result in MISSED or (result is OfferState.UNREACHABLE and _unheard(agent, cause))
        freed = agent.fail_offer(missed, unit.config.miss_limit, unit.now)
    unit.save_agent(freed, f"offer_{result.value}", call=call.id)


def _unheard(agent: Agent, cause: str) -> bool:
    """Tell whether the agent should have been reachable: the device is there, the mobile's trunk works."""
    return agent.reachable and not (agent.mode is AnswerMode.MOBILE and cause in TRUNK_CAUSES)


def without_device(agent: Agent) -> Agent:
    """The switch says that this agent's device is not registered; of a mobile it says nothing."""
    return agent if agent.mode is AnswerMode.MOBILE else replace(agent, registered=False)
