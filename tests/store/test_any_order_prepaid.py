"""Many prepaid calls at once, in any order: what has been talked is never more than the balance had (BILL-1)."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from orchestrator.domain.billing.charge import Usage, charge_call
from orchestrator.domain.billing.prepaid import BillingTerms
from orchestrator.domain.billing.tariff import CallDirection, Rate, TariffVersion
from orchestrator.domain.commands import HangUp, RingNumber
from orchestrator.domain.config import Destination, NumberConfig, Way
from orchestrator.domain.trunks import Trunk
from orchestrator.service.end_call import LegReport
from orchestrator.service.seen import LegSeen
from orchestrator.store import keys
from orchestrator.store.balances import RedisBalances
from tests.support.call_centre import SECOND, CallCentre

CALLS = [f"c{n}" for n in range(1, 9)]
NUMBER = "+8613900001111"

#: 0.10 for each six seconds begun.
STEP = Decimal("0.1")
RATE = Rate(direction=CallDirection.OUT, prefix="+86", name="China", price=Decimal(1), first_s=6, next_s=6)
VERSION = TariffVersion(tariff="prepaid", number=1, valid_from=0, rents={}, rates=(RATE,))
TERMS = BillingTerms(prepaid=True, versions=(VERSION,))


class AnyOrderPrepaid(RuleBasedStateMachine):
    """Callers are put through outside, by a company whose money runs short; `talked` are legs not charged yet, us."""

    url: str
    reached: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.centre = CallCentre(self.url, agents=1)
        self.centre.redis.flushdb()
        out = Destination(way=Way.NUMBER, target=NUMBER, ring_s=20)
        numbers = {"4002": NumberConfig(number="4002", route=out, trunk="pstn")}
        trunks = {"pstn": Trunk(name="pstn")}
        self.centre.config = replace(self.centre.config, version=2, numbers=numbers, trunks=trunks)
        self.centre.publish()
        self.balances = RedisBalances(self.centre.redis)
        self.available, self.movements = Decimal(0), 0
        self.beyond = Decimal(0)
        self.legs: dict[str, str] = {}
        self.began: dict[str, int] = {}
        self.talked: dict[str, int] = {}
        self.pays(Decimal(1))

    @initialize(seed=st.integers(0, 2**32))
    def many_talk(self, seed: int) -> None:
        """More than the money is enough for, until it is used up."""
        for call in CALLS[:5]:
            self.dials(call)
            self.is_answered(call)
        self.time_passes(20)
        self.much_happens(seed)

    @rule(seed=st.integers(0, 2**32))
    def much_happens(self, seed: int) -> None:
        """Every kind of thing as likely as any other."""
        chance = random.Random(seed)
        for _ in range(6):
            call, legs = chance.choice(CALLS), bool(self.talked)
            chance.choice([
                lambda: self.pays(STEP * chance.randrange(1, 4)),
                lambda call=call: self.dials(call),
                lambda call=call: self.is_answered(call),
                lambda call=call: self.hangs_up(call, outside=chance.random() < 0.5),
                lambda: self.time_passes(chance.randrange(1, 40)),
                lambda: self.nobody_lives_for_a_while(chance.randrange(1, 6)),
                lambda legs=legs: self.is_charged(chance.randrange(8)) if legs else None,
            ])()  # fmt: skip
            self.what_is_set_aside_adds_up()
            self.nobody_talks_on_credit()

    @rule(amount=st.sampled_from([Decimal("0.1"), Decimal("0.35"), Decimal(1)]))
    def pays(self, amount: Decimal) -> None:
        self.moves(amount)

    @rule(call=st.sampled_from(CALLS))
    def dials(self, call: str) -> None:
        if self.centre.call(call) is None and call not in self.legs:
            self.centre.arrive(call, number="4002")
            self.centre.use.enqueue.answered("t", call)
            self.does_as_told()
            self.reached["dialled" if call in self.legs else "refused"] += 1

    @rule(call=st.sampled_from(CALLS))
    def is_answered(self, call: str) -> None:
        if call in self.legs and call not in self.began:
            self.began[call] = self.centre.clock.now()
            self.centre.use.forward.parked("t", call, self.legs[call], "fs1")
            self.centre.use.answer.joined("t", call, self.legs[call])
            self.does_as_told()

    @rule(call=st.sampled_from(CALLS), outside=st.booleans())
    def hangs_up(self, call: str, *, outside: bool) -> None:
        if call in self.legs and outside:
            self.leg_ends(call)
        elif call in self.legs:
            self.caller_ends(call)
        self.does_as_told()

    @rule(seconds=st.integers(1, 40))
    def time_passes(self, seconds: int) -> None:
        for _ in range(seconds):
            self.centre.clock.pass_s(1)
            self.centre.fire()
            self.does_as_told()

    @rule(seconds=st.integers(1, 6))
    def nobody_lives_for_a_while(self, seconds: int) -> None:
        """The next orchestrator remembers nothing and finds the legs as they are."""
        self.centre.clock.pass_s(seconds)
        self.centre.store.forget_all()
        self.centre.use.reconcile.adopt("fs1", self.centre.use.reconcile.known("fs1"), self.seen(), restarted=False)
        self.centre.fire()
        self.does_as_told()

    @precondition(lambda self: self.talked)
    @rule(pick=st.integers(0, 7))
    def is_charged(self, pick: int) -> None:
        leg = sorted(self.talked)[pick % len(self.talked)]
        charged, held = cost(self.talked.pop(leg)), self.balances.held("t")
        self.beyond = self.beyond + max(Decimal(0), charged - held[leg]) if len(held) > 1 else Decimal(0)
        self.moves(-charged, [leg])

    def moves(self, amount: Decimal, legs: Iterable[str] = ()) -> None:
        self.available, self.movements = self.available + amount, self.movements + 1
        self.balances.settle("t", self.movements, self.available, TERMS, legs)

    def seen(self) -> list[LegSeen]:
        found = []
        for call, leg in self.legs.items():
            talks = call in self.began
            found.append(LegSeen(leg=call, tenant="t", call=call, inbound=True, answered=1, bridged=talks,
                                 playing=not talks, number="4002"))  # fmt: skip
            found.append(LegSeen(leg=leg, role="outside", tenant="t", call=call, bridged=talks, called=NUMBER,
                                 answered=self.began.get(call, 0)))  # fmt: skip
        return found

    def does_as_told(self) -> None:
        """The switch rings and hangs up as it is told, and tells it."""
        while told := self.centre.telephony.take():
            for command in told:
                if isinstance(command, RingNumber):
                    self.legs[command.call] = command.leg
                elif isinstance(command, HangUp) and command.leg in self.legs:
                    self.caller_ends(command.leg)
                elif isinstance(command, HangUp):
                    self.reached[command.cause] += 1
                    self.leg_ends(next((call for call, leg in self.legs.items() if leg == command.leg), ""))

    def leg_ends(self, call: str) -> None:
        leg = self.legs.pop(call, "")
        if leg:
            began = self.began.pop(call, None)
            if began is not None:
                self.talked[leg] = self.centre.clock.now() - began
            self.centre.use.end.agent_leg_ended("t", call, LegReport(leg=leg, role="outside"))
            self.centre.use.end.caller_left("t", call, LegReport(leg=call, role="caller"))

    def caller_ends(self, call: str) -> None:
        self.centre.use.end.caller_left("t", call, LegReport(leg=call, role="caller"))
        self.leg_ends(call)

    @invariant()
    def what_is_set_aside_adds_up(self) -> None:
        """Every leg that rings or talks, or is not charged yet, has money of its own; nobody else has."""
        held = self.balances.held("t")
        reserved = Decimal(int(self.centre.redis.hget(keys.balance("t"), "reserved") or 0)).scaleb(-6)
        assert reserved == sum(held.values(), Decimal(0))
        assert held.keys() == {*self.legs.values(), *self.talked}

    @invariant()
    def nobody_talks_on_credit(self) -> None:
        """At any moment all that was talked costs no more than what is set aside, and one increment a leg where nobody
        lived at its limit; what is set aside was there when it was. What charged legs cost `beyond` what was set aside
        for them is missing until no leg is left from that time.
        """
        held, now = self.balances.held("t"), self.centre.clock.now()
        used = {leg: cost(us) for leg, us in self.talked.items()}
        used |= {self.legs[call]: cost(now - began) for call, began in self.began.items()}
        assert all(amount <= held[leg] + STEP for leg, amount in used.items())
        assert sum(held.values(), Decimal(0)) <= max(self.available, Decimal(0)) + STEP * len(used) + self.beyond


def cost(us: int) -> Decimal:
    """What a talk of so many microseconds costs."""
    return charge_call(VERSION, Usage(direction=CallDirection.OUT, number=NUMBER, ms=us * 1000 // SECOND), 0).total


def test_prepaid_calls_in_any_order(redis_url: str) -> None:
    """BILL-1, SAFE-1: however many calls begin, end, are charged, and whoever dies meanwhile."""
    AnyOrderPrepaid.url = redis_url
    run_state_machine_as_test(
        AnyOrderPrepaid,
        settings=settings(
            max_examples=10,
            stateful_step_count=12,
            deadline=None,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
    assert AnyOrderPrepaid.reached.keys() >= {"dialled", "refused", "ALLOTTED_TIMEOUT"}, AnyOrderPrepaid.reached
