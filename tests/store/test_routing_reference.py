"""Choices made through Redis compared with a reference in plain Python, over long random histories."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from orchestrator.domain.agent import CHOSEN_STATES, AgentState, AnswerMode
from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import AgentConfig, NumberConfig, QueueConfig, Strategy, to_queue
from orchestrator.domain.mobile import TAKE
from orchestrator.domain.trunks import Trunk
from orchestrator.service.end_call import LegReport
from orchestrator.service.errors import NoDeviceError, RefusedError
from orchestrator.store import keys
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import SECOND, CallCentre
from tests.support.routing_reference import Reference

AGENTS = 40
STEPS = 1000
DAY_S = 86_400
CAUSES = ["NO_ANSWER", "USER_BUSY", "CALL_REJECTED", "USER_NOT_REGISTERED", "NORMAL_TEMPORARY_FAILURE"]
#: Two queues a strategy: one of them goes first, and asks one more rank every 8 seconds.
QUEUES = {
    f"{strategy.value}-{priority}": QueueConfig(
        id=f"{strategy.value}-{priority}",
        name=strategy.value,
        strategy=strategy,
        priority=priority,
        max_wait_s=300,
        widen_s=8 if priority else None,
    )
    for strategy in Strategy
    for priority in (0, 5)
}


class History:
    """Random things happen to a call centre; the reference follows its events and objects to any wrong offer."""

    def __init__(self, url: str, seed: int) -> None:
        self.dice = random.Random(seed)
        self.centre = CallCentre(url, agents=0, chance=random.Random(seed).random)
        self.centre.config = replace(
            self.centre.config,
            queues={id_: replace(queue, ranks=self.ranks()) for id_, queue in QUEUES.items()},
            numbers={id_: NumberConfig(number=id_, route=to_queue(id_), trunk="pstn") for id_ in QUEUES},
            trunks={"pstn": Trunk(name="pstn")},
            agents={f"a{n}": self.agent(n) for n in range(AGENTS)},
        )
        self.centre.publish()
        self.reference = Reference(self.centre.config)
        self.position = "-"
        self.calls = 0
        self.legs: dict[str, str] = {}

    def ranks(self) -> dict[str, int]:
        return {f"a{n}": self.dice.choice([2, 3, 9]) for n in range(AGENTS) if self.dice.random() < 0.5}

    def agent(self, n: int) -> AgentConfig:
        served = tuple(self.dice.sample(sorted(QUEUES), self.dice.randint(1, 4)))
        return AgentConfig(id=f"a{n}", name=f"Agent {n}", device=f"t-{n}", queues=served, mobile=f"+86139{n:08}")

    def follow(self) -> None:
        """Let the reference judge what happened since the last time."""
        for position, fields in self.centre.redis.xrange(keys.events("t"), min=self.position):
            if position != self.position.lstrip("("):
                self.reference.learn(event_from_json(fields["e"]))
            self.position = f"({position}"
        assert self.reference.unmet(self.centre.clock.now()) == [], "somebody could be asked and isn't"

    def run(self) -> None:
        steps: list[tuple[Callable[[], object], int]] = [
            (self.call_comes, 24),
            (self.answers, 14),
            (self.hangs_up, 14),
            (self.offer_fails, 14),
            (self.caller_gives_up, 4),
            (self.wraps_up, 8),
            (self.chooses, 10),
            (self.device_changes, 6),
            (self.mode_changes, 2),
            (self.time_passes, 12),
            (self.night_passes, 1),
        ]
        for agent in self.centre.config.agents.values():
            self.centre.use.devices.registered(agent.device, True)
        self.centre.online(*self.centre.config.agents)
        for step in self.dice.choices([s for s, _ in steps], [weight for _, weight in steps], k=STEPS):
            self.pass_s(self.dice.choice([0, 0, 0.0005, 0.4]))
            step()
            self.follow()

    def pass_s(self, seconds: float) -> None:
        """Let time pass, with a stop at every moment at which more ranks are asked."""
        until = self.centre.clock.at + int(seconds * SECOND)
        while widening := self.next_widening(until):
            self.fire_at(widening)
        self.fire_at(until)

    def fire_at(self, moment: int) -> None:
        """Fire everything that is due, however much that is after a night."""
        self.centre.clock.at = moment
        while self.centre.store.due("t", moment, 1):
            self.centre.fire()
        self.follow()

    def next_widening(self, until: int) -> int | None:
        scored = self.centre.redis.zrange(keys.deadlines("t"), 0, -1, withscores=True)
        moments = [int(ms) * 1000 for member, ms in scored if member.startswith("match:")]
        return min((at for at in moments if self.centre.clock.at < at < until), default=None)

    def live(self, *states: CallState) -> str | None:
        """Return some call in one of these states."""
        found = sorted(h.document.id for h in self.centre.store.all_calls("t") if h.document.state in states)
        return self.dice.choice(found) if found else None

    def some_agent(self) -> str:
        return self.dice.choice(sorted(self.centre.config.agents))

    def call_comes(self) -> None:
        self.calls += 1
        number = self.dice.choice(sorted(QUEUES))
        self.centre.arrive(f"c{self.calls}", number=number)
        self.centre.use.enqueue.answered("t", f"c{self.calls}")

    def answers(self) -> None:
        call = self.live(CallState.OFFERED)
        if call:
            leg = self.centre.call(call).asked.leg
            self.centre.use.answer.alerted("t", call, leg, "fs1")
            self.centre.use.answer.parked("t", call, leg, "fs1")
            if self.centre.call(call).asked.mobile:
                self.centre.use.answer.keyed("t", call, leg, self.centre.call(call).asked.step, TAKE)
            if self.dice.random() < 0.1:
                self.centre.use.fail.join_failed("t", call, leg)
            else:
                self.centre.use.answer.joined("t", call, leg)

    def offer_fails(self) -> None:
        call = self.live(CallState.OFFERED)
        if call:
            leg = self.centre.call(call).asked.leg
            if self.dice.random() < 0.5:
                self.centre.use.answer.alerted("t", call, leg, "fs1")
            report = LegReport(leg=leg, role="agent", cause=self.dice.choice(CAUSES))
            self.centre.use.end.agent_leg_ended("t", call, report)

    def hangs_up(self) -> None:
        call = self.live(CallState.CONNECTED)
        if call:
            report = LegReport(leg=self.centre.call(call).leg, role="agent")
            self.centre.use.end.agent_leg_ended("t", call, report)
            self.centre.use.end.caller_left("t", call, LegReport(leg=call, role="caller"))

    def caller_gives_up(self) -> None:
        call = self.live(CallState.WAITING, CallState.OFFERED)
        if call:
            self.centre.use.end.caller_left("t", call, LegReport(leg=call, role="caller"))

    def wraps_up(self) -> None:
        agents = [h.document for h in self.centre.store.all_agents("t")]
        wrapping = sorted(a.id for a in agents if a.state is AgentState.WRAP_UP)
        if wrapping:
            self.centre.use.agents.finish_wrap_up("t", self.dice.choice(wrapping), "test")

    def chooses(self) -> None:
        state = self.dice.choice([AgentState.ONLINE] * 5 + list(CHOSEN_STATES))
        self.refusable(lambda agent: self.centre.use.agents.choose_state("t", agent, state, "", "test"))

    def mode_changes(self) -> None:
        mode = self.dice.choice(list(AnswerMode))
        self.refusable(lambda agent: self.centre.use.agents.change_answer_mode("t", agent, mode, "test"))

    def refusable(self, change: Callable[[str], None]) -> None:
        agent = self.some_agent()
        engaged = self.centre.agent(agent).engaged
        reachable = self.centre.agent(agent).reachable
        try:
            change(agent)
        except NoDeviceError:
            assert not reachable
        except RefusedError:
            assert engaged

    def device_changes(self) -> None:
        device = self.centre.config.agents[self.some_agent()].device
        self.centre.use.devices.registered(device, self.dice.random() < 0.8)

    def time_passes(self) -> None:
        self.pass_s(self.dice.choice([1.1, 1.1, 5, 11, 25]))

    def night_passes(self) -> None:
        """On to some moment shortly before or after the tenant's midnight (UTC+8)."""
        second = (self.centre.clock.now() // SECOND + 8 * 3600) % DAY_S
        self.pass_s(DAY_S - second - self.dice.choice([1, 0.001, 0, -1]))


@pytest.mark.parametrize("seed", range(4))
def test_every_choice_is_the_one_that_the_definitions_demand(redis_url: str, seed: int) -> None:
    """QUEUE-2, QUEUE-3, QUEUE-4: 40 agents with ranks, 8 queues, 1,000 things happen, each offer is the reference's."""
    history = History(redis_url, seed)
    history.run()
    offers = history.reference.offers
    print({strategy.value: offers[strategy] for strategy in Strategy}, f"second tries {history.reference.second_tries}")
    print(f"of a higher rank {history.reference.widened}, not yet asked {history.reference.passed_over}")
    assert history.reference.widened >= 10
    assert history.reference.passed_over >= 10
    assert history.reference.named >= 100
    assert all(offers[strategy] >= 20 for strategy in Strategy)
