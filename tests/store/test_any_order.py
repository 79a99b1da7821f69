"""Any order of events, duplicates included: no illegal state, no doubly reserved agent, no caller without outcome."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from orchestrator.domain.agent import CHOSEN_STATES, AgentState
from orchestrator.domain.blacklist import BlockedNumber, Direction
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState, Outcome
from orchestrator.domain.counters import counts_of
from orchestrator.domain.events import (
    CallArrived,
    CallBlocked,
    CallEnded,
    Event,
    OfferEnded,
    OfferMade,
    QueueEntered,
    QueueLeft,
)
from orchestrator.domain.routing import score
from orchestrator.service.end_call import LegReport
from orchestrator.service.errors import RefusedError
from orchestrator.service.seen import LegSeen
from orchestrator.store import keys
from orchestrator.store.blacklist import RedisBlacklistWriter
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import CallCentre

CALLS = [f"c{n}" for n in range(1, 6)]
#: The caller of c5, now and then on the blacklist.
UNWANTED = "13912345678"
AGENTS = ["a1", "a2", "a3"]
CAUSES = ["NO_ANSWER", "USER_BUSY", "CALL_REJECTED", "USER_NOT_REGISTERED", "NORMAL_TEMPORARY_FAILURE"]


class AnyOrder(RuleBasedStateMachine):
    """Throws events at the use cases in any order, several times, late, for the wrong leg."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        centre = CallCentre(self.url)
        centre.redis.flushdb()
        self.centre = CallCentre(self.url, max_wait_s=60)
        self.centre.online(*AGENTS)
        self.legs: list[tuple[str, str]] = [("c1", "nobody")]
        self.over: set[str] = set()

    def note_legs(self) -> None:
        for _, command in self.centre.telephony.told:
            if command.type == "ring_agent":
                self.legs.append((command.call, command.leg))  # type: ignore[attr-defined]
        self.centre.telephony.told.clear()

    def leg(self, pick: int) -> tuple[str, str]:
        self.note_legs()
        return self.legs[-1 - pick % min(len(self.legs), 4)]

    @rule(call=st.sampled_from(CALLS))
    def goes_on_as_usual(self, call: str) -> None:
        """What a call is most likely to meet next, so that deep states are met often."""
        found = self.centre.call(call)
        if found is None:
            return self.parks(call)
        match found.state:
            case CallState.ARRIVED:
                self.is_answered(call)
            case CallState.OFFERED:
                self.centre.use.answer.parked("t", call, found.asked.leg, "fs1")
            case CallState.CONNECTING:
                self.centre.use.answer.joined("t", call, found.asked.leg)
            case CallState.CONNECTED:
                report = LegReport(leg=found.leg or "", role="agent")
                self.centre.use.end.agent_leg_ended("t", call, report)
            case CallState.ENDING:
                self.caller_hangs_up(call)
        return None

    @rule(call=st.sampled_from(CALLS))
    def parks(self, call: str) -> None:
        if call not in self.over:
            self.centre.arrive(call, UNWANTED if call == "c5" else "13800138000")

    @rule(wanted=st.booleans())
    def blacklist_changes(self, wanted: bool) -> None:
        writer, entry = RedisBlacklistWriter(self.centre.redis, self.centre.clock), "+86139*"
        if wanted:
            writer.drop("t", [entry])
        else:
            writer.put("t", [BlockedNumber(entry=entry, direction=Direction.IN)])

    @rule(call=st.sampled_from(CALLS))
    def is_answered(self, call: str) -> None:
        self.centre.use.enqueue.answered("t", call)

    @rule(pick=st.integers(0, 3))
    def leg_rings(self, pick: int) -> None:
        self.centre.use.answer.alerted("t", *self.leg(pick), "fs1")

    @rule(pick=st.integers(0, 3))
    def leg_parks(self, pick: int) -> None:
        self.centre.use.answer.parked("t", *self.leg(pick), "fs1")

    @rule(pick=st.integers(0, 3))
    def legs_bridge(self, pick: int) -> None:
        self.centre.use.answer.joined("t", *self.leg(pick))

    @rule(pick=st.integers(0, 3), cause=st.sampled_from(CAUSES))
    def leg_ends(self, pick: int, cause: str) -> None:
        call, leg = self.leg(pick)
        self.centre.use.end.agent_leg_ended("t", call, LegReport(leg=leg, role="agent", cause=cause))

    @rule(call=st.sampled_from(CALLS))
    def caller_is_parked_again(self, call: str) -> None:
        self.centre.use.steps.caller_parked("t", call)

    @rule(call=st.sampled_from(CALLS))
    def caller_hangs_up(self, call: str) -> None:
        if self.centre.call(call):
            self.over.add(call)
        self.centre.use.end.caller_left("t", call, LegReport(leg=call, role="caller"))

    @rule(agent=st.sampled_from(AGENTS), state=st.sampled_from(CHOSEN_STATES))
    def agent_chooses(self, agent: str, state: AgentState) -> None:
        found = self.centre.agent(agent)
        deaf = state is AgentState.ONLINE and not found.reachable
        try:
            self.centre.use.agents.choose_state("t", agent, state, "", "test")
        except RefusedError:
            assert found.engaged or deaf, (
                "STATE-2, STATE-6: only an engaged agent is refused, or one who can't be reached"
            )
        else:
            assert not found.engaged, "STATE-2: whoever is engaged is refused"
            assert not deaf, "STATE-6: who can't be reached is refused"

    @rule(agent=st.sampled_from(AGENTS), there=st.booleans())
    def device_changes(self, agent: str, there: bool) -> None:
        self.centre.use.devices.registered(f"t-{agent[1:]}", there)

    @rule(seconds=st.sampled_from([0.1, 1.2, 5, 30]))
    def time_passes(self, seconds: float) -> None:
        self.centre.clock.pass_s(seconds)
        self.centre.fire()

    @rule()
    def another_orchestrator_takes_over(self) -> None:
        """All working copies are gone; the switch shows every live call's legs, some of them bridged."""
        self.centre.store.forget("t", [*CALLS, *AGENTS])
        known = self.centre.use.reconcile.known("fs1")
        seen = [leg for held in self.centre.store.all_calls("t") for leg in self.legs_of(held.document)]
        self.centre.use.reconcile.adopt("fs1", known, seen, restarted=False)

    def legs_of(self, call: Call) -> list[LegSeen]:
        agent_leg = call.leg or (call.offer.leg if call.offer else None)
        talking = call.state is CallState.CONNECTED
        caller = LegSeen(leg=call.id, inbound=True, answered=1, bridged=talking, number="4001")
        if agent_leg is None:
            return [caller]
        return [caller, LegSeen(leg=agent_leg, role="agent", tenant="t", call=call.id, bridged=talking)]

    def events(self) -> list[Event]:
        stream = self.centre.redis.xrange(keys.events("t"))
        assert [int(fields["n"]) for _, fields in stream] == list(range(1, len(stream) + 1))
        return [event_from_json(fields["e"]) for _, fields in stream]

    @invariant()
    def agents_and_calls_agree(self) -> None:
        """No agent is reserved for two calls or for one that doesn't know it; no call has a free agent."""
        calls = {held.document.id: held.document for held in self.centre.store.all_calls("t")}
        agents = {held.document.id: held.document for held in self.centre.store.all_agents("t")}
        assert all(call.state is not CallState.ENDED for call in calls.values())
        wanted = {
            call.id: call.offer.agent if call.offer else call.agent
            for call in calls.values()
            if call.state in (CallState.OFFERED, CallState.CONNECTING, CallState.CONNECTED)
        }
        assert max(Counter(wanted.values()).values(), default=0) <= 1
        assert {a.call: a.id for a in agents.values() if a.engaged} == wanted

    @invariant()
    def indexes_are_derived(self) -> None:
        """Lines, ready agents and deadlines are what the documents say."""
        redis = self.centre.redis
        calls = [held.document for held in self.centre.store.all_calls("t")]
        agents = [held.document for held in self.centre.store.all_agents("t")]
        waiting = {c.id: float(c.place) for c in calls if c.state is CallState.WAITING}
        assert dict(redis.zrange(keys.waiting("t", "sales"), 0, -1, withscores=True)) == waiting
        sales = self.centre.config.queues["sales"]
        ready = {a.id: float(score(sales, a, "")) for a in agents if a.ready}
        assert dict(redis.zrange(keys.ready("t", "sales"), 0, -1, withscores=True)) == ready
        due = {f"call:{c.id}" for c in calls if c.due} | {f"agent:{a.id}" for a in agents if a.next_due}
        found = set(redis.zrange(keys.deadlines("t"), 0, -1)) - {"match:sales"}
        assert found == due
        if waiting and ready:
            assert redis.zscore(keys.deadlines("t"), "match:sales") is not None

    @invariant()
    def every_call_has_one_story(self) -> None:
        """QUEUE-6, CDR-1, BLACK-1: one arrival, one end, one outcome a stay; counters equal the events."""
        events = self.events()
        for call in CALLS:
            own = [e for e in events if getattr(e, "call", None) == call]
            kinds = Counter(type(e) for e in own)
            live = self.centre.call(call) is not None
            assert kinds[CallArrived] == int(live or call in self.over)
            assert kinds[CallEnded] == int(call in self.over)
            assert kinds[QueueLeft] <= kinds[QueueEntered] <= 1
            if call in self.over:
                assert kinds[QueueLeft] == kinds[QueueEntered]
                assert kinds[OfferMade] == kinds[OfferEnded]
            ended_blocked = [e for e in own if isinstance(e, CallEnded) and e.outcome is Outcome.BLOCKED]
            if kinds[CallBlocked]:
                assert (call, kinds[CallBlocked], kinds[QueueEntered]) == ("c5", 1, 0)
            assert len(ended_blocked) == int(kinds[CallBlocked] > 0 and call in self.over)
        counted: Counter[str] = Counter()
        for count in counts_of(events):
            counted[f"{count.day}:{count.queue}:{count.name}"] += count.by
        stored = {name: int(value) for name, value in self.centre.redis.hgetall(keys.counters("t")).items()}
        assert stored == dict(counted)


@pytest.mark.timeout(240)
def test_any_order_of_events_keeps_every_promise(redis_url: str) -> None:
    """STATE-1, STATE-2, QUEUE-6, CDR-1, BLACK-1, SAFE-1: a model test over the whole of live state."""
    AnyOrder.url = redis_url
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=60,
            stateful_step_count=40,
            deadline=None,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a failure prints its steps; shrinking takes minutes
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
