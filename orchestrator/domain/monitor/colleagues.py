"""Whom agents can ask or send callers to: less of each agent than the seat board tells (WEB-1)."""

from dataclasses import dataclass

from orchestrator.domain.agent import AgentState, AnswerMode
from orchestrator.domain.monitor.seats import SeatRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """An agent as other agents see it. `ready` tells whether a call would ring there now; online and not ready means
    that no device is registered."""

    id: str
    name: str
    group: str
    state: AgentState
    ready: bool


def colleague(row: SeatRow) -> Colleague:
    """Return what other agents may know of a row of the seat board."""
    reachable = row.registered or row.mode is AnswerMode.MOBILE
    return Colleague(
        id=row.id,
        name=row.name,
        group=row.group,
        state=row.state,
        ready=row.state is AgentState.ONLINE and reachable,
    )
