"""A small call centre driven by the domain's own methods: documents and counters on one side, events on the other."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from orchestrator.domain.agent import CHOSEN_STATES, Agent, AgentState, AnswerMode
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState, Outcome, Party
from orchestrator.domain.config import AgentConfig, QueueConfig, TenantConfig
from orchestrator.domain.counters import Count, counts_of
from orchestrator.domain.events import (
    AgentChanged,
    AgentRemoved,
    CallArrived,
    CallEnded,
    Connected,
    Event,
    OfferMade,
    QueueEntered,
    QueueLeft,
)
from orchestrator.domain.monitor import QueueBoard, SeatBoard
from orchestrator.domain.offer import Offer, OfferState

CONFIG = TenantConfig(
    id="acme",
    name="Acme",
    version=1,
    queues={"q1": QueueConfig(id="q1", name="Sales"), "q2": QueueConfig(id="q2", name="Service")},
    agents={
        "a1": AgentConfig(id="a1", name="Ann", device="1001", group="East", queues=("q1",)),
        "a2": AgentConfig(id="a2", name="Bo", device="1002", queues=("q1", "q2")),
    },
)
START = 1_800_000_000_000_000


class World:
    """Documents as Redis holds them, and every event so far."""

    def __init__(self) -> None:
        self.now = START
        self.day = date(2027, 1, 15)
        self.agents = {
            id_: Agent(id=id_, state=AgentState.ONLINE, registered=True, queues=config.queues, since=START)
            for id_, config in CONFIG.agents.items()
        }
        self.calls: dict[str, Call] = {}
        self.counters: Counter[tuple[str, str, str]] = Counter()
        self.events: list[Event] = []
        self.arrivals = 0

    def seat_board(self) -> SeatBoard:
        """The seat board of this moment's documents."""
        return SeatBoard(CONFIG, self.agents.values(), self.calls.values(), self.day.isoformat())

    def queue_board(self) -> QueueBoard:
        """The queue board of this moment's documents."""
        counts = [Count(*key, by) for key, by in self.counters.items()]
        return QueueBoard(CONFIG, self.agents.values(), self.calls.values(), counts, self.day.isoformat())

    def emit(self, *events: Event) -> None:
        """Append events and count them."""
        self.events.extend(events)
        for count in counts_of(events):
            self.counters[count.day, count.queue, count.name] += count.by

    def save(self, agent: Agent) -> None:
        """Write an agent."""
        before = self.agents.get(agent.id, agent)
        self.agents[agent.id] = agent
        self.emit(
            AgentChanged(at=self.now, agent=agent, previous=before.state, previous_since=before.since, cause="test")
        )

    def step(self, pick: int) -> None:
        """Do one thing that is possible now, after a while; three times in four something with a call."""
        self.now += 1_000_000 * (1 + pick % 7)
        doings = self.of_calls() if pick % 4 else self.of_agents()
        doings[pick // 4 % len(doings)]()

    def of_agents(self) -> list[Callable[[], None]]:
        """Everything that can happen to agents now, and midnight."""
        return [self.next_day, *(doing for agent in self.agents.values() for doing in self._of_agent(agent))]

    def of_calls(self) -> list[Callable[[], None]]:
        """Everything that can happen to calls now."""
        return [self.arrive, *(doing for call in self.calls.values() for doing in self._of_call(call))]

    def _of_agent(self, agent: Agent) -> list[Callable[[], None]]:
        if agent.engaged:
            return []
        choices = [lambda s=state: self.save(agent.choose(s, "lunch", self.now)) for state in CHOSEN_STATES]
        others = [
            lambda: self.save(replace(agent, registered=not agent.registered)),
            lambda: self.save(replace(agent, mode=AnswerMode.MOBILE)),
            lambda: self.remove(agent),
        ]
        wrap_up = [lambda: self.save(agent.wrap_up(self.now))] if agent.state is AgentState.WRAP_UP else []
        return choices + others + wrap_up

    def _of_call(self, call: Call) -> list[Callable[[], None]]:
        if call.state is CallState.ENDED:
            return [lambda: self.forget(call)]
        ways: list[Callable[[], None]] = [lambda: self.end(call)]
        if call.state is CallState.ARRIVED:
            ways += [lambda q=queue: self.enqueue(call, q) for queue in CONFIG.queues]
        if call.state is CallState.WAITING:
            ways.append(lambda: self.time_out(call))
            ways += [lambda a=a: self.offer(call, a) for a in self.agents.values() if a.ready]
        if call.state is CallState.OFFERED:
            ways += [lambda: self.lose_offer(call), lambda: self.join(call)]
        return ways

    def next_day(self) -> None:
        """Midnight passes in the tenant's time zone."""
        self.day += timedelta(days=1)

    def remove(self, agent: Agent) -> None:
        """The agent is taken out of the configuration."""
        del self.agents[agent.id]
        self.emit(AgentRemoved(at=self.now, agent=agent.id))

    def arrive(self) -> None:
        """A customer calls."""
        self.arrivals += 1
        call = Call(
            id=f"c{self.arrivals}",
            tenant="acme",
            switch="fs1",
            state=CallState.ARRIVED,
            since=self.now,
            caller=f"+861380000{self.arrivals:04}",
            number="4001",
            arrived=self.now,
        )
        self.calls[call.id] = call
        arrived = CallArrived(
            at=self.now, call=call.id, switch="fs1", caller=call.caller, caller_name="", number=call.number
        )
        self.emit(arrived)

    def enqueue(self, call: Call, queue: str) -> None:
        """The call joins a line."""
        self.calls[call.id] = call.answer(self.now).enqueue(queue, 0, None, self.now)
        entered = QueueEntered(at=self.now, call=call.id, queue=queue, priority=0, entered=self.now, limit=None)
        self.emit(entered)

    def offer(self, call: Call, agent: Agent) -> None:
        """An agent is asked."""
        leg = f"{call.id}-{self.now}"
        queue = call.queue or ""
        offer = Offer(
            leg=leg, agent=agent.id, queue=queue, state=OfferState.RINGING, offered=self.now, due=0, rings_out=0
        )
        self.calls[call.id] = call.offer_to(offer, self.now)
        self.emit(OfferMade(at=self.now, call=call.id, queue=queue, agent=agent.id, leg=leg, rings_out=0))
        self.save(agent.offer(call.id, leg, queue, self.now))

    def lose_offer(self, call: Call) -> None:
        """The agent didn't answer."""
        self.free_agent(call)
        self.calls[call.id] = call.lose_offer(self.now)

    def join(self, call: Call) -> None:
        """The agent answers and the two are joined."""
        assert call.offer is not None
        agent = self.agents[call.offer.agent].answer(self.now)
        self.calls[call.id] = call.win(0, self.now).join(self.now)
        self.leave_line(call, Outcome.CONNECTED)
        self.emit(
            Connected(at=self.now, call=call.id, queue=call.queue or "", agent=agent.id, leg=call.offer.leg),
        )
        self.save(agent.count_connected(self.day.isoformat(), inbound=True))

    def time_out(self, call: Call) -> None:
        """The wait is over."""
        self.calls[call.id] = call.time_out(self.now)
        self.leave_line(call, Outcome.TIMED_OUT)

    def end(self, call: Call) -> None:
        """The caller hangs up."""
        if call.left is None and call.entered is not None:
            self.leave_line(call, Outcome.ABANDONED)
        if call.state is CallState.OFFERED:
            self.free_agent(call)
        ended = call.end(Outcome.ABANDONED, Party.CALLER, self.now)
        self.calls[call.id] = ended
        talking = self.agents.get(call.agent or "")
        if talking and talking.state is AgentState.IN_CALL:
            self.save(talking.end_call(60_000_000, self.now))
        outcome = ended.outcome or Outcome.ABANDONED
        self.emit(
            CallEnded(
                at=self.now,
                call=call.id,
                outcome=outcome,
                hung_up_by=Party.CALLER,
                cause="NORMAL_CLEARING",
                arrived=call.arrived,
                answered=call.answered,
                connected=call.connected,
            )
        )

    def forget(self, call: Call) -> None:
        """An ended call's document is dropped."""
        del self.calls[call.id]

    def free_agent(self, call: Call) -> None:
        """The offer is over."""
        assert call.offer is not None
        self.save(self.agents[call.offer.agent].fail_offer(True, 3, self.now))

    def leave_line(self, call: Call, outcome: Outcome) -> None:
        """The call leaves its line."""
        assert call.queue is not None
        assert call.entered is not None
        wait = self.now - call.entered
        self.emit(
            QueueLeft(
                at=self.now,
                call=call.id,
                queue=call.queue,
                entered=call.entered,
                wait=wait,
                outcome=outcome,
                short=outcome is Outcome.ABANDONED and wait < 5_000_000,
                within_service_level=outcome is Outcome.CONNECTED and wait <= 20_000_000,
                day=self.day.isoformat(),
            )
        )
