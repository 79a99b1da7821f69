"""Whose data a person sees: what the scope of a permission means in this tenant, at this moment (ROLE-1)."""

from orchestrator.domain.monitor import Reach
from orchestrator.service.errors import UnknownAgentError, UnknownCallbackError, UnknownCallError
from webui.identity import identity, tenant
from webui.permissions import Permission, Scope, check
from webui.services import services


def agents_within(permission: Permission) -> frozenset[str] | None:
    """Return the agents whose data the permission covers, None for everybody; raises ForbiddenError without it.

    The own data is always within. The scope *group* means the agents who are in the groups that one leads now.
    """
    scope, person = check(identity(), permission), identity()
    if scope is Scope.ALL:
        return None
    own = {person.agent} if person.agent else set()
    if scope is Scope.OWN:
        return frozenset(own)
    groups = services().names.groups(tenant())
    return frozenset(own | {agent for agent, group in groups.items() if group in person.leads})


def people_within(permission: Permission) -> frozenset[str] | None:
    """Return the people (users' ids) whose work the permission covers, None for everybody; raises ForbiddenError."""
    covered = agents_within(permission)
    if covered is None:
        return None
    return frozenset({identity().id, *services().names.users_of(tenant(), covered)})


def within(permission: Permission, wanted: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return which of the agents asked for (empty = all) may be shown; None for everybody."""
    covered = agents_within(permission)
    if covered is None:
        return wanted or None
    return tuple(sorted(covered.intersection(wanted) if wanted else covered))


def expect_agent(permission: Permission, agent: str) -> None:
    """Raise UnknownAgentError for an agent whom the permission doesn't cover: there is none for whoever asks."""
    covered = agents_within(permission)
    if covered is not None and agent not in covered:
        raise UnknownAgentError(agent=agent)


def expect_call(permission: Permission, call: str) -> None:
    """Raise UnknownCallError for a running call of an agent whom the permission doesn't cover."""
    covered = agents_within(permission)
    if covered is None:
        return
    held = services().use_cases().work.store.call(tenant(), call)
    if held is None or held.document.agent not in covered:
        raise UnknownCallError


def reach_of(permission: Permission) -> Reach | None:
    """Return whose rows a board shows, None for everybody's; raises ForbiddenError."""
    scope, person = check(identity(), permission), identity()
    if scope is Scope.ALL:
        return None
    return Reach(frozenset(person.leads) if scope is Scope.GROUP else frozenset(), person.agent)


def queues_within(permission: Permission) -> frozenset[str] | None:
    """Return the queues that agents within a permission's scope serve, None for all; raises ForbiddenError."""
    reach = reach_of(permission)
    if reach is None:
        return None
    config = services().use_cases().work.configurations.tenant(tenant())
    return reach.queues(config) if config else frozenset()


def expect_callback(permission: Permission, call: str) -> None:
    """Raise UnknownCallbackError for a callback of a queue that the permission doesn't cover."""
    covered = queues_within(permission)
    if covered is None:
        return
    held = services().use_cases().work.store.call(tenant(), call)
    if held is None or held.document.queue not in covered:
        raise UnknownCallbackError
