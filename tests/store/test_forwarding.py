"""Callers who are put through to a telephone outside."""

from dataclasses import replace

import pytest

from orchestrator.domain.blacklist import BlockedNumber, Direction
from orchestrator.domain.call_states import CallState, Outcome, Party
from orchestrator.domain.commands import HangUp, Join, Park, PlayMusic, PlayRinging, RingNumber, StopPlaying
from orchestrator.domain.config import Destination, NumberConfig, Way, to_queue
from orchestrator.domain.events import CallEnded, CallRouted, Forwarded, ForwardEnded, QueueLeft
from orchestrator.domain.forward import ForwardResult
from orchestrator.domain.trunks import Trunk
from orchestrator.service.end_call import LegReport
from orchestrator.service.reconcile import Known
from orchestrator.service.seen import LegSeen
from orchestrator.store import keys
from orchestrator.store.blacklist import RedisBlacklistWriter
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import CallCentre

MOBILE = "+8613900001111"
OUT = Destination(way=Way.NUMBER, target="139 0000 1111", ring_s=20, otherwise=to_queue("sales"))


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    """Number 4002 leads outside, to the queue otherwise; 4003 is one that belongs to no trunk."""
    centre = CallCentre(redis_url, max_wait_s=30)
    numbers = {
        "4001": NumberConfig(number="4001", route=to_queue("sales"), trunk="pstn"),
        "4002": NumberConfig(number="4002", route=OUT, trunk="pstn"),
        "4003": NumberConfig(number="4003", route=OUT),
    }
    configure(centre, numbers=numbers, trunks={"pstn": Trunk(name="pstn", rewrite=(("+86", "0"),))})
    return centre


def configure(centre: CallCentre, **changes: object) -> None:
    centre.config = replace(centre.config, version=centre.config.version + 1, **changes)  # type: ignore[arg-type]
    centre.publish()


def ring(centre: CallCentre, number: str = "4002") -> RingNumber:
    """A caller dials; returns what the trunk is asked."""
    centre.arrive("c1", number=number)
    centre.use.enqueue.answered("t", "c1")
    told = centre.telephony.take()
    return next(command for command in told if isinstance(command, RingNumber))


def talk(centre: CallCentre) -> str:
    """Somebody answers; returns the outside leg."""
    leg = ring(centre).leg
    centre.use.forward.parked("t", "c1", leg, "fs1")
    assert centre.telephony.take() == [Join(leg="c1", tenant="t", agent_leg=leg)]
    centre.use.answer.joined("t", "c1", leg)
    return leg


def story(centre: CallCentre, kind: type) -> list:  # type: ignore[type-arg]
    events = [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]
    return [event for event in events if isinstance(event, kind)]


def test_a_number_leads_outside(centre: CallCentre) -> None:
    """CALL-1, NUM-1: the caller hears that it rings; the trunk gets the number as it wants it, and the one dialled."""
    centre.arrive("c1", number="4002")
    centre.use.enqueue.answered("t", "c1")
    tone, order = centre.telephony.take()[-2:]
    assert tone == PlayRinging(leg="c1")
    assert isinstance(order, RingNumber)
    assert (order.number, order.trunk, order.caller_id, order.ring_s) == ("013900001111", "pstn", "4002", 20)
    assert (order.call, order.role, centre.call("c1").state) == ("c1", "outside", CallState.FORWARDING)


def test_they_talk_until_the_caller_hangs_up(centre: CallCentre) -> None:
    """CALL-1, CDR-1: outcome forwarded, and the telephone outside is let go."""
    leg = talk(centre)
    assert centre.call("c1").state is CallState.FORWARDED
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    assert HangUp(leg=leg) in centre.telephony.take()
    (ended,) = story(centre, CallEnded)
    assert (ended.outcome, ended.hung_up_by) == (Outcome.FORWARDED, Party.CALLER)
    assert [event.result for event in story(centre, ForwardEnded)] == [ForwardResult.ENDED]


def test_they_talk_until_the_other_side_hangs_up(centre: CallCentre) -> None:
    """CALL-1, CDR-1: the caller is let go; it was the telephone outside that hung up."""
    leg = talk(centre)
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="outside"))
    assert centre.telephony.take() == [HangUp(leg="c1")]
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    (ended,) = story(centre, CallEnded)
    assert (ended.outcome, ended.hung_up_by) == (Outcome.FORWARDED, Party.OUTSIDE)


@pytest.mark.parametrize(
    ("cause", "reason"),
    [("USER_BUSY", "outside_busy"), ("NO_ANSWER", "outside_no_answer"), ("CALL_REJECTED", "outside_refused"),
     ("UNALLOCATED_NUMBER", "outside_invalid"), ("NORMAL_TEMPORARY_FAILURE", "outside_failed")],
)  # fmt: skip
def test_who_is_not_reached_costs_nobody_the_call(centre: CallCentre, cause: str, reason: str) -> None:
    """CALL-1, QUEUE-1: whatever the trunk says, the caller goes where the destination says, and hears it."""
    leg = ring(centre).leg
    centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="outside", cause=cause))
    told = centre.telephony.take()
    assert told[0] == StopPlaying(leg="c1")
    assert any(isinstance(command, PlayMusic) for command in told)
    assert (centre.call("c1").state, centre.call("c1").queue) == (CallState.WAITING, "sales")
    assert story(centre, CallRouted)[-1].reason == reason
    centre.use.forward.failed("t", "c1", leg, cause)
    assert centre.call("c1").state is CallState.WAITING


def test_a_trunk_that_is_not_there(centre: CallCentre) -> None:
    """CALL-1: no leg ever was; the caller goes on."""
    leg = ring(centre).leg
    centre.use.forward.failed("t", "c1", leg, "INVALID_GATEWAY")
    assert centre.call("c1").state is CallState.WAITING


def test_the_ring_time_is_a_deadline(centre: CallCentre) -> None:
    """CALL-1, SAFE-1: though the switch says nothing, the caller goes on and the leg is ended."""
    leg = ring(centre).leg
    centre.clock.pass_s(21)
    centre.fire()
    assert HangUp(leg=leg, cause="NO_ANSWER") in centre.telephony.take()
    assert centre.call("c1").state is CallState.WAITING


def test_a_join_that_nothing_proves(centre: CallCentre) -> None:
    """SAFE-1: told once more; after that the caller is parked, the telephone outside let go, and the call goes on."""
    leg = ring(centre).leg
    centre.use.forward.parked("t", "c1", leg, "fs1")
    centre.telephony.take()
    centre.clock.pass_s(1.1)
    centre.fire()
    assert centre.telephony.take() == [Join(leg="c1", tenant="t", agent_leg=leg, again=True)]
    centre.clock.pass_s(1.1)
    centre.fire()
    told = centre.telephony.take()
    assert Park(leg="c1") in told
    assert HangUp(leg=leg) in told
    assert centre.call("c1").state is CallState.WAITING


def test_a_caller_who_does_not_wait(centre: CallCentre) -> None:
    """CALL-1: the telephone outside stops ringing; a leg that answers meanwhile is doomed."""
    leg = ring(centre).leg
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    assert HangUp(leg=leg, cause="ORIGINATOR_CANCEL") in centre.telephony.take()
    centre.use.forward.parked("t", "c1", leg, "fs1")
    assert centre.telephony.take() == [HangUp(leg=leg, cause="ORIGINATOR_CANCEL")]
    (ended,) = story(centre, CallEnded)
    assert ended.outcome is Outcome.LEFT_MENU


def test_what_may_not_be_called_is_not(centre: CallCentre) -> None:
    """BLACK-1: a number on the outbound blacklist is never rung."""
    RedisBlacklistWriter(centre.redis, centre.clock).put(
        "t", [BlockedNumber(entry=MOBILE, direction=Direction.OUT, expires=None)]
    )
    centre.arrive("c1", number="4002")
    centre.use.enqueue.answered("t", "c1")
    assert not [command for command in centre.telephony.take() if isinstance(command, RingNumber)]
    assert story(centre, CallRouted)[-1].reason == "outside_blocked"
    assert centre.call("c1").state is CallState.WAITING


def test_only_owned_numbers_are_shown(centre: CallCentre) -> None:
    """NUM-1: a dialled number without a trunk is replaced by one that has one; a chosen one never is."""
    assert ring(centre, "4003").caller_id == "4001"
    wanted = replace(OUT, caller_id="4003")
    configure(centre, numbers={**centre.config.numbers, "4004": NumberConfig(number="4004", route=wanted)})
    centre.arrive("c2", number="4004")
    centre.use.enqueue.answered("t", "c2")
    assert not [command for command in centre.telephony.take() if isinstance(command, RingNumber)]
    assert story(centre, CallRouted)[-1].reason == "no_trunk"
    assert centre.call("c2").state is CallState.WAITING


def test_from_a_queue_that_has_timed_out(centre: CallCentre) -> None:
    """QUEUE-1, QUEUE-6: the stay in the line is timed out and counted once; the call itself was forwarded."""
    sales = replace(centre.config.queues["sales"], on_timeout=replace(OUT, otherwise=None))
    configure(centre, queues={"sales": sales})
    centre.queue("c1")
    centre.clock.pass_s(31)
    centre.fire()
    leg = next(c for c in centre.telephony.take() if isinstance(c, RingNumber)).leg
    centre.use.forward.parked("t", "c1", leg, "fs1")
    centre.use.answer.joined("t", "c1", leg)
    centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    assert [event.outcome for event in story(centre, QueueLeft)] == [Outcome.TIMED_OUT]
    assert [event.outcome for event in story(centre, CallEnded)] == [Outcome.FORWARDED]


def adopt(centre: CallCentre, *seen: LegSeen, known: bool = True) -> None:
    calls = frozenset({("t", "c1")}) if known else frozenset()
    centre.clock.pass_s(0.001)
    found = Known(calls, frozenset(), at=centre.clock.now())
    centre.use.reconcile.adopt("fs1", found, seen, restarted=False)


def caller(*, bridged: bool) -> LegSeen:
    return LegSeen(
        leg="c1", tenant="t", call="c1", inbound=True, answered=1, created=1, bridged=bridged, caller="13800138000",
        number="4002", parked=not bridged, playing=not bridged,
    )  # fmt: skip


def outside(leg: str, *, bridged: bool, parked: bool = False) -> LegSeen:
    return LegSeen(leg=leg, role="outside", tenant="t", call="c1", bridged=bridged, parked=parked, number=MOBILE)


def test_whoever_takes_over_goes_on(centre: CallCentre) -> None:
    """SAFE-1: ringing on, answered meanwhile, joined meanwhile, and gone meanwhile."""
    leg = ring(centre).leg
    adopt(centre, caller(bridged=False), outside(leg, bridged=False))
    assert centre.telephony.take() == []
    adopt(centre, caller(bridged=False), outside(leg, bridged=False, parked=True))
    assert centre.telephony.take() == [Join(leg="c1", tenant="t", agent_leg=leg)]
    adopt(centre, caller(bridged=True), outside(leg, bridged=True))
    assert centre.call("c1").state is CallState.FORWARDED
    adopt(centre, caller(bridged=False))
    assert centre.telephony.take() == [HangUp(leg="c1")]


def test_a_telephone_that_is_gone_when_somebody_takes_over(centre: CallCentre) -> None:
    """SAFE-1: perhaps whoever had it rung died before the switch was told: it is rung (again), for the whole time."""
    order = ring(centre)
    adopt(centre, caller(bridged=False))
    assert centre.telephony.take() == [PlayRinging(leg="c1"), order]
    centre.clock.pass_s(19.9)
    centre.fire()
    assert centre.call("c1").state is CallState.FORWARDING
    centre.use.forward.failed("t", "c1", order.leg, "USER_BUSY")
    assert centre.call("c1").state is CallState.WAITING


def test_a_telephone_that_cannot_be_rung_again(centre: CallCentre) -> None:
    """SAFE-1, NUM-1: its trunk is gone meanwhile: the caller goes where the destination says."""
    ring(centre)
    configure(centre, trunks={})
    adopt(centre, caller(bridged=False))
    assert centre.call("c1").state is CallState.WAITING


def test_a_talk_that_redis_has_lost(centre: CallCentre) -> None:
    """SAFE-1: rebuilt from the channels, with the same outcome."""
    leg = talk(centre)
    centre.redis.delete(keys.calls("t"))
    adopt(centre, caller(bridged=True), outside(leg, bridged=True), known=False)
    assert (centre.call("c1").state, centre.call("c1").outcome) == (CallState.FORWARDED, Outcome.FORWARDED)
    assert story(centre, Forwarded)[-1].leg == leg
    assert not [command for command in centre.telephony.take() if isinstance(command, HangUp)]


def test_a_caller_whom_the_switch_parks_instead_of_joining(centre: CallCentre) -> None:
    """SAFE-1: the telephone outside is let go and the caller goes on at once."""
    leg = ring(centre).leg
    centre.use.forward.parked("t", "c1", leg, "fs1")
    centre.use.steps.caller_parked("t", "c1")
    assert HangUp(leg=leg) in centre.telephony.take()
    assert centre.call("c1").state is CallState.WAITING
