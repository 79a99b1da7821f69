"""The parts of a consultation: whoever is asked rings, is joined with the agent, takes the caller over, or is gone."""

from dataclasses import replace
from uuid import uuid4

from orchestrator.domain import in_call
from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import HangUp, Join, Mark, RingAgent, RingNumber
from orchestrator.domain.consult import UNPROVED, Consult, ConsultState, ConsultTrigger
from orchestrator.domain.events import CallTransferred, ConsultChanged
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.mobile import TAKE
from orchestrator.domain.story import Occasion
from orchestrator.service.confirm_mobile import question
from orchestrator.service.errors import AgentNotReadyError
from orchestrator.service.fail_offer import NO_DEVICE, without_device
from orchestrator.service.hold import resume, send_on
from orchestrator.service.offer_call import ALERT_US
from orchestrator.service.record_call import recorded
from orchestrator.service.release import leave
from orchestrator.service.ring_agent import ring_order
from orchestrator.service.ring_outside import OUTSIDE, Outside
from orchestrator.service.way_back import way_back
from orchestrator.service.work import Unit

#: The role of a telephone outside that an agent asks (`cc_role`); once the caller is left to it, it is `OUTSIDE`.
CONSULT = "consult"

#: Why a consultation is over that the agent has ended.
RETURNED = "returned"

#: Whoever is asked is rung so long where the call is in no queue that says otherwise, seconds.
RING_S = 30

#: Agent and whoever was asked, then caller and whoever was asked, must be joined within this time (us).
JOIN_US = 1_000_000


def ring(unit: Unit, call: Call, agent: Agent) -> None:
    """Ring another agent for the agent of a held call; raises AgentNotReadyError for a mobile that can't be rung."""
    queue = unit.config.queues.get(call.queue or "")
    order = ring_order(unit, call, agent, str(uuid4()), call.queue or "", queue.ring_s if queue else RING_S)
    if order is None:
        raise AgentNotReadyError(agent=unit.config.agents[agent.id].name)
    unit.save_agent(agent.offer(call.id, order.leg, call.queue or "", unit.now), "consulted", call=call.id)
    _begin(unit, call, order, agent=agent.id)


def ring_number(unit: Unit, call: Call, found: Outside) -> None:
    """Ring a telephone outside for the agent of a held call."""
    _begin(unit, call, found.order, number=found.number)


def _begin(unit: Unit, call: Call, order: RingAgent | RingNumber, agent: str = "", number: str = "") -> None:
    """A phone of our own must begin to ring soon; of the telephone network only the ring time counts."""
    through_trunk, rings_out = isinstance(order, RingNumber), unit.now + order.ring_s * 1_000_000
    consult = Consult(
        leg=order.leg,
        agent=agent,
        number=number,
        mobile=through_trunk and not number,
        state=ConsultState.DIALLING,
        since=unit.now,
        due=rings_out if through_trunk else min(unit.now + ALERT_US, rings_out),
        rings_out=rings_out,
    )
    _save(unit, call, consult)
    unit.tell(call.switch, order)


def alerted(unit: Unit, call: Call) -> None:
    """The phone of whoever is asked rings."""
    _save(unit, call, in_call.asked(call).move(ConsultTrigger.ALERTED, unit.now))


def answered(unit: Unit, call: Call, again: bool) -> None:
    """Whoever is asked has answered: join them with the agent. A mobile is asked to confirm, once more if `again`."""
    consult = in_call.asked(call)
    if consult.state is ConsultState.CONFIRMING and not again:
        raise IllegalTransitionError("consult", consult.state, "parked")
    if not consult.mobile:
        _take(unit, call)
        return
    asked = question(unit, call.queue, consult.leg)
    _save(unit, call, consult.pick_up(asked.step, asked.until, unit.now))
    unit.tell(call.switch, asked.order)
    unit.explain(call.id, Occasion.CONSULTED_MOBILE_ANSWERED)


def keyed(unit: Unit, call: Call, step: str, key: str) -> None:
    """A mobile was asked to confirm (MOB-1)."""
    consult = in_call.asked(call)
    if consult.state is not ConsultState.CONFIRMING or (key != TAKE and step != consult.step):
        raise IllegalTransitionError("consult", consult.state, "keyed")
    if key == TAKE:
        _take(unit, call)
    else:
        over(unit, call, "NOT_CONFIRMED", kill="NORMAL_CLEARING")


def late(unit: Unit, call: Call) -> None:
    """Whoever is asked doesn't answer, or doesn't confirm, or is not joined with the agent."""
    match in_call.asked(call):
        case Consult(state=ConsultState.CONFIRMING):
            over(unit, call, "NOT_CONFIRMED", kill="NORMAL_CLEARING")
        case Consult(state=ConsultState.DIALLING, mobile=False, number=""):
            over(unit, call, "NO_ALERT", kill="ORIGINATOR_CANCEL")
        case Consult(state=ConsultState.ANSWERED | ConsultState.RETURNING):
            over(unit, call, "NO_JOIN", kill="NORMAL_CLEARING")
        case _:
            over(unit, call, "RING_TIME", kill="NO_ANSWER")


def _take(unit: Unit, call: Call) -> None:
    consult = in_call.asked(call).take(JOIN_US, unit.now)
    agent = _agent_of(unit, call, consult)
    _save(unit, call, consult)
    if agent:
        unit.save_agent(agent.answer(unit.now), "answered", call=call.id)
    unit.tell(call.switch, _join(unit, call, consult))
    unit.explain(call.id, Occasion.CONSULTED_ANSWERED)


def joined(unit: Unit, call: Call) -> None:
    """The switch has proved that agent and whoever is asked hear each other: only now can the caller be handed over,
    or the agent return.

    A second join that meets the first one half done leaves the caller in silence.
    """
    if in_call.asked(call).state is ConsultState.RETURNING:
        over(unit, call, RETURNED, kill="NORMAL_CLEARING")
    else:
        _save(unit, call, in_call.asked(call).move(ConsultTrigger.JOINED, unit.now))


def give_back(unit: Unit, call: Call) -> None:
    """The agent returns to the caller; whoever is asked is let go, if being joined with the agent when that is done."""
    consult = in_call.asked(call)
    if consult.state in UNPROVED:
        _save(unit, call, consult.give_up(unit.now))
    else:
        over(unit, call, RETURNED, kill="NORMAL_CLEARING")


def join_again(unit: Unit, call: Call) -> None:
    """Another orchestrator took over: the two are joined once more, and have the same time for it."""
    asked = in_call.asked(call)
    if asked.state in UNPROVED:
        unit.save_call(in_call.ask(call, replace(asked, due=unit.now + JOIN_US, rests=False)))
    unit.tell(call.switch, replace(_join(unit, call, asked), again=True))


def _join(unit: Unit, call: Call, consult: Consult) -> Join:
    return Join(leg=call.leg or "", tenant=unit.tenant, agent_leg=consult.leg)


def _save(unit: Unit, call: Call, consult: Consult) -> None:
    unit.save_call(in_call.ask(call, consult), _changed(unit, call, consult))


def _agent_of(unit: Unit, call: Call, consult: Consult) -> Agent | None:
    return unit.agent_in(call.id, consult.agent) if consult.agent else None


def over(unit: Unit, call: Call, cause: str, kill: str | None = None) -> None:
    """Whoever is asked is gone, or was never reached: agent and caller hear each other again."""
    at_rest = not in_call.asked(call).holds_agent
    end(unit, call, cause, kill)
    resume(unit, call, cause, at_rest=at_rest)
    unit.explain(call.id, Occasion.CONSULTATION_OVER, cause)


def end(unit: Unit, call: Call, cause: str, kill: str | None = None) -> None:
    """Write down that the consultation is over and free who was asked; `kill` ends the leg with that cause."""
    consult = in_call.asked(call).move(ConsultTrigger.OVER, unit.now)
    unit.events.append(_changed(unit, call, consult, cause))
    if kill:
        unit.tell(call.switch, HangUp(leg=consult.leg, cause=kill))
    agent = _agent_of(unit, call, consult)
    if agent:
        unit.save_agent(_freed(unit, agent, cause), "consult_over", call=call.id)


def hand_over(unit: Unit, call: Call, cause: str, by: str = "") -> None:
    """The agent leaves, the caller is joined with whoever is asked; if that fails the caller goes back to the line.

    The agent's own leg is ended when the two are joined: before, that could take the other one along.
    """
    consult = in_call.asked(call)
    way, target = ("number", consult.number) if consult.number else ("agent", consult.agent)
    done = consult.move(ConsultTrigger.COMPLETED, unit.now)
    leave(unit, call, cause)
    transferred = CallTransferred(at=unit.now, call=call.id, agent=call.agent or "", way=way, target=target, by=by)
    unit.save_call(_handed(unit, call, consult), _changed(unit, call, done, cause), transferred)
    unit.tell(
        call.switch,
        Mark(leg=call.line, variables={"cc_agent": consult.agent}),
        *([Mark(leg=consult.leg, variables={"cc_role": OUTSIDE})] if consult.number else []),
        Join(leg=call.line, tenant=unit.tenant, agent_leg=consult.leg),
    )


def _handed(unit: Unit, call: Call, consult: Consult) -> Call:
    if consult.number:
        return recorded(unit, in_call.hand_out(call, way_back(unit, call), JOIN_US, unit.now), None)
    return recorded(unit, in_call.hand_over(call, JOIN_US, unit.now), consult.agent)


def agent_gone(unit: Unit, call: Call, cause: str) -> None:
    """The agent's leg of a held call ended: whoever talks to the agent takes over, else back to the line."""
    consult = call.consult
    if consult and consult.state in (ConsultState.TALKING, ConsultState.CONFERENCE):
        hand_over(unit, call, cause)
        return
    if consult:
        end(unit, call, cause, kill="ORIGINATOR_CANCEL")
    send_on(unit, call, way_back(unit, call), cause)


def conferred(unit: Unit, call: Call, by: str) -> Call:
    """Write down that caller, agent and whoever is asked are to hear each other."""
    joined = in_call.confer(call, unit.now)
    unit.save_call(joined, _changed(unit, call, in_call.asked(joined), by))
    return joined


def _freed(unit: Unit, agent: Agent, cause: str) -> Agent:
    """Back without wrap-up: whoever was asked had no customer."""
    if cause in NO_DEVICE:
        agent = without_device(agent)
    if agent.state is AgentState.RINGING:
        return agent.fail_offer(False, unit.config.miss_limit, unit.now)
    return agent.return_call(unit.now)


def _changed(unit: Unit, call: Call, consult: Consult, cause: str = "") -> ConsultChanged:
    return ConsultChanged(
        at=unit.now,
        call=call.id,
        agent=call.agent or "",
        asked=consult.agent,
        leg=consult.leg,
        consult=consult.state,
        cause=cause,
        number=consult.number,
    )


def of_leg(call: Call | None, leg: str) -> bool:
    """Tell whether the leg is that of the present consultation."""
    return call is not None and call.consult is not None and call.consult.leg == leg and call.state in CONSULTING


#: In these somebody may be consulted.
CONSULTING = (CallState.HELD, CallState.CONFERENCE)
