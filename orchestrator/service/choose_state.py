"""A person chooses a state or ends a wrap-up, on a page or by phone: what is refused, and what it changes."""

from orchestrator.domain.agent import CHOSEN_STATES, Agent, AgentState
from orchestrator.service.errors import (
    AgentEngagedError,
    NoDeviceError,
    NotWrappingUpError,
    StateNotChosenError,
    UnknownAgentError,
    UnknownBreakReasonError,
)
from orchestrator.service.log_in import check_log_in
from orchestrator.service.work import Unit


def free_agent(unit: Unit, agent: str) -> Agent:
    """Return the agent if people may change it now; raises UnknownAgentError or AgentEngagedError."""
    found = unit.agent(agent)
    if found is None:
        raise UnknownAgentError(agent=agent)
    if found.engaged:
        raise AgentEngagedError(state=found.state.value)
    return found


def chooser(unit: Unit, agent: str, state: AgentState, reason: str = "") -> Agent:
    """Return the agent if it may choose this state now (STATE-1, STATE-2, STATE-6, SEAT-3); raises RefusedError."""
    if state not in CHOSEN_STATES:
        raise StateNotChosenError(state=state.value)
    found = free_agent(unit, agent)
    if reason and (state is not AgentState.BREAK or reason not in unit.config.break_reasons):
        raise UnknownBreakReasonError(reason=reason)
    check_log_in(unit, found, state)
    if state is AgentState.ONLINE and not found.reachable:
        raise NoDeviceError
    return found


def choose_state(
    unit: Unit, agent: str, state: AgentState, reason: str = "", by: str | None = None, cause: str = "chosen"
) -> None:
    """Take the state, unless it is taken already; raises RefusedError.

    The commit raises SeatsFullError where the agent would be one too many to log in (SEAT-3).
    """
    found = chooser(unit, agent, state, reason)
    if (found.state, found.reason) != (state, reason):
        unit.save_agent(found.choose(state, reason, unit.now), cause, by)


def wrapping_up(unit: Unit, agent: str) -> Agent:
    """Return the agent if it wraps up; raises RefusedError."""
    found = free_agent(unit, agent)
    if found.state is not AgentState.WRAP_UP:
        raise NotWrappingUpError(state=found.state.value)
    return found


def end_wrap_up(unit: Unit, agent: str, by: str | None = None, cause: str = "wrapped_up") -> None:
    """End the wrap-up (STATE-4); raises RefusedError."""
    unit.save_agent(wrapping_up(unit, agent).wrap_up(unit.now), cause, by)
