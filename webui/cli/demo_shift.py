"""The demo agents at work: they come, take breaks and return, so that the boards move."""

import random
import signal
from threading import Event

import click
import structlog
from redis.exceptions import RedisError

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.service.errors import RefusedError
from orchestrator.service.ports import StoreError
from webui.cli.demo_data import BREAK_REASONS, FOR_PEOPLE, TENANT, agent_keys
from webui.cli.tools import Tools

#: Seconds between two agents' choices.
PACE_S = (1.0, 4.0)

#: Shortest time (us) an agent stays in a state.
AT_LEAST_US = {
    AgentState.ONLINE: 60_000_000,
    AgentState.BREAK: 30_000_000,
    AgentState.BUSY: 30_000_000,
}

#: What an agent who is online chooses next, mostly to stay.
FROM_ONLINE = [AgentState.ONLINE] * 7 + [AgentState.BREAK] * 2 + [AgentState.BUSY]


@click.command("demo-shift", hidden=True)
@click.pass_obj
def demo_shift(tools: Tools) -> None:
    """Play the part of the demo agents, except the first few, until stopped."""
    stopped, log = Event(), structlog.get_logger("demo")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    chance = random.Random()  # noqa: S311 - a demo needs no secrecy
    log.info("demo agents at work", left_to_people=agent_keys()[:FOR_PEOPLE])
    while not stopped.wait(chance.uniform(*PACE_S)):
        try:
            _come(tools)
            _next_choice(tools, chance)
        except RedisError as error:
            log.warning("demo agents cannot choose", error=str(error))


def _played(tools: Tools) -> list[Agent]:
    held = tools.use_cases.work.store.all_agents(TENANT)
    return [one.document for one in held if one.document.id not in agent_keys()[:FOR_PEOPLE]]


def _come(tools: Tools) -> None:
    """Whoever is away comes to work as soon as the phone is there: before, nobody may go online (STATE-6)."""
    for agent in _played(tools):
        if agent.state is AgentState.OFFLINE and agent.reachable:
            _choose(tools, agent, AgentState.ONLINE, "")


def _next_choice(tools: Tools, chance: random.Random) -> None:
    """Let one agent choose, who has been long enough in a state that people choose."""
    free = [agent for agent in _played(tools) if tools.now() - agent.since > AT_LEAST_US.get(agent.state, tools.now())]
    if free:
        agent = chance.choice(free)
        state = chance.choice(FROM_ONLINE) if agent.state is AgentState.ONLINE else AgentState.ONLINE
        _choose(tools, agent, state, chance.choice(BREAK_REASONS) if state is AgentState.BREAK else "")


def _choose(tools: Tools, agent: Agent, state: AgentState, reason: str) -> None:
    try:
        tools.use_cases.agents.choose_state(TENANT, agent.id, state, reason, by=f"demo {agent.id}")
    except (RefusedError, StoreError):
        # A call came in between: the agent chooses another time.
        return
