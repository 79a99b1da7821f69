"""Ways that take several steps in the right order, for machines that throw events at calls in any order."""

import random
from collections.abc import Callable
from typing import Any

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import WITH_AGENT, CallState
from orchestrator.service.seen import LegSeen
from tests.store.test_any_order import AGENTS, CALLS, AnyOrder

#: What chance alone seldom reaches: the test has tried little where the steering (`a_way_is_gone`) misses any of it.
FAR = {
    CallState.CONFERENCE, CallState.CALLING_BACK, CallState.HELD, CallState.RECOVERING, CallState.SURVEY,
    CallState.FORWARDED, "consult talking", "consult conference", "leaving",
}  # fmt: skip

#: In these the agent of a call is engaged in it.
TALKING = (*WITH_AGENT, CallState.RECOVERING)


class Ways(AnyOrder):
    """Goes them with what the machine that is made of it can do."""

    goes_on_as_usual: Callable[..., Any]
    agent_acts: Callable[..., Any]
    caller_wants_a_callback: Callable[..., Any]
    something_happens: Callable[..., Any]
    agents_and_calls_agree: Callable[..., Any]
    allowed: Callable[..., Any]

    @property
    def ways(self) -> list[Callable[[], list[Callable[[], object]]]]:
        return [self.to_a_conference, self.to_a_handover, self.to_a_callback]

    def go(self, steps: list[Callable[[], object]], chance: random.Random) -> None:
        for step in steps:
            step()
            if chance.random() < 0.1:
                self.something_happens(chance)
            self.agents_and_calls_agree()

    def to_a_conference(self) -> list[Callable[[], object]]:
        return [*self.to_a_consultation(), lambda: self.agent_acts("confer", "a1")]

    def to_a_handover(self) -> list[Callable[[], object]]:
        return [*self.to_a_consultation(), lambda: self.agent_acts("complete", "a1", then=False), self.all_go_on]

    def to_a_consultation(self) -> list[Callable[[], object]]:
        """Whoever is free is asked and answers."""
        asks = [lambda agent=agent: self.agent_acts("consult", agent) for agent in AGENTS]  # type: ignore[misc]
        return [self.everybody_is_online, *asks, lambda: self.goes_on_as_usual("c1"), self.all_go_on]

    def to_a_callback(self) -> list[Callable[[], object]]:
        """A line without agents, a caller who wants to be called back, then an agent."""
        rests = [lambda agent=agent: self.agent_rests(agent) for agent in AGENTS]  # type: ignore[misc]
        wants = [lambda call=call: self.caller_wants_a_callback(call) for call in CALLS]  # type: ignore[misc]
        return [*rests, self.all_go_on, *wants, self.everybody_is_online, self.all_go_on, self.all_go_on]

    def all_go_on(self) -> None:
        for call in CALLS:
            self.goes_on_as_usual(call)
            self.agents_and_calls_agree()

    def everybody_is_online(self) -> None:
        for agent in AGENTS:
            self.allowed(lambda agent=agent: self.centre.online(agent))  # type: ignore[misc]

    def agent_rests(self, agent: str) -> None:
        self.allowed(lambda: self.centre.use.agents.choose_state("t", agent, AgentState.BREAK, "", "test"))


def far_reached(call: Call) -> list[str]:
    """What a call shows of how far it has come: its state, the consultation's, and who is leaving it."""
    consult = [f"consult {call.consult.state}"] if call.consult else []
    return [call.state, *consult, *(["leaving"] if call.leaving else [])]


def engaged(call: Call) -> list[str]:
    offered = call.state in (CallState.OFFERED, CallState.CONNECTING, CallState.CALLING_BACK)
    asked = call.offer.agent if call.offer and offered else None
    talks = call.agent if call.state in TALKING else None
    consulted = call.consult.agent if call.consult and call.state in TALKING else None
    return [agent for agent in (asked, talks, consulted) if agent]


def seen(leg: str, call: Call, role: str, how: str) -> LegSeen:
    state = {how: True} if how != "gone" else {"parked": True}
    return LegSeen(
        leg=leg, role=role, tenant="t", call=call.id, inbound=role == "caller", answered=1, number="4001", **state
    )
