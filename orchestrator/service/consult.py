"""The parts of a consultation: whoever is asked rings, talks to the agent, takes the caller over, or is gone."""

from uuid import uuid4

from orchestrator.domain import in_call
from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import HangUp, Join, Mark, RingAgent
from orchestrator.domain.consult import Consult, ConsultState, ConsultTrigger
from orchestrator.domain.direct import way_back
from orchestrator.domain.events import CallTransferred, ConsultChanged
from orchestrator.service.fail_offer import NO_DEVICE, without_device
from orchestrator.service.hold import resume, send_on
from orchestrator.service.offer_call import ALERT_US
from orchestrator.service.record_call import recorded
from orchestrator.service.release import leave
from orchestrator.service.work import Unit

#: Whoever is asked is rung so long where the call is in no queue that says otherwise, seconds.
RING_S = 30

#: Caller and whoever was asked must be joined within this time (us).
JOIN_US = 1_000_000


def ring(unit: Unit, call: Call, agent: Agent, device: str) -> None:
    """Ring another agent for the agent of a held call."""
    queue = unit.config.queues.get(call.queue or "")
    ring_s, leg = queue.ring_s if queue else RING_S, str(uuid4())
    rings_out = unit.now + ring_s * 1_000_000
    consult = Consult(
        leg=leg,
        agent=agent.id,
        state=ConsultState.DIALLING,
        since=unit.now,
        due=min(unit.now + ALERT_US, rings_out),
        rings_out=rings_out,
    )
    unit.save_call(in_call.ask(call, consult), _changed(unit, call, consult))
    unit.save_agent(agent.offer(call.id, leg, call.queue or "", unit.now), "consulted", call=call.id)
    unit.tell(
        call.switch,
        RingAgent(
            leg=leg,
            tenant=unit.tenant,
            call=call.id,
            agent=agent.id,
            queue=call.queue or "",
            device=device,
            ring_s=ring_s,
            caller=call.caller,
            caller_name=call.caller_name,
        ),
    )


def alerted(unit: Unit, call: Call) -> None:
    """The phone of whoever is asked rings."""
    consult = in_call.asked(call).move(ConsultTrigger.ALERTED, unit.now)
    unit.save_call(in_call.ask(call, consult), _changed(unit, call, consult))


def answered(unit: Unit, call: Call) -> None:
    """Whoever is asked has answered: join them with the agent."""
    consult = in_call.asked(call).move(ConsultTrigger.PARKED, unit.now)
    agent = unit.agent_in(call.id, consult.agent)
    unit.save_call(in_call.ask(call, consult), _changed(unit, call, consult))
    if agent:
        unit.save_agent(agent.answer(unit.now), "answered", call=call.id)
    unit.tell(call.switch, Join(leg=call.leg or "", tenant=unit.tenant, agent_leg=consult.leg))
    unit.explain(call.id, "consulted leg parked")


def over(unit: Unit, call: Call, cause: str, kill: str | None = None) -> None:
    """Whoever is asked is gone, or was never reached: agent and caller hear each other again."""
    end(unit, call, cause, kill)
    resume(unit, call, cause)
    unit.explain(call.id, f"consultation {cause}")


def end(unit: Unit, call: Call, cause: str, kill: str | None = None) -> None:
    """Write down that the consultation is over and free who was asked; `kill` ends the leg with that cause."""
    consult = in_call.asked(call).move(ConsultTrigger.OVER, unit.now)
    unit.events.append(_changed(unit, call, consult, cause))
    if kill:
        unit.tell(call.switch, HangUp(leg=consult.leg, cause=kill))
    agent = unit.agent_in(call.id, consult.agent)
    if agent:
        unit.save_agent(_freed(unit, agent, cause), "consult_over", call=call.id)


def hand_over(unit: Unit, call: Call, cause: str, by: str = "") -> None:
    """The agent leaves, the caller is joined with whoever is asked; if that fails the caller goes back to the line.

    The agent's own leg is ended when the two are joined: before, that could take the other one along.
    """
    consult = in_call.asked(call)
    handed = in_call.hand_over(call, JOIN_US, unit.now)
    done = consult.move(ConsultTrigger.COMPLETED, unit.now)
    leave(unit, call, cause)
    transferred = CallTransferred(
        at=unit.now, call=call.id, agent=call.agent or "", way="agent", target=consult.agent, by=by
    )
    unit.save_call(recorded(unit, handed, consult.agent), _changed(unit, call, done, cause), transferred)
    unit.tell(
        call.switch,
        Mark(leg=call.line, variables={"cc_agent": consult.agent}),
        Join(leg=call.line, tenant=unit.tenant, agent_leg=consult.leg),
    )


def agent_gone(unit: Unit, call: Call, cause: str) -> None:
    """The agent's leg of a held call ended: whoever talks to the agent takes over, else back to the line."""
    consult = call.consult
    if consult and consult.state in (ConsultState.TALKING, ConsultState.CONFERENCE):
        hand_over(unit, call, cause)
        return
    if consult:
        end(unit, call, cause, kill="ORIGINATOR_CANCEL")
    send_on(unit, call, way_back(call), cause)


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
    )


def of_leg(call: Call | None, leg: str) -> bool:
    """Tell whether the leg is that of the present consultation."""
    return call is not None and call.consult is not None and call.consult.leg == leg and call.state in CONSULTING


#: In these somebody may be consulted.
CONSULTING = (CallState.HELD, CallState.CONFERENCE)
