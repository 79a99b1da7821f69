"""The call form is closed, or opened again: wrap-up lasts while it is open (STATE-4)."""

from dataclasses import dataclass

from orchestrator.domain.agent import CHOSEN_STATES, Agent, AgentState
from orchestrator.domain.events import FormSaved
from orchestrator.service.errors import StateNotChosenError, UnknownBreakReasonError
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.work import Unit


@dataclass(frozen=True, slots=True)
class NextState:
    """The state that an agent chooses with closing the form; `reason` is one of the tenant's break reasons or empty."""

    state: AgentState
    reason: str = ""


class CloseForm:
    """Follows the forms of calls. What is written in them is none of the call path's business."""

    def __init__(self, offers: OfferCall) -> None:
        """`offers` matches agents who become ready."""
        self._offers = offers

    def close(self, tenant: str, saved: FormSaved, then: NextState | None = None) -> None:
        """The form is closed, with what it says: the wrap-up of this call ends, or won't begin.

        After wrap-up the agent is in the state held before the call, or in the one chosen `then`: never in the one
        before the other, so no call comes in between. Closed later, or once more, it is told and changes no state.
        """
        self._offers.run(tenant, lambda unit: _close(unit, saved, then))

    def expect(self, tenant: str, then: NextState) -> None:
        """Raise StateNotChosenError or UnknownBreakReasonError for what can't be chosen."""
        self._offers.run(tenant, lambda unit: _expect(unit, then))

    def open(self, tenant: str, agent: str, call: str, by: str) -> None:
        """The agent writes on during the call: its end is followed by wrap-up again."""

        def decide(unit: Unit) -> None:
            found = unit.agent(agent)
            if found and found.call == call and found.form_closed:
                unit.save_agent(found.close_form(False), "form_opened", by)

        self._offers.run(tenant, decide)


def _close(unit: Unit, saved: FormSaved, then: NextState | None) -> None:
    unit.events.append(saved)
    found = unit.agent(saved.agent)
    if found is None or found.call != saved.call:
        return
    if found.state is AgentState.WRAP_UP:
        unit.save_agent(_after(unit, found, then), "chosen" if then else "wrapped_up", saved.by, saved.call)
    elif found.state is AgentState.IN_CALL and not found.form_closed:
        unit.save_agent(found.close_form(True), "form_closed", saved.by)


def _after(unit: Unit, agent: Agent, then: NextState | None) -> Agent:
    return agent.choose(then.state, then.reason, unit.now) if then else agent.wrap_up(unit.now)


def _expect(unit: Unit, then: NextState) -> None:
    if then.state not in CHOSEN_STATES:
        raise StateNotChosenError(state=then.state.value)
    if then.reason and (then.state is not AgentState.BREAK or then.reason not in unit.config.break_reasons):
        raise UnknownBreakReasonError(reason=then.reason)
