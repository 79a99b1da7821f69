"""Any order of what happens in and around a talk: hold, consultation, conference, transfer, survey, callback, outside,
a lost page, supervisors, take-overs. Nobody is reserved twice, nobody is left over, every call has one end.
"""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from orchestrator.domain.call_states import CallState
from orchestrator.domain.callback import CallbackRule
from orchestrator.domain.config import Destination, NumberConfig, PromptConfig, Way, to_queue
from orchestrator.domain.consult import UNPROVED, ConsultState
from orchestrator.domain.counters import counts_of
from orchestrator.domain.events import CallArrived, CallEnded, OfferEnded, OfferMade, QueueEntered, QueueLeft
from orchestrator.domain.supervision import Mode
from orchestrator.domain.survey import Survey
from orchestrator.domain.trunks import Trunk
from orchestrator.service.answer_offer import legs_of
from orchestrator.service.end_call import LegReport
from orchestrator.service.errors import RefusedError
from orchestrator.store import keys
from tests.store.any_order_ways import FAR, TALKING, Ways, engaged, far_reached, seen
from tests.store.test_any_order import AGENTS, CALLS
from tests.support.call_centre import CallCentre

#: How a leg is found at a take-over.
FOUND = ["gone", "rings", "parked", "bridged", "playing", "conferring", "asking"]

#: What agents do with their calls; asking somebody is the way to more.
ACTS = ["hold", "resume", "transfer", "consult", "consult", "consult", "complete", "confer", "give_back", "hang_up"]


class AnyOrderInCall(Ways):
    """As its base, with everything that a tenant can have; `reached` counts, over all runs, how far calls have come."""

    reached: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        rule_ = CallbackRule(tries=2, retry_s=60, expires_h=1)
        self.centre = CallCentre(self.url, max_wait_s=60, callback=rule_, survey=Survey(prompt="rate"))
        outside = Destination(way=Way.NUMBER, target="13900139000", otherwise=to_queue("sales"))
        numbers = {"4001": to_queue("sales"), "4002": outside}
        self.centre.config = replace(
            self.centre.config,
            version=2,
            numbers={key: NumberConfig(number=key, route=route, trunk="pstn") for key, route in numbers.items()},
            prompts={"rate": PromptConfig(id="rate", name="rate", path="t/rate.wav", ms=1000)},
            trunks={"pstn": Trunk(name="pstn")},
        )
        self.centre.publish()
        self.came: set[str] = set()

    def note_legs(self) -> None:
        for _, command in self.centre.telephony.told:
            if command.type in ("ring_agent", "ring_number", "listen"):
                self.legs.append((command.call, command.leg))  # type: ignore[attr-defined]
        self.centre.telephony.told.clear()

    @rule(call=st.sampled_from(CALLS))
    def parks(self, call: str) -> None:
        if call not in self.came:
            self.came.add(call)
            self.centre.arrive(call, number="4002" if call == "c4" else "4001")

    @rule(call=st.sampled_from(CALLS))
    def goes_on_as_usual(self, call: str) -> None:  # noqa: C901 - one line a state
        """The likeliest next thing, towards a talk; what becomes of the talk is for the other rules."""
        found, use = self.centre.call(call), self.centre.use
        match found.state if found else None:
            case None:
                self.parks(call)
            case CallState.ARRIVED:
                use.enqueue.answered("t", call)
            case CallState.OFFERED:
                use.answer.parked("t", call, found.asked.leg, "fs1")
            case CallState.CALLING_BACK:
                use.callbacks.answered("t", call, found.line, "fs1")
            case CallState.CONNECTING:
                use.answer.joined("t", call, found.line, found.asked.leg)
            case CallState.RESUMING:
                use.answer.joined("t", call, found.line, found.leg or "")
            case CallState.FORWARDING:
                use.forward.parked("t", call, found.forward.leg, "fs1")
                use.answer.joined("t", call, found.line, found.forward.leg)
            case CallState.HELD if found.consult and found.consult.state in UNPROVED:
                use.answer.joined("t", call, found.leg or "", found.consult.leg)
            case CallState.HELD if found.consult and found.consult.state is not ConsultState.TALKING:
                use.answer.parked("t", call, found.consult.leg, "fs1")
            case CallState.HELD | CallState.TRANSFERRING | CallState.SURVEY if not found.step:
                use.steps.caller_parked("t", call)
            case CallState.ANNOUNCING | CallState.SURVEY:
                use.steps.step_over("t", call, found.step, "5")

    @initialize(way=st.integers(0, 2), seed=st.integers(0, 2**32))
    def two_talk(self, way: int, seed: int) -> None:
        """Two calls are talks; then the ways are gone, `way` first, before chance has spoilt it."""
        self.centre.online(*AGENTS)
        for call in CALLS[:2]:
            for _ in range(4):
                self.goes_on_as_usual(call)
        chance = random.Random(seed)
        for n in range(len(self.ways)):
            self.go(self.ways[(way + n) % len(self.ways)](), chance)

    @rule(seed=st.integers(0, 2**32))
    def much_happens(self, seed: int) -> None:
        """Every kind of thing as likely as any other: the rules by themselves stay with a few of them."""
        chance = random.Random(seed)
        for _ in range(8):
            self.something_happens(chance)
            self.agents_and_calls_agree()
            self.indexes_are_derived()

    @rule(seed=st.integers(0, 2**32))
    def a_way_is_gone(self, seed: int) -> None:
        """Towards what takes several steps in the right order; now and then anything else comes between."""
        chance = random.Random(seed)
        self.go(chance.choice(self.ways)(), chance)

    def something_happens(self, chance: random.Random) -> None:
        call, agent, pick = chance.choice(CALLS), chance.choice(AGENTS), chance.randrange(4)
        found = [chance.choice(FOUND) for _ in range(12)]
        act, cause = chance.choice(ACTS), chance.choice(["USER_BUSY", "NO_ANSWER", "NORMAL_CLEARING"])
        chance.choice([
            lambda: self.goes_on_as_usual(call),
            lambda: self.goes_on_as_usual(CALLS[pick % 2]),
            lambda: self.agent_acts(act, agent),
            lambda: self.agent_acts("consult", agent),
            lambda: self.supervisor_acts(pick % 2, agent, chance.choice(["listen", "stop", "take_over"])),
            lambda: self.another_orchestrator_finds_anything(found),
            lambda: self.caller_is_parked_again(call),
            lambda: self.caller_wants_a_callback(call),
            lambda: self.customers_channel_ends(call, cause),
            lambda: self.a_step_is_over(call, chance.choice(["", "3", "9"])),
            lambda: self.page_is_lost(pick, chance.random() < 0.5),
            lambda: self.page_registers(agent, chance.choice(["p1", "p2"])),
            lambda: self.legs_bridge(pick),
            lambda: self.leg_parks(pick),
            lambda: self.leg_ends(pick, cause),
            lambda: self.time_passes(chance.choice([0.1, 1.2, 5, 30])),
        ])()  # fmt: skip

    @rule(act=st.sampled_from(ACTS), to=st.sampled_from(AGENTS))
    def agent_acts(self, act: str, to: str, *, then: bool = True) -> None:
        """On the first call that somebody talks in, or is about to; `then` what usually follows."""
        self.centre.store.forget_all()
        calls = [held.document for held in self.centre.store.all_calls("t") if held.document.state in TALKING]
        call = min((call.id for call in calls), default="c1")
        more = {"consult": (to, "user"), "transfer": (to_queue("sales"), "user")}.get(act, ("user",))
        more = () if act in ("resume", "give_back", "hang_up") else more
        self.allowed(lambda: getattr(self.centre.use.control, act)("t", call, None, *more))
        if then:
            self.goes_on_as_usual(call)

    @rule(pick=st.integers(0, 1), agent=st.sampled_from(AGENTS), act=st.sampled_from(["listen", "stop", "take_over"]))
    def supervisor_acts(self, pick: int, agent: str, act: str) -> None:
        call, use = CALLS[pick], self.centre.use.supervise
        if act == "listen":
            self.allowed(lambda: use.listen("t", call, agent, Mode.LISTEN, "user"))
            found = self.centre.call(call)
            if found and found.supervision:
                use.answered("t", call, found.supervision.leg)
        else:
            self.allowed(lambda: getattr(use, act)("t", call, agent, "user"))

    def allowed(self, act: Callable[[], object]) -> None:
        """Do what may be refused, which changes nothing; nobody remembers what others have changed."""
        self.centre.store.forget_all()
        with suppress(RefusedError):
            act()

    @rule(call=st.sampled_from(CALLS))
    def caller_wants_a_callback(self, call: str) -> None:
        self.centre.use.callbacks.pressed("t", call, "1")

    @rule(call=st.sampled_from(CALLS), act=st.sampled_from(["cancel", "call_next"]))
    def callback_is_ordered(self, call: str, act: str) -> None:
        self.allowed(lambda: getattr(self.centre.use.callbacks, act)("t", call, "user"))

    @rule(call=st.sampled_from(CALLS), cause=st.sampled_from(["USER_BUSY", "NO_ANSWER", "NORMAL_CLEARING"]))
    def customers_channel_ends(self, call: str, cause: str) -> None:
        found = self.centre.call(call)
        if found and found.callback and found.callback.leg:
            self.centre.use.callbacks.leg_ended("t", call, LegReport(leg=found.line, role="callback", cause=cause))

    @rule(call=st.sampled_from(CALLS), key=st.sampled_from(["", "3", "9"]))
    def a_step_is_over(self, call: str, key: str) -> None:
        found = self.centre.call(call)
        self.centre.use.steps.step_over("t", call, (found.step if found else None) or "none", key)

    @rule(pick=st.integers(0, 3), reloads=st.booleans())
    def page_is_lost(self, pick: int, reloads: bool) -> None:
        call, leg = self.leg(pick)
        cause = "NORMAL_CLEARING" if reloads else "MEDIA_TIMEOUT"
        report = LegReport(leg=leg, role="agent", cause=cause, reloads=reloads)
        self.centre.use.end.agent_leg_ended("t", call, report)

    @rule(agent=st.sampled_from(AGENTS), page=st.sampled_from(["p1", "p2"]))
    def page_registers(self, agent: str, page: str) -> None:
        self.centre.use.devices.registered(f"t-{agent[1:]}", True, page, page)

    @rule(pick=st.integers(0, 3))
    def outside_leg_fails(self, pick: int) -> None:
        self.centre.use.forward.failed("t", *self.leg(pick), "USER_BUSY")

    @rule(pick=st.integers(0, 3))
    def legs_bridge(self, pick: int) -> None:
        call, leg = self.leg(pick)
        found = self.centre.call(call)
        self.centre.use.answer.joined("t", call, found.line if found else call, leg)

    @rule(found=st.lists(st.sampled_from(FOUND), min_size=12, max_size=12))
    def another_orchestrator_finds_anything(self, found: list[str]) -> None:
        """Whatever the switch shows of the legs; callers are all there."""
        self.centre.clock.pass_s(0.001)
        how, legs = iter(found * 4), []
        for held in self.centre.store.all_calls("t"):
            call = held.document
            if not call.callback:
                legs.append(seen(call.id, call, "caller", next(how)))
            role = "outside" if call.forward else "agent"
            partners = [(leg, next(how)) for leg in legs_of(call)]
            legs.extend(seen(leg, call, role, state) for leg, state in partners if state != "gone")
            if call.callback and call.callback.leg and (state := next(how)) != "gone":
                legs.append(seen(call.line, call, "callback", state))
        known = self.centre.use.reconcile.known("fs1")
        self.centre.use.reconcile.adopt("fs1", known, legs, restarted=False)

    @rule()
    def another_orchestrator_takes_over(self) -> None:
        self.another_orchestrator_finds_anything(["bridged"] * 12)

    @invariant()
    def agents_and_calls_agree(self) -> None:
        """Whoever is engaged is so in one call that knows it, and a call has nobody who isn't."""
        calls = [held.document for held in self.centre.store.all_calls("t")]
        self.reached.update(found for call in calls for found in far_reached(call))
        agents = [held.document for held in self.centre.store.all_agents("t")]
        wanted = [(agent, call.id) for call in calls for agent in engaged(call)]
        assert max(Counter(agent for agent, _ in wanted).values(), default=0) <= 1
        assert sorted((a.id, a.call) for a in agents if a.engaged) == sorted(wanted)

    @invariant()
    def every_call_has_one_story(self) -> None:
        """QUEUE-6, CDR-1: one arrival, one end; every stay in a line ends once; counters equal the events."""
        events = self.events()
        for call in self.came:
            kinds = Counter(type(event) for event in events if getattr(event, "call", None) == call)
            over = self.centre.call(call) is None
            assert (kinds[CallArrived], kinds[CallEnded]) == (1, int(over))
            assert kinds[QueueLeft] <= kinds[QueueEntered]
            if over:
                assert kinds[QueueLeft] == kinds[QueueEntered]
                assert kinds[OfferMade] <= kinds[OfferEnded]
        counted: Counter[str] = Counter()
        for count in counts_of(events):
            counted[f"{count.day}:{count.queue}:{count.name}"] += count.by
        stored = {name: int(value) for name, value in self.centre.redis.hgetall(keys.counters("t")).items()}
        assert stored == dict(counted)

    def teardown(self) -> None:
        """Everybody hangs up: no call stays, no agent stays engaged."""
        use = self.centre.use
        for _ in range(4):
            for call in [held.document for held in self.centre.store.all_calls("t")]:
                if call.callback and call.callback.leg is None:
                    self.allowed(lambda call=call: use.callbacks.cancel("t", call.id, "user"))  # type: ignore[misc]
                elif call.callback:
                    use.callbacks.leg_ended("t", call.id, LegReport(leg=call.line, role="callback"))
                use.end.caller_left("t", call.id, LegReport(leg=call.id, role="caller"))
            self.centre.clock.pass_s(4000)
            self.centre.fire()
        assert self.centre.store.all_calls("t") == []
        assert not [held for held in self.centre.store.all_agents("t") if held.document.engaged]


@pytest.mark.timeout(300)
def test_any_order_in_a_call_keeps_every_promise(redis_url: str) -> None:
    """WEB-1, SUP-1, QUEUE-5, QUEUE-6, CDR-1, SAFE-1: a model test of all that people do with calls."""
    AnyOrderInCall.url = redis_url
    run_state_machine_as_test(
        AnyOrderInCall,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
    assert AnyOrderInCall.reached.keys() >= FAR, AnyOrderInCall.reached
