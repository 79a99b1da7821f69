"""May an agent log in: is the tenant served, is a seat assigned, is one free (SEAT-2, SEAT-3, SEAT-4).

Who counts as logged in: `orchestrator.domain.licence`. Whether a seat is free is decided by the commit script, among
everybody who logs in at the same moment; here is what can be said before.
"""

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.config import TenantConfig
from orchestrator.domain.licence import Licence, SeatKind, Standing
from orchestrator.service.errors import (
    NoSeatError,
    SeatsTakenError,
    TenantExpiredError,
    TenantNotBegunError,
    TenantSuspendedError,
)
from orchestrator.service.ports import LiveStore
from orchestrator.service.work import Unit

#: So many of those who hold the seats are named in a refusal.
NAMED = 20


def check_log_in(unit: Unit, agent: Agent, state: AgentState) -> None:
    """Raise a RefusedError if an agent who is offline can't have a seat now; others are never hindered."""
    if agent.state is not AgentState.OFFLINE or state is AgentState.OFFLINE:
        return
    check_served(unit.config.licence, unit.now)
    configured = unit.config.agents.get(agent.id)
    if configured is None or not configured.seat:
        raise NoSeatError(agent=configured.name if configured else agent.id)


def check_served(licence: Licence, now: int) -> None:
    """Raise the RefusedError that says why a tenant isn't served at a moment (us UTC)."""
    match licence.standing(now):
        case Standing.NOT_BEGUN:
            raise TenantNotBegunError
        case Standing.EXPIRED:
            raise TenantExpiredError
        case Standing.SUSPENDED:
            raise TenantSuspendedError(reason=licence.reason or "-")


def check_free_seat(unit: Unit, agent: Agent, state: AgentState) -> None:
    """Raise SeatsTakenError if an agent who is offline would find no seat; the commit decides for good (SEAT-3)."""
    limit = unit.config.licence.purchased(SeatKind.CALL, unit.now)
    logs_in = agent.state is AgentState.OFFLINE and state is not AgentState.OFFLINE
    if logs_in and limit is not None and len(unit.store.seated(unit.tenant)) >= limit:
        raise seats_taken(unit.store, unit.config, unit.now)


def seats_taken(store: LiveStore, config: TenantConfig, now: int) -> SeatsTakenError:
    """Return the refusal that names the limit and who holds the seats, the longest logged in first."""
    holders = store.seated(config.id)
    names = [config.agents[id_].name if id_ in config.agents else id_ for id_ in holders[:NAMED]]
    more = [f"+{len(holders) - NAMED}"] if len(holders) > NAMED else []
    limit = config.licence.purchased(SeatKind.CALL, now)
    return SeatsTakenError(limit=str(limit), holders=", ".join(names + more))
