"""A call centre without a switch: use cases on a real Redis, a telephony that only notes what it was told."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.commands import Command
from orchestrator.domain.config import AgentConfig, NumberConfig, QueueConfig, TenantConfig, to_queue
from orchestrator.service.accept_call import Arrival
from orchestrator.service.use_cases import UseCases
from orchestrator.store.configurations import RedisConfigurations, RedisConfigurationWriter
from orchestrator.store.connection import connect
from orchestrator.store.live_store import RedisLiveStore

SECOND = 1_000_000
T0 = 1_795_000_000 * SECOND


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    at: int = T0

    def now(self) -> int:
        return self.at

    def pass_s(self, seconds: float) -> None:
        self.at += int(seconds * SECOND)


@dataclass
class NotingTelephony:
    """Notes commands in order."""

    told: list[tuple[str, Command]] = field(default_factory=list)

    def send(self, switch: str, commands: Sequence[Command]) -> None:
        self.told.extend((switch, command) for command in commands)

    def take(self) -> list[Command]:
        """Return what was told since the last time."""
        told, self.told = [command for _, command in self.told], []
        return told


class CallCentre:
    """One tenant `t` with a queue `sales` (number 4001) and agents a1..aN, all with registered devices."""

    def __init__(self, url: str, agents: int = 3, chance: Callable[[], float] = random.random, **queue: object) -> None:
        self.redis = connect(url)
        self.clock = HandClock()
        self.telephony = NotingTelephony()
        self.configurations = RedisConfigurations(self.redis)
        self.store = RedisLiveStore(self.redis, self.configurations, self.clock, chance=chance)
        self.use = UseCases(self.store, self.configurations, self.telephony, self.clock)
        self.config = TenantConfig(
            id="t",
            name="Test",
            version=1,
            wrap_up_s=10,
            break_reasons=("lunch",),
            queues={"sales": QueueConfig(id="sales", name="Sales", **queue)},  # type: ignore[arg-type]
            agents={
                f"a{n}": AgentConfig(id=f"a{n}", name=f"Agent {n}", device=f"t-{n}", queues=("sales",))
                for n in range(1, agents + 1)
            },
            numbers={"4001": NumberConfig(number="4001", route=to_queue("sales"))},
        )
        self.publish()
        for agent in self.config.agents.values():
            self.use.devices.registered(agent.device, True)

    def publish(self) -> None:
        self.publish_with({})

    def publish_with(self, past: Mapping[str, Agent]) -> None:
        """Put the configuration into force after a loss of Redis: agents as they were."""
        writer = RedisConfigurationWriter(self.redis, self.configurations)
        self.use.publisher(writer).publish(self.config, past)

    def online(self, *agents: str) -> None:
        for agent in agents:
            self.use.agents.choose_state("t", agent, AgentState.ONLINE, "", "test")
            self.clock.pass_s(0.001)

    def arrive(self, call: str, caller: str = "13800138000", number: str = "4001") -> None:
        arrival = Arrival(
            leg=call, switch="fs1", caller=caller, caller_name="", number=number, created=self.clock.now()
        )
        self.use.accept.accept(arrival)

    def queue(self, call: str) -> None:
        """A call arrives, is answered and stands in line."""
        self.arrive(call)
        self.use.enqueue.answered("t", call)
        self.clock.pass_s(0.001)

    def call(self, call: str):  # noqa: ANN201
        self.store.forget("t", [call])
        held = self.store.call("t", call)
        return held.document if held else None

    def agent(self, agent: str):  # noqa: ANN201
        self.store.forget("t", [agent])
        held = self.store.agent("t", agent)
        return held.document if held else None

    def fire(self) -> None:
        """Fire whatever is due now."""
        for member in self.store.due("t", self.clock.now(), 100):
            self.use.deadlines.fire("t", member)
