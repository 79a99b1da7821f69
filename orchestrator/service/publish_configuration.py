"""Put a tenant's configuration into force: for the next call, and for the agents it names."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Protocol

from orchestrator.domain.agent import Agent, AgentState, AnswerMode
from orchestrator.domain.config import QueueConfig, TenantConfig
from orchestrator.domain.events import AgentRemoved, ConfigurationPublished
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ports import Change, Clock, LiveStore
from orchestrator.service.tell_seats import await_seats
from orchestrator.service.work import Unit


class ConfigurationWriter(Protocol):
    """Where the call path reads configurations."""

    def write(self, config: TenantConfig) -> TenantConfig | None:
        """Put a configuration into force for every process; returns the one that was in force."""


class PublishConfiguration:
    """Publishes configurations and brings live agents into line with them."""

    def __init__(self, writer: ConfigurationWriter, store: LiveStore, offers: OfferCall, clock: Clock) -> None:
        """`offers` matches agents whose queues changed."""
        self._writer, self._store, self._offers, self._clock = writer, store, offers, clock

    def publish(self, config: TenantConfig, past: Mapping[str, Agent] = MappingProxyType({})) -> None:
        """Publish, add agents who are new, drop those who are gone and free, change the queues of the others.

        Who is logged in without holding a seat, as all were before there were any, is given one: nobody is thrown out.
        `past` are agents as they were before Redis lost them: they go on in the state they had chosen.
        """
        old = self._writer.write(config)
        sorted_anew, new_pins = _sorted_anew(old, config), _new_pins(old, config)
        live = {held.document.id: held for held in self._store.all_agents(config.id)}
        unseated = {id_ for id_, held in live.items() if held.document.state is not AgentState.OFFLINE}
        unseated -= set(self._store.seated(config.id))
        for configured in config.agents.values():
            known = past.get(configured.id) or Agent(id=configured.id, mode=configured.mode)
            self._offers.run(config.id, lambda unit, known=known: self._align(unit, known, sorted_anew, unseated))  # type: ignore[misc]
        for agent, held in live.items():
            if agent not in config.agents and not held.document.engaged:
                self._remove(config.id, agent)
        for agent in new_pins:
            self._offers.run(config.id, lambda unit, agent=agent: _unlock(unit, agent))  # type: ignore[misc]
        self._offers.run(config.id, lambda unit: self._announce(unit, config))

    def _align(self, unit: Unit, known: Agent, sorted_anew: set[str], unseated: set[str]) -> None:
        configured, found = unit.config.agents[known.id], unit.agent(known.id)
        if found is None:
            fresh = replace(known, since=known.since or unit.now, idle_since=unit.now, queues=configured.queues)
            unit.save_agent(_reachable(unit, fresh), "restored" if known.since else "configuration")
        elif _reachable(unit, found) != found:
            unit.save_agent(replace(_reachable(unit, found), queues=configured.queues), "configuration")
        elif (
            found.queues != configured.queues
            or found.id in unseated
            or (found.ready and sorted_anew.intersection(found.queues))
        ):
            unit.save_agent(replace(found, queues=configured.queues), "configuration")

    def _announce(self, unit: Unit, config: TenantConfig) -> None:
        unit.events.append(ConfigurationPublished(at=unit.now, version=config.version))
        await_seats(unit)

    def _remove(self, tenant: str, agent: str) -> None:
        held = self._store.agent(tenant, agent)
        if held:
            removed = AgentRemoved(at=self._clock.now(), agent=agent)
            self._store.commit(Change(tenant=tenant, agents=[(held, None)], events=[removed]))


def _reachable(unit: Unit, agent: Agent) -> Agent:
    """Without a number a mobile can't ring: such an agent answers in the browser. A call is not cut off."""
    if agent.mode is AnswerMode.WEB or agent.engaged or unit.config.agents[agent.id].mobile:
        return agent
    return agent.answer_by(AnswerMode.WEB, unit.config.device_grace_s * 1_000_000, unit.now)


def _new_pins(old: TenantConfig | None, new: TenantConfig) -> list[str]:
    """Return the agents whose PIN is another one now, or none."""
    before = old.agents if old else {}
    return [id_ for id_, agent in new.agents.items() if id_ in before and before[id_].pin != agent.pin]


def _unlock(unit: Unit, agent_id: str) -> None:
    """Wrong PINs before count no more (MOB-1): they were tried with another one."""
    agent = unit.agent_anew(agent_id)
    if agent and (agent.wrong_pins or agent.pins_due):
        unit.save_agent(agent.prove(), "pin_reset")


def _sorted_anew(old: TenantConfig | None, new: TenantConfig) -> set[str]:
    """Return the queues whose agents stand in another order now: by strategy, ranks or the tenant's day."""
    before = {id_: _order(queue) for id_, queue in old.queues.items()} if old else {}
    moved = old is not None and old.timezone != new.timezone
    return {id_ for id_, queue in new.queues.items() if moved or before.get(id_) != _order(queue)}


def _order(queue: QueueConfig) -> tuple[object, ...]:
    return queue.strategy, queue.ranks, queue.widen_s
