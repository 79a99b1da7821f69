"""Calls put through to a telephone outside by a real FreeSWITCH: heard in both telephones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.domain.config import Destination, NumberConfig, Way, to_queue
from tests.support.real_centre import NUMBER, QUEUE, RealCentre, company
from tests.support.real_switch import RealSwitch
from tests.support.real_talk import both_hear_each_other, music, ringing
from tests.support.real_trunk import SHOWN, Trunked
from tests.support.sip_call import State
from tests.support.sip_phone import Manner, Phone

OUT = Destination(way=Way.NUMBER, target="13900001111", otherwise=to_queue(QUEUE))


@pytest.fixture
def switch(trunked: Trunked) -> RealSwitch:
    """Callers come in here."""
    return trunked.switch


@pytest.fixture
def centre(trunked: Trunked, tmp_path: Path) -> Iterator[RealCentre]:
    """A tenant whose number leads outside, to the queue otherwise."""
    number = NumberConfig(number=NUMBER, route=OUT, trunk="pstn")
    with company(trunked.switch, tmp_path, (), **(SHOWN | {"numbers": {NUMBER: number}})) as centre:
        yield centre


def test_they_talk(centre: RealCentre, caller: Phone, trunked: Trunked) -> None:
    """CALL-1: the telephone outside rings, is answered, both hear each other; when it hangs up the caller is let go."""
    outside = trunked.outside.behave(Manner(answer_after=None))
    before = len(outside.calls)
    call = caller.dial(NUMBER)
    answered = outside.answer(ringing(outside, before))
    both_hear_each_other(call, answered)
    answered.hang_up()
    call.wait(State.ENDED)
    centre.wait("the end", lambda: centre.outcomes() == ["forwarded"], 20)


def test_busy_outside(centre: RealCentre, caller: Phone, trunked: Trunked) -> None:
    """CALL-1, QUEUE-1: the caller stands in the queue and hears its music."""
    trunked.outside.behave(Manner(refuse=486))
    call = caller.dial(NUMBER)
    centre.wait("the line", lambda: "queue_entered" in centre.events(), 20)
    music(call)
    call.hang_up()
    centre.wait("the end", lambda: centre.outcomes() == ["abandoned"], 20)


def test_the_telephone_outside_can_transfer_nobody(centre: RealCentre, caller: Phone, trunked: Trunked) -> None:
    """CALL-1, SAFE-4: a REFER that comes by a trunk is refused by the switch, and the talk goes on."""
    outside = trunked.outside.behave(Manner(answer_after=None))
    before = len(outside.calls)
    call = caller.dial(NUMBER)
    answered = outside.answer(ringing(outside, before))
    both_hear_each_other(call, answered)
    answered.refer("1005")
    outside.loop.wait("the answer to it", lambda: bool(answered.referred), 5)
    assert answered.referred == 405
    both_hear_each_other(call, answered)
    answered.hang_up()
    call.wait(State.ENDED)
    centre.wait("the end", lambda: centre.outcomes() == ["forwarded"], 20)
