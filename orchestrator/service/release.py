"""An agent's conversation is over: the agent wraps up, and what was said of the talk is written down."""

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.events import AgentLeft, HoldEnded
from orchestrator.service.work import Unit


def release(unit: Unit, call: Call) -> None:
    """The conversation is over: the agent wraps up (STATE-4)."""
    agent = unit.agent_in(call.id, call.agent or "")
    if agent and agent.state is AgentState.IN_CALL:
        unit.save_agent(after_call(unit, agent), "call_ended", call=call.id)


def after_call(unit: Unit, agent: Agent) -> Agent:
    """Return the agent as it is after a call: wrapping up, or back at once where no call form is open."""
    if agent.form_closed or not unit.config.call_form:
        return agent.return_call(unit.now)
    limit = unit.config.wrap_up_s
    return agent.end_call(limit * 1_000_000 if limit else None, unit.now)


def leave(unit: Unit, call: Call, cause: str) -> None:
    """Write down that the agent leaves the call now, with the time talked, and release the agent."""
    end_hold(unit, call, cause)
    talk = unit.now - (call.connected or unit.now)
    leg = call.leg or ""
    unit.events.append(AgentLeft(at=unit.now, call=call.id, agent=call.agent or "", leg=leg, talk=talk, cause=cause))
    release(unit, call)


def end_hold(unit: Unit, call: Call, how: str) -> None:
    """Write down how long the caller was on hold, if so."""
    if call.state is CallState.HELD and call.held_since is not None:
        held = unit.now - call.held_since
        unit.events.append(HoldEnded(at=unit.now, call=call.id, agent=call.agent or "", held=held, how=how))
