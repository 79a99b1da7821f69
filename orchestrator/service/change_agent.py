"""What people may change about an agent: state, wrap-up, answer mode, login."""

from collections.abc import Callable

from orchestrator.domain.agent import CHOSEN_STATES, Agent, AgentState, AnswerMode
from orchestrator.service.errors import (
    AgentEngagedError,
    NoDeviceError,
    NoMobileError,
    NotWrappingUpError,
    StateNotChosenError,
    UnknownAgentError,
    UnknownBreakReasonError,
)
from orchestrator.service.log_in import check_log_in, seats_taken
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ports import SeatsFullError
from orchestrator.service.work import Unit, Work


class ChangeAgent:
    """Changes one agent; every refusal is a RefusedError and changes nothing. `by` is the user who asks."""

    def __init__(self, work: Work, offers: OfferCall) -> None:
        """`offers` matches agents who become ready."""
        self._work, self._offers = work, offers

    def choose_state(self, tenant: str, agent: str, state: AgentState, reason: str, by: str) -> None:
        """Take a chosen state (STATE-1, STATE-2); `reason` is one of the tenant's break reasons, or empty.

        Nobody goes online whom a call could not reach (STATE-6).
        Leaving `offline` is logging in: it needs a seat (SEAT-3).
        """
        if state not in CHOSEN_STATES:
            raise StateNotChosenError(state=state.value)

        def decide(unit: Unit) -> None:
            found = free_agent(unit, agent)
            if reason and (state is not AgentState.BREAK or reason not in unit.config.break_reasons):
                raise UnknownBreakReasonError(reason=reason)
            check_log_in(unit, found, state)
            if state is AgentState.ONLINE and not found.reachable:
                raise NoDeviceError
            if (found.state, found.reason) != (state, reason):
                unit.save_agent(found.choose(state, reason, unit.now), "chosen", by)

        try:
            self._offers.run(tenant, decide)
        except SeatsFullError as full:
            unit = self._work.unit(tenant)
            raise seats_taken(unit.store, unit.config, unit.now) from full

    def finish_wrap_up(self, tenant: str, agent: str, by: str) -> None:
        """Close the call form: the wrap-up ends (STATE-4)."""

        def decide(unit: Unit) -> None:
            found = free_agent(unit, agent)
            if found.state is not AgentState.WRAP_UP:
                raise NotWrappingUpError(state=found.state.value)
            unit.save_agent(found.wrap_up(unit.now), "wrapped_up", by)

        self._offers.run(tenant, decide)

    def change_answer_mode(self, tenant: str, agent: str, mode: AnswerMode, by: str) -> None:
        """Choose where calls ring (refused while engaged, STATE-2); a mobile must be known (MOB-1)."""

        def apply(found: Agent, unit: Unit) -> Agent:
            configured = unit.config.agents.get(agent)
            if mode is AnswerMode.MOBILE and not (configured and configured.mobile):
                raise NoMobileError(agent=configured.name if configured else agent)
            return found.answer_by(mode, unit.config.device_grace_s * 1_000_000, unit.now)

        self._change(tenant, agent, "mode", by, apply)

    def force_logout(self, tenant: str, agent: str, by: str) -> None:
        """End the login (STATE-5): offline for a web agent, the state stays for a mobile one."""
        self._change(tenant, agent, "forced_logout", by, lambda found, unit: found.log_out(unit.now))

    def _change(self, tenant: str, agent: str, cause: str, by: str, apply: Callable[[Agent, Unit], Agent]) -> None:
        def decide(unit: Unit) -> None:
            found = free_agent(unit, agent)
            changed = apply(found, unit)
            if changed != found:
                unit.save_agent(changed, cause, by)

        self._offers.run(tenant, decide)


def free_agent(unit: Unit, agent: str) -> Agent:
    """Return the agent if people may change it now; raises UnknownAgentError or AgentEngagedError."""
    found = unit.agent(agent)
    if found is None:
        raise UnknownAgentError(agent=agent)
    if found.engaged:
        raise AgentEngagedError(state=found.state.value)
    return found
