"""What people may change about an agent: state, wrap-up, answer mode, login."""

from collections.abc import Callable

from orchestrator.domain.agent import Agent, AgentState, AnswerMode
from orchestrator.service.choose_state import choose_state, end_wrap_up, free_agent
from orchestrator.service.errors import NoMobileError
from orchestrator.service.log_in import seats_taken
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
        try:
            self._offers.run(tenant, lambda unit: choose_state(unit, agent, state, reason, by))
        except SeatsFullError as full:
            unit = self._work.unit(tenant)
            raise seats_taken(unit.store, unit.config, unit.now) from full

    def finish_wrap_up(self, tenant: str, agent: str, by: str) -> None:
        """Close the call form: the wrap-up ends (STATE-4)."""
        self._offers.run(tenant, lambda unit: end_wrap_up(unit, agent, by))

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
