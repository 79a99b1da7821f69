"""Whoever takes over finds mobiles that ring, were answered, or are gone (MOB-1, SAFE-1)."""

from dataclasses import replace

import pytest

from orchestrator.domain.commands import HangUp, Join
from orchestrator.domain.events import OfferEnded
from orchestrator.domain.music import DEFAULT_MUSIC
from orchestrator.domain.offer import OfferState
from orchestrator.service.seen import LegSeen, question_name
from orchestrator.store import keys
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import CallCentre
from tests.support.mobile import asked, mobile_centre, picked_up, rung


@pytest.fixture
def centre(redis_url: str) -> CallCentre:
    return mobile_centre(redis_url)


def take_over(centre: CallCentre, *seen: LegSeen) -> None:
    centre.use.reconcile.adopt("fs1", centre.use.reconcile.known("fs1"), seen, restarted=False)


def caller(*, bridged: bool = False) -> LegSeen:
    return LegSeen(
        leg="c1",
        tenant="t",
        call="c1",
        inbound=True,
        answered=1,
        bridged=bridged,
        playing=not bridged,
        sound=f"file_string:///s/{DEFAULT_MUSIC.path}",
    )


def mobile(leg: str, *, parked: bool) -> LegSeen:
    return LegSeen(leg=leg, role="agent", tenant="t", call="c1", agent="a1", parked=parked, rings=True)


def test_whoever_takes_over_goes_on(centre: CallCentre) -> None:
    """SAFE-1, MOB-1: still ringing; answered meanwhile; asked before: asked once more, and both keys count."""
    centre.online("a1")
    centre.queue("c1")
    leg = rung(centre).leg
    take_over(centre, caller(), mobile(leg, parked=False))
    assert centre.telephony.take() == []
    take_over(centre, caller(), mobile(leg, parked=True))
    first = asked(centre)
    take_over(centre, caller(), mobile(leg, parked=True))
    second = asked(centre)
    assert first.step != second.step
    centre.use.answer.keyed("t", "c1", leg, first.step, "")
    assert centre.call("c1").asked.state is OfferState.CONFIRMING
    centre.use.answer.keyed("t", "c1", leg, first.step, "1")
    told = [command for command in centre.telephony.take() if isinstance(command, Join)]
    assert told == [Join(leg="c1", tenant="t", agent_leg=leg)]


def test_a_mobile_that_was_asked_is_not_asked_again(centre: CallCentre) -> None:
    """SAFE-1, MOB-1: the question goes on; a key pressed while nobody was there counts, and so does silence."""
    centre.online("a1")
    centre.queue("c1")
    leg, question = picked_up(centre)
    seen = replace(mobile(leg, parked=True), question=question_name(question.step), asking=True)
    take_over(centre, caller(), seen)
    assert centre.telephony.take() == []
    take_over(centre, caller(), replace(seen, asking=False, key="1"))
    assert [command for command in centre.telephony.take() if isinstance(command, Join)]


def test_a_mobile_that_did_not_answer_the_question(centre: CallCentre) -> None:
    """MOB-1: nothing was pressed while nobody was there: the mailbox is let go, the caller waits on."""
    centre.online("a1")
    centre.queue("c1")
    leg, question = picked_up(centre)
    take_over(centre, caller(), replace(mobile(leg, parked=True), question=question_name(question.step)))
    assert HangUp(leg=leg) in centre.telephony.take()
    assert centre.call("c1").tried == ("a1",)


def test_a_mobile_that_is_gone_when_somebody_takes_over(centre: CallCentre) -> None:
    """SAFE-1, MOB-1: it hung up while nobody was there: the agent is free and asked again at once."""
    centre.online("a1")
    centre.queue("c1")
    leg, _ = picked_up(centre)
    take_over(centre, caller())
    found = [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]
    assert [event.result for event in found if isinstance(event, OfferEnded)] == [OfferState.CANCELLED]
    assert centre.call("c1").asked.leg != leg
