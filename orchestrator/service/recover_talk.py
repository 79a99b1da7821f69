"""An agent's page is loaded anew, or its browser dies, during a call: the caller hears music until it is back.

The call waits in `recovering`. A registration of another page proves that the old leg is dead and that the new page can
be rung (docs/freeswitch.md, part two, section 4): it is rung with a mark by which it answers by itself.
"""

from dataclasses import replace
from uuid import uuid4

from orchestrator.domain import in_call
from orchestrator.domain.agent import Agent, AnswerMode
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import CheckSound, HangUp, RingAgent
from orchestrator.domain.config import to_queue
from orchestrator.domain.consult import pending
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.offer import OfferTrigger
from orchestrator.domain.story import Occasion
from orchestrator.service import consult, hold
from orchestrator.service.fail_offer import fail
from orchestrator.service.music import waiting_music
from orchestrator.service.release import end_hold
from orchestrator.service.seen import LegSeen
from orchestrator.service.way_back import way_back
from orchestrator.service.work import Unit

#: How long the new page may take to answer by itself: seconds.
ANSWER_S = 5

#: What the switch says of a leg whose browser has gone silent.
SILENT = "MEDIA_TIMEOUT"

#: Talks that a page takes up again after it was lost; those in which others take part have rules of their own.
RECOVERABLE = (CallState.CONNECTED, CallState.HELD, CallState.RESUMING)


def recoverable(unit: Unit, call: Call) -> bool:
    """Tell whether the agent of a call may come back to it: one who talks alone, in a browser."""
    agent = unit.agent_in(call.id, call.agent or "")
    browser = agent and agent.page and agent.mode is AnswerMode.WEB
    return bool(browser and call.state in RECOVERABLE and not call.consult)


def lose(unit: Unit, call: Call) -> Call:
    """The agent's leg is gone, but not by the agent's will: the caller waits with music."""
    end_hold(unit, call, "device_lost")
    lost = in_call.lose_device(call, unit.now)
    unit.save_call(lost)
    unit.tell(call.switch, waiting_music(unit, call))
    return lost


def leg_lost(unit: Unit, call: Call, reloads: bool, cause: str) -> bool:
    """The agent's leg ended: tell whether the agent is to come back, because the page said that it `reloads` or the
    browser fell silent. A silent one may still be registered: then its page is rung at once.
    """
    if not (reloads or cause == SILENT) or not recoverable(unit, call):
        return False
    lost = lose(unit, call)
    agent = unit.agent_in(call.id, call.agent or "")
    if agent and agent.registered and not reloads:
        ring(unit, lost, agent)
    return True


def suspect(unit: Unit, agent: Agent) -> None:
    """A page's line to the switch broke, which proves nothing: its sound may go on. What rings there can't be answered
    any more; a talk goes on unless the switch finds it silent.
    """
    call = unit.call(agent.call or "")
    if call is None or not agent.page or agent.mode is not AnswerMode.WEB:
        return
    if call.state is CallState.OFFERED and call.asked.agent == agent.id:
        fail(unit, call, OfferTrigger.WITHDRAWN, "DEVICE_LOST", kill="ORIGINATOR_CANCEL")
    elif call.consult and call.consult.agent == agent.id and pending(call.consult):
        consult.over(unit, call, "DEVICE_LOST", kill="ORIGINATOR_CANCEL")
    elif call.agent == agent.id and recoverable(unit, call):
        unit.tell(call.switch, CheckSound(leg=call.leg or "", tenant=unit.tenant, call=call.id))


def silent(unit: Unit, call_id: str, leg: str) -> None:
    """The browser sends nothing any more: the leg is ended, and the page rung if there is one again."""
    call = unit.call(call_id)
    if call is None or call.leg != leg or not recoverable(unit, call):
        raise IllegalTransitionError("call", call.state if call else "unknown", "silent")
    unit.tell(call.switch, HangUp(leg=leg))
    lost = lose(unit, call)
    agent = unit.agent_in(call.id, call.agent or "")
    if agent and agent.registered:
        ring(unit, lost, agent)
    unit.explain(call.id, Occasion.SILENT)


def new_page(unit: Unit, agent: Agent) -> None:
    """Another page of the agent has registered: what the page before had is over, its call comes here."""
    call = unit.call(agent.call or "")
    if call is None or agent.mode is AnswerMode.MOBILE:
        return
    if call.state is CallState.OFFERED and call.asked.agent == agent.id:
        fail(unit, call, OfferTrigger.WITHDRAWN, "NEW_PAGE", kill="ORIGINATOR_CANCEL")
        return
    if call.agent == agent.id and recoverable(unit, call):
        unit.tell(call.switch, HangUp(leg=call.leg or ""))
        call = lose(unit, call)
    back(unit, agent, call)


def back(unit: Unit, agent: Agent, call: Call | None) -> None:
    """The agent's device is there again: ring it if a caller waits for that."""
    if call and call.state is CallState.RECOVERING and call.agent == agent.id:
        ring(unit, call, agent)


def ring(unit: Unit, call: Call, agent: Agent) -> None:
    """Ring the page with a new leg, which it answers by itself."""
    configured = unit.config.agents.get(agent.id)
    if configured is None:
        return
    leg = str(uuid4())
    unit.save_call(replace(call, leg=leg))
    unit.save_agent(replace(agent, leg=leg), "device", call=call.id)
    unit.tell(
        call.switch,
        RingAgent(
            leg=leg,
            tenant=unit.tenant,
            call=call.id,
            agent=agent.id,
            queue=call.queue or "",
            device=configured.device,
            ring_s=ANSWER_S,
            caller=call.caller,
            caller_name=call.caller_name,
            browser=True,
            resumes=True,
        ),
    )
    unit.explain(call.id, Occasion.DEVICE_BACK)


def give_up(unit: Unit, call: Call) -> None:
    """The agent did not come back in time: the caller goes to the head of the queue, the agent wraps up."""
    there = to_queue(call.queue) if call.queue and not call.direct else way_back(unit, call)
    hold.send_on(unit, call, there, "DEVICE_LOST")


def mend(unit: Unit, call: Call, leg: LegSeen | None, hears_music: bool) -> None:
    """Another orchestrator took the call over: what the one before was about to tell may not have been said.

    `leg` is the channel to the agent: the lost one, or one that was rung since.
    """
    if not hears_music:
        unit.tell(call.switch, waiting_music(unit, call))
    agent = unit.agent_in(call.id, call.agent or "")
    rung = leg is not None and leg.created > call.since
    if rung and leg and leg.parked:
        hold.resume(unit, call, "device_back")
    elif agent and agent.registered and not rung:
        ring(unit, call, agent)
