"""Calls of a company that pays before: refused, extended, warned, ended; and whatever dies meanwhile (BILL-1)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from orchestrator.domain.billing.prepaid import BillingTerms
from orchestrator.domain.billing.tariff import CallDirection, Rate, TariffVersion
from orchestrator.domain.call_states import CallState, Outcome, Party
from orchestrator.domain.commands import HangUp, LimitTalk, RingNumber, TakeOver
from orchestrator.domain.config import Destination, NumberConfig, Way, to_queue
from orchestrator.domain.events import (
    BalanceEnds,
    BalanceUsedUp,
    CallEnded,
    CallRefused,
    CallRouted,
    CallUnpaid,
    OutsideCalled,
)
from orchestrator.domain.trunks import Trunk
from orchestrator.service.end_call import LegReport
from orchestrator.service.errors import BalanceUsedUpError, NoRateError
from orchestrator.service.ports import StaleError
from orchestrator.service.reconcile import Known
from orchestrator.service.seen import LegSeen
from orchestrator.store import keys
from orchestrator.store.balances import RedisBalances
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import CallCentre
from tests.support.outbound import calling, calling_centre, place

D = Decimal
MOBILE = "+8613900001111"
OUT = Destination(way=Way.NUMBER, target="139 0000 1111", ring_s=20, otherwise=to_queue("sales"))

#: Out: 0.10 for each six seconds begun. In, to 4009 alone: 0.60 a minute, whole minutes.
TERMS = BillingTerms(
    prepaid=True,
    versions=(
        TariffVersion(
            tariff="prepaid", number=1, valid_from=0, rents={},
            rates=(
                Rate(direction=CallDirection.OUT, prefix="+86", name="China", price=D(1), first_s=6, next_s=6),
                Rate(direction=CallDirection.IN, prefix="4009", name="Hotline", price=D("0.6"), first_s=60, next_s=60),
            ),
        ),
    ),
)  # fmt: skip


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """4001 leads to the queue and costs nothing, 4002 leads outside, 4009 costs money and leads to the queue."""
    centre = CallCentre(redis_url)
    numbers = {
        number: NumberConfig(number=number, route=OUT if number == "4002" else to_queue("sales"), trunk="pstn")
        for number in ("4001", "4002", "4009")
    }
    trunks = {"pstn": Trunk(name="pstn")}
    centre.config = replace(centre.config, version=2, numbers=numbers, trunks=trunks)
    centre.publish()
    return centre


def balance(centre: CallCentre, amount: str, n: int = 1) -> RedisBalances:
    balances = RedisBalances(centre.redis)
    balances.settle("t", n, D(amount), TERMS)
    return balances


def reserved(centre: CallCentre) -> Decimal:
    """What is set aside, as the account says; it must be the sum of what is set aside for legs."""
    total = Decimal(int(centre.redis.hget(keys.balance("t"), "reserved") or 0)).scaleb(-6)
    assert total == sum(RedisBalances(centre.redis).held("t").values(), D(0))
    return total


def story(centre: CallCentre, kind: type) -> list:  # type: ignore[type-arg]
    events = [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]
    return [event for event in events if isinstance(event, kind)]


def dial(centre: CallCentre, call: str = "c1", number: str = "4002") -> list[RingNumber]:
    """A caller dials; returns what is rung outside."""
    centre.arrive(call, number=number)
    centre.use.enqueue.answered("t", call)
    return [command for command in centre.telephony.take() if isinstance(command, RingNumber)]


def talk(centre: CallCentre, call: str = "c1") -> str:
    """The telephone outside answers; returns its leg."""
    leg = dial(centre, call)[0].leg
    centre.use.forward.parked("t", call, leg, "fs1")
    centre.use.answer.joined("t", call, leg)
    return leg


def test_nothing_rings_that_cannot_be_paid_for(centre: CallCentre) -> None:
    """BILL-1: with less than one increment nobody is called; the caller goes on, and the story says why."""
    balance(centre, "0.09")
    assert dial(centre) == []
    assert (centre.call("c1").state, centre.call("c1").queue) == (CallState.WAITING, "sales")
    assert [(event.number, event.reason) for event in story(centre, CallUnpaid)] == [(MOBILE, "balance_used_up")]
    assert story(centre, CallRouted)[-1].reason == "balance_used_up"
    assert story(centre, OutsideCalled) == []
    assert reserved(centre) == 0


def test_an_inbound_call_that_cannot_be_paid_for_is_refused(centre: CallCentre) -> None:
    """BILL-1: a company that pays for inbound calls takes none that would overdraw; its outcome says so."""
    balance(centre, "0.59")
    centre.arrive("c1", number="4009")
    assert centre.telephony.take() == [HangUp(leg="c1", cause="CALL_REJECTED")]
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller", cause="CALL_REJECTED"))
    (ended,) = story(centre, CallEnded)
    assert (ended.outcome, ended.hung_up_by) == (Outcome.UNPAID, Party.SYSTEM)
    centre.arrive("c2", number="4001")
    assert any(isinstance(command, TakeOver) for command in centre.telephony.take()), "this one costs nothing"
    assert centre.call("c2").meters == ()


def test_a_talk_is_extended_warned_and_ended(centre: CallCentre) -> None:
    """BILL-1: a minute at a time; 30 s before the end a tone, then the end, again if need be (SAFE-1).

    The switch itself has an order to end it ten seconds later, for when nobody is left.
    """
    balance(centre, "1.65")
    leg = talk(centre)
    assert LimitTalk(leg=leg, after_s=70) in centre.telephony.take()
    assert reserved(centre) == 1
    centre.clock.pass_s(30)
    centre.fire()
    assert centre.telephony.take() == [LimitTalk(leg=leg, after_s=76)], "96 s in all are paid for"
    assert reserved(centre) == D("1.6")
    centre.clock.pass_s(36)
    centre.fire()
    assert centre.telephony.take() == [LimitTalk(leg=leg, after_s=40, warn=True)]
    (warned,) = story(centre, BalanceEnds)
    assert warned.until - centre.clock.now() == 30_000_000
    centre.clock.pass_s(29)
    centre.fire()
    assert centre.telephony.take() == []
    for _ in range(2):
        centre.clock.pass_s(6)
        centre.fire()
        assert centre.telephony.take() == [HangUp(leg=leg, cause="ALLOTTED_TIMEOUT")]
    assert len(story(centre, BalanceUsedUp)) == 1
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="outside", cause="ALLOTTED_TIMEOUT"))
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    (ended,) = story(centre, CallEnded)
    assert (ended.outcome, ended.hung_up_by) == (Outcome.FORWARDED, Party.SYSTEM)
    assert reserved(centre) == D("1.6"), "until the call is charged"


def test_a_payment_in_the_last_moment(centre: CallCentre) -> None:
    """BILL-1: whoever was warned talks on when there is money again."""
    balances = balance(centre, "0.3")
    leg = talk(centre)
    centre.fire()
    assert LimitTalk(leg=leg, after_s=28, warn=True) in centre.telephony.take()
    balances.settle("t", 2, D(9), TERMS)
    centre.clock.pass_s(18)
    centre.fire()
    assert centre.telephony.take() == [LimitTalk(leg=leg, after_s=70)]
    assert not centre.call("c1").meters[0].last


def test_who_pays_later_from_now_on_has_no_limit(centre: CallCentre) -> None:
    """BILL-1: the switch's own limit is taken away with the meter."""
    balances = balance(centre, "1")
    leg = talk(centre)
    centre.telephony.take()
    balances.settle("t", 2, D(1), replace(TERMS, prepaid=False))
    centre.clock.pass_s(30)
    centre.fire()
    assert centre.telephony.take() == [LimitTalk(leg=leg, after_s=0)]
    assert centre.call("c1").meters == ()


@pytest.mark.parametrize("end", ["busy", "refused by the trunk", "caller hangs up"])
def test_what_was_never_answered_costs_nothing(centre: CallCentre, end: str) -> None:
    """BILL-1: what is set aside for a leg that was not answered is given back at once."""
    balance(centre, "1")
    leg = dial(centre)[0].leg
    assert reserved(centre) == 1
    if end == "busy":
        centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="outside", cause="USER_BUSY"))
    elif end == "caller hangs up":
        centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    else:
        centre.use.forward.failed("t", "c1", leg, "INVALID_GATEWAY")
    assert reserved(centre) == 0


def test_a_decision_that_loses_a_race_sets_nothing_aside(centre: CallCentre, monkeypatch: pytest.MonkeyPatch) -> None:
    """BILL-1, SAFE-1: money is set aside once, however often the decision has to be taken."""
    balance(centre, "1.95")
    commit, lost = centre.store.commit, []

    def lose(change):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        if change.calls and not lost and change.calls[0][1].state is CallState.FORWARDING:
            lost.append(change)
            centre.store.forget("t", ["c1"])
            raise StaleError
        return commit(change)

    monkeypatch.setattr(centre.store, "commit", lose)
    assert len(dial(centre)) == 1
    assert (len(lost), reserved(centre)) == (1, 1)


def test_another_orchestrator_goes_on(centre: CallCentre, redis_url: str) -> None:
    """SAFE-1: all of it is in Redis: whoever takes over ends the talk in time, also when that is past."""
    balance(centre, "0.6")
    leg = talk(centre)
    other = CallCentre(redis_url)
    other.clock.at = centre.clock.now()
    other.clock.pass_s(300)
    other.fire()
    assert HangUp(leg=leg, cause="ALLOTTED_TIMEOUT") in other.telephony.take()


def test_meters_outlive_a_redis_that_loses_everything(centre: CallCentre) -> None:
    """SAFE-1, BILL-1: the talk is rebuilt from its channels and money is set aside for it again; no agent's is."""
    balance(centre, "5")
    leg = talk(centre)
    began = centre.clock.now()
    centre.clock.pass_s(20)
    centre.redis.flushdb()
    centre.store.forget_all()
    centre.config = replace(centre.config, version=1)
    centre.publish()
    balance(centre, "5")
    seen = [
        LegSeen(leg="c1", tenant="t", call="c1", inbound=True, answered=began, created=began, bridged=True,
                caller="13800138000", number="4002"),
        LegSeen(leg=leg, role="outside", tenant="t", call="c1", bridged=True, number=MOBILE, answered=began),
    ]  # fmt: skip
    for _ in range(2):
        centre.use.reconcile.adopt("fs1", Known(frozenset(), frozenset()), seen, restarted=False)
    (meter,) = centre.call("c1").meters
    assert (meter.leg, meter.number) == (leg, MOBILE)
    assert RedisBalances(centre.redis).held("t").keys() == {leg}


def test_an_agent_calls_nobody_who_cannot_be_paid_for(redis_url: str) -> None:
    """BILL-1, OUT-1: refused before the own phone rings, and written down; what came to nothing costs nothing."""
    centre = calling_centre(redis_url)
    centre.online("a1")
    balances = balance(centre, "0.09")
    with pytest.raises(BalanceUsedUpError):
        place(centre)
    assert centre.telephony.take() == []
    assert [event.reason for event in story(centre, CallRefused)] == ["balance_used_up"]
    balances.settle("t", 2, D(1), TERMS)
    with pytest.raises(NoRateError):
        place(centre, number="95588")
    dial = calling(centre)
    assert reserved(centre) == 1
    centre.use.outbound.dialled("t", "o1", dial.leg, "USER_BUSY")
    assert reserved(centre) == 0


def test_a_call_of_an_agent_ends_with_the_balance(redis_url: str) -> None:
    """BILL-1, OUT-1: the customer's leg is what is paid for, by the number called."""
    centre = calling_centre(redis_url)
    centre.online("a1")
    balance(centre, "0.6")
    calling(centre)
    centre.use.outbound.answered("t", "o1", "o1", "fs1", centre.clock.now())
    assert LimitTalk(leg="o1", after_s=46) in centre.telephony.take()
    for told in (LimitTalk(leg="o1", after_s=40, warn=True), HangUp(leg="o1", cause="ALLOTTED_TIMEOUT")):
        centre.clock.pass_s(6 if told.type == "limit_talk" else 30)
        centre.fire()
        assert told in centre.telephony.take()
    assert (centre.call("o1").hung_up_by, centre.call("o1").meters[0].number) == (Party.SYSTEM, "+8613900139000")
