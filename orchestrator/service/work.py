"""One decision: read, decide in the domain, commit all of it or nothing, then tell the switch."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from orchestrator.domain.agent import Agent
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.calling_out import Limit
from orchestrator.domain.commands import Command, RingNumber
from orchestrator.domain.config import TenantConfig
from orchestrator.domain.events import AgentChanged, CommandsDecided, Event, OutsideCalled
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.metering import Meter, follow, limit_of
from orchestrator.domain.story import Occasion
from orchestrator.service.ports import (
    Balances,
    Change,
    Clock,
    Configurations,
    Head,
    Held,
    LiveStore,
    StaleError,
    StoreError,
    Telephony,
)

#: How often a decision is taken again after losing a race before it is an error.
ATTEMPTS = 20


class TooManyRacesError(StoreError):
    """A decision lost every race; the caller may try again later."""


class UnknownTenantError(Exception):
    """No configuration is published for this tenant (yet)."""


@dataclass(slots=True)
class Unit:
    """What one decision has read and wants to write.

    `meters` are new ones, by call; `money` is to be set aside for legs. Without `balances` nothing is paid for.
    """

    tenant: str
    config: TenantConfig
    now: int
    store: LiveStore
    calls: dict[str, Held[Call] | None] = field(default_factory=dict)
    agents: dict[str, Held[Agent] | None] = field(default_factory=dict)
    new_calls: dict[str, Call] = field(default_factory=dict)
    new_agents: dict[str, Agent] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    commands: list[tuple[str, Command]] = field(default_factory=list)
    wake: set[str] = field(default_factory=set)
    limits: list[Limit] = field(default_factory=list)
    deadlines: list[tuple[str, int | None]] = field(default_factory=list)
    balances: Balances | None = None
    meters: list[tuple[str, Meter]] = field(default_factory=list)
    money: dict[str, Decimal] = field(default_factory=dict)
    given_back: list[str] = field(default_factory=list)

    def call(self, call: str) -> Call | None:
        """Return a call as this unit sees it."""
        if call in self.new_calls:
            return self.new_calls[call]
        if call not in self.calls:
            self.calls[call] = self.store.call(self.tenant, call)
        held = self.calls[call]
        return held.document if held else None

    def agent(self, agent: str) -> Agent | None:
        """Return an agent as this unit sees it."""
        if agent in self.new_agents:
            return self.new_agents[agent]
        if agent not in self.agents:
            self.agents[agent] = self.store.agent(self.tenant, agent)
        held = self.agents[agent]
        return held.document if held else None

    def agent_anew(self, agent: str) -> Agent | None:
        """Return an agent as it is stored now: what is only read no commit compares, and another process may have
        changed it since.
        """
        if agent not in self.new_agents:
            self.agents.pop(agent, None)
            self.store.forget(self.tenant, [agent])
        return self.agent(agent)

    def agent_in(self, call: str, agent: str) -> Agent | None:
        """Return the agent if it is engaged in this call.

        A copy that says otherwise may be from before another process put the agent there, and what is only read no
        commit compares: it is read again.
        """
        found = self.agent(agent)
        if agent and not _engaged(found, call):
            found = self.agent_anew(agent)
        return found if _engaged(found, call) else None

    def hold(self, held: Head) -> None:
        """Take over what a commit has already read."""
        if held.call:
            self.calls[held.call.document.id] = held.call
        if held.agent:
            self.agents[held.agent.document.id] = held.agent

    def save_call(self, call: Call, *events: Event) -> None:
        """Write a call with what happened to it; whoever enters or leaves a line may make others meet."""
        held = self.calls.get(call.id)
        self.new_calls[call.id] = call
        self.events.extend(events)
        for document in (call, held.document if held else None):
            if document and document.state is CallState.WAITING and document.queue:
                self.wake.add(document.queue)

    def save_agent(self, agent: Agent, cause: str, by: str | None = None, call: str | None = None) -> None:
        """Write an agent and log the change."""
        before = self.agent(agent.id)
        self.new_agents[agent.id] = agent
        self.events.append(
            AgentChanged(
                at=self.now,
                agent=agent,
                previous=before.state if before else agent.state,
                previous_since=before.since if before else agent.since,
                cause=cause,
                by=by,
                call=call or agent.call or (before.call if before else None),
            )
        )
        if agent.ready:
            self.wake.update(agent.queues)

    def tell(self, switch: str, *commands: Command) -> None:
        """Have the switch told after the commit."""
        self.commands.extend((switch, command) for command in commands)
        for command in commands:
            if isinstance(command, RingNumber) and command.called:
                called = OutsideCalled(at=self.now, call=command.call, leg=command.leg, number=command.called)
                self.events.append(called)

    def follow_meters(self) -> None:
        """Bring the meters of the calls up to date, and the switch's limits; legs that never talked give back."""
        given_back = {meter.leg for _, meter in self.meters}
        for id_, call in list(self.new_calls.items()):
            new = tuple(meter for of, meter in self.meters if of == id_)
            if not (call.meters or new):
                continue
            meters = follow(call, (*call.meters, *new), self.now)
            kept = {meter.leg for meter in meters}
            given_back = (given_back | {meter.leg for meter in call.meters if meter.begun is None}) - kept
            begun = {meter.leg for meter in call.meters if meter.begun is not None}
            for meter in meters:
                if meter.begun is not None and meter.leg not in begun:
                    self.tell(call.switch, limit_of(meter, self.now))
            self.new_calls[id_] = replace(call, meters=meters)
        self.given_back = sorted(given_back)
        self.money = {leg: amount for leg, amount in self.money.items() if leg not in given_back}

    @property
    def today(self) -> str:
        """The tenant's present day."""
        return day_of(self.now, self.config.timezone)

    def stand_by_what_was_read(self) -> None:
        """Have the commit compare the calls that the switch is told about and that are not changed.

        What is only read no commit compares, and another process may have changed it since: music would be played into
        the talk that it has just begun again.
        """
        if self.commands and not self.new_calls:
            self.new_calls = {id_: held.document for id_, held in self.calls.items() if held}

    def explain(self, call: str, trigger: Occasion, cause: str = "") -> None:
        """Note in the call's story what the switch is being told, and why; `cause` is how a leg ended."""
        if self.commands:
            told = tuple(repr(command) for _, command in self.commands)
            self.events.append(
                CommandsDecided(at=self.now, call=call, trigger=trigger.value, cause=cause, commands=told)
            )

    def change(self) -> Change:
        """Collect what is to be written."""
        return Change(
            tenant=self.tenant,
            calls=[(self.calls.get(id_), call) for id_, call in self.new_calls.items()],
            agents=[(self.agents.get(id_), agent) for id_, agent in self.new_agents.items()],
            events=self.events,
            wake=self.wake,
            limits=self.limits,
            deadlines=self.deadlines,
            money=self.money,
            given_back=self.given_back,
        )


def day_of(at: int, timezone: str) -> str:
    """Return the day (`YYYY-MM-DD`) of a moment (us UTC) in an IANA time zone."""
    return datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(ZoneInfo(timezone)).date().isoformat()


def next_midnight(at: int, timezone: str) -> tuple[str, int]:
    """Return the day after that of `at` (us UTC) in an IANA time zone, and the moment at which it begins there."""
    zone = ZoneInfo(timezone)
    day = datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(zone).date() + timedelta(days=1)
    return day.isoformat(), int(datetime.combine(day, time(), zone).timestamp()) * 1_000_000


def _engaged(agent: Agent | None, call: str) -> bool:
    return agent is not None and agent.call == call and agent.engaged


Decide = Callable[[Unit], None]


def _not_counted(*_: str) -> None:
    """Ignore what was ignored."""


class Work:
    """Runs decisions: again after a lost race, once more on fresh copies when one means nothing, then not at all."""

    def __init__(
        self,
        store: LiveStore,
        configurations: Configurations,
        telephony: Telephony,
        clock: Clock,
        ignored: Callable[[str, str, str], object] = _not_counted,
    ) -> None:
        """`ignored(machine, state, trigger)` counts triggers that meant nothing in the state they met."""
        self.store, self.configurations, self.telephony, self.clock = store, configurations, telephony, clock
        self._ignored = ignored

    def unit(self, tenant: str) -> Unit:
        """Begin a decision; raises UnknownTenantError."""
        config = self.configurations.tenant(tenant)
        if config is None:
            raise UnknownTenantError(tenant)
        return Unit(tenant, config, self.clock.now(), self.store, balances=self.store.balances)

    def run(self, tenant: str, decide: Decide, given: Head | None = None) -> list[Head] | None:
        """Take one decision and return the heads of the queues it woke, None if the trigger meant nothing."""
        fresh = False
        for _ in range(ATTEMPTS):
            unit = self.unit(tenant)
            if given:
                unit.hold(given)
                given = None
            try:
                return self._attempt(unit, decide)
            except StaleError:
                self.store.forget(tenant, (*unit.calls, *unit.agents))
            except IllegalTransitionError as illegal:
                if fresh:
                    self._ignored(illegal.machine, illegal.state, illegal.trigger)
                    return None
                fresh = True
                self.store.forget(tenant, (*unit.calls, *unit.agents))
        raise TooManyRacesError(f"{decide} lost {ATTEMPTS} races")

    def _attempt(self, unit: Unit, decide: Decide) -> list[Head]:
        decide(unit)
        unit.follow_meters()
        unit.stand_by_what_was_read()
        change = unit.change()
        heads = [] if change.empty else self.store.commit(change)
        for switch in dict.fromkeys(switch for switch, _ in unit.commands):
            self.telephony.send(switch, [command for at, command in unit.commands if at == switch])
        return heads
