"""What use cases need from outside, as protocols: time, the live store, the configuration, the switches."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from orchestrator.domain.agent import Agent
from orchestrator.domain.billing.prepaid import BillingTerms
from orchestrator.domain.blacklist import BlockedNumber, Direction
from orchestrator.domain.call import Call
from orchestrator.domain.calling_out import Limit
from orchestrator.domain.choice import Roster
from orchestrator.domain.commands import Command
from orchestrator.domain.config import Menu, TenantConfig
from orchestrator.domain.events import Event
from orchestrator.domain.waiting_time import Departure

Document = TypeVar("Document", Call, Agent)


class StoreError(Exception):
    """Base of the store's expected errors."""


class StaleError(StoreError):
    """A document was changed by somebody else: reload and decide again."""


class SeatsFullError(StoreError):
    """Nobody more can log in: as many agents are as there are seats (SEAT-3)."""


class FencedError(StoreError):
    """A newer owner of the switch has taken the call over: stop acting for that switch."""

    def __init__(self, switch: str) -> None:
        super().__init__(f"another orchestrator owns switch {switch} now")
        self.switch = switch


class LimitError(StoreError):
    """One more would be beyond a limit, which is counted in the same step: nothing was written."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the limit {name} is reached")
        self.name = name


@dataclass(frozen=True, slots=True)
class Held(Generic[Document]):
    """A document as read, with the version that a commit compares."""

    document: Document
    version: int
    fence: int


@dataclass(slots=True)
class Change:
    """Everything one decision writes, all or nothing; `deadlines` are those of no document (us UTC, None = none).

    `money` is set aside by leg, in all; for the legs `given_back` nothing is any more.
    """

    tenant: str
    calls: list[tuple[Held[Call] | None, Call]] = field(default_factory=list)
    agents: list[tuple[Held[Agent] | None, Agent | None]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    wake: set[str] = field(default_factory=set)
    limits: list[Limit] = field(default_factory=list)
    deadlines: list[tuple[str, int | None]] = field(default_factory=list)
    money: dict[str, Decimal] = field(default_factory=dict)
    given_back: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to write and nobody to match."""
        documents = self.calls or self.agents or self.events or self.wake
        return not (documents or self.deadlines or self.money or self.given_back)


@dataclass(frozen=True, slots=True)
class Funds:
    """What a prepaid tenant has: `free` to be set aside, and what is set aside for some legs already."""

    free: Decimal
    held: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Head:
    """The first caller and the best ready agent of a queue after a commit; where both are there, who else was."""

    queue: str
    call: Held[Call] | None
    agent: Held[Agent] | None
    roster: Roster = field(default_factory=Roster)


class Clock(Protocol):
    """Redis' clock."""

    def now(self) -> int:
        """Return microseconds UTC."""


class Configurations(Protocol):
    """Published configurations."""

    def tenant(self, tenant: str) -> TenantConfig | None:
        """Return the configuration in force, None for an unknown tenant."""

    def tenants(self) -> Sequence[str]:
        """Return the ids of all tenants."""

    def owner_of_number(self, number: str) -> str | None:
        """Return the tenant that owns a number."""

    def owner_of_device(self, device: str) -> tuple[str, str] | None:
        """Return (tenant, agent) of a SIP user."""


class Balances(Protocol):
    """What prepaid tenants have, and what is set aside of it for each leg."""

    def prepaid(self, tenant: str) -> BillingTerms | None:
        """Return the terms of a tenant whose calls must be paid before, None for any other."""

    def funds(self, tenant: str, legs: Collection[str]) -> Funds | None:
        """Read what is free, and what is set aside for these legs; None when the account is not known."""


class LiveStore(Protocol):
    """Live calls and agents."""

    @property
    def balances(self) -> Balances:
        """Return the balances of prepaid tenants."""

    def call(self, tenant: str, call: str) -> Held[Call] | None:
        """Read a call, from a working copy where there is one."""

    def agent(self, tenant: str, agent: str) -> Held[Agent] | None:
        """Read an agent, from a working copy where there is one."""

    def keep_draft(self, tenant: str, call: str, menus: Mapping[str, Menu], seconds: int) -> None:
        """Keep the menus of a draft, by id, that a test call tries, for so long."""

    def draft(self, tenant: str, call: str) -> Mapping[str, Menu] | None:
        """Return the menus of the draft that a test call tries, None when they are not kept any more."""

    def forget(self, tenant: str, ids: Iterable[str]) -> None:
        """Drop working copies, so that the next read asks Redis."""

    def forget_all(self) -> None:
        """Drop every working copy: Redis may have lost what they were copied from."""

    def all_calls(self, tenant: str) -> list[Held[Call]]:
        """Read all live calls of a tenant from Redis."""

    def all_agents(self, tenant: str) -> list[Held[Agent]]:
        """Read all agents of a tenant from Redis."""

    def commit(self, change: Change) -> list[Head]:
        """Write a change and return the heads of `change.wake`.

        Raises StaleError, FencedError, LimitError or SeatsFullError.
        """

    def ready_agents(self, tenant: str, queue: str, limit: int) -> list[Held[Agent]]:
        """Read up to `limit` ready agents of a queue, best first, or drawn where the strategy is random."""

    def waiting(self, tenant: str, queue: str) -> int:
        """Count the callers in a queue's line."""

    def position(self, tenant: str, queue: str, call: str) -> int | None:
        """Return the call's place in the queue's line, 1 = next, None if it isn't in it."""

    def departures(self, tenant: str, queue: str) -> Sequence[Departure]:
        """Return who has left the queue's line lately."""

    def staffed(self, tenant: str, queue: str) -> bool:
        """Tell whether any agent of the queue is logged in (in any state but offline)."""

    def seated(self, tenant: str) -> Sequence[str]:
        """Return the agents who are logged in (in any state but offline), the longest logged in first."""

    def blocked(self, tenant: str, direction: Direction, entries: Sequence[str], now: int) -> str | None:
        """Return the first of `entries` that stands on the blacklist of a single direction at `now` (us UTC)."""

    def caller_priority(self, tenant: str, entries: Sequence[str]) -> int | None:
        """Return the priority (0-99) of the first of `entries` on the tenant's list of callers, None for none."""

    def due(self, tenant: str, now: int, limit: int) -> list[str]:
        """Return what is due (`call:ID`, `agent:ID`, `match:QUEUE`, `day:DATE`, `seats:`), earliest first."""

    def clear_deadline(self, tenant: str, member: str) -> None:
        """Drop a deadline whose document is gone."""


class BlacklistWriter(Protocol):
    """Where the call path reads the blacklist."""

    def put(self, tenant: str, entries: Iterable[BlockedNumber]) -> None:
        """Put entries into force, in place of what was said of the same numbers."""

    def drop(self, tenant: str, entries: Iterable[str]) -> None:
        """Put entries out of force."""

    def replace(self, tenant: str, entries: Iterable[BlockedNumber]) -> int:
        """Put these entries into force, and no others; returns how many there are."""


class CallerPriorityWriter(Protocol):
    """Where the call path reads the priorities of callers: entry (number, or prefix with `*`) to 0-99."""

    def put(self, tenant: str, entries: Mapping[str, int]) -> None:
        """Put entries into force, in place of what was said of the same numbers."""

    def drop(self, tenant: str, entries: Iterable[str]) -> None:
        """Put entries out of force."""

    def replace(self, tenant: str, entries: Iterable[tuple[str, int]]) -> int:
        """Put these entries into force, and no others; returns how many there are."""


class Telephony(Protocol):
    """All switches, whoever owns their sockets."""

    def send(self, switch: str, commands: Sequence[Command]) -> None:
        """Have the commands written in order. Acceptance proves nothing: the switch's events do."""


class Switches(Protocol):
    """Who serves which switch."""

    def served(self, switch: str) -> bool:
        """Tell whether this process has taken everything on the switch over."""

    def claimed(self, switch: str) -> bool:
        """Tell whether any process serves the switch, or is about to."""


class Fences(Protocol):
    """The leases this process holds."""

    def fence(self, switch: str) -> int | None:
        """Return the fencing token for a switch owned here, None otherwise."""
