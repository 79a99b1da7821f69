"""Calls put through to a telephone outside by a real FreeSWITCH: heard in both telephones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.domain.config import Destination, NumberConfig, Way, to_queue
from orchestrator.domain.trunks import Trunk
from tests.support.real_centre import NUMBER, QUEUE, RealCentre
from tests.support.real_switch import DOMAIN, RealSwitch, find_freeswitch, why_missing
from tests.support.real_talk import both_hear_each_other, music, ringing
from tests.support.sip_call import State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Manner, Phone

OUT = Destination(way=Way.NUMBER, target="13900001111", otherwise=to_queue(QUEUE))


@pytest.fixture(scope="module")
def trunked(tmp_path_factory: pytest.TempPathFactory, sip_loop: SipLoop) -> Iterator[tuple[RealSwitch, Phone]]:
    """A switch with a trunk, and the telephone behind it."""
    if find_freeswitch() is None:
        pytest.skip(why_missing())
    switch = RealSwitch(tmp_path_factory.mktemp("trunked"))
    switch.prepare()
    outside = Phone(sip_loop, "carrier", "", switch.trunk, DOMAIN, 1300)
    switch.add_trunk("pstn", outside.address[1])
    switch.start()
    yield switch, outside
    outside.close()
    switch.stop()


@pytest.fixture
def switch(trunked: tuple[RealSwitch, Phone]) -> RealSwitch:
    """Callers come in here."""
    return trunked[0]


@pytest.fixture
def centre(trunked: tuple[RealSwitch, Phone], tmp_path: Path) -> Iterator[RealCentre]:
    """A tenant whose number leads outside, to the queue otherwise."""
    number = NumberConfig(number=NUMBER, route=OUT, trunk="pstn")
    trunks = {"pstn": Trunk(name="pstn", rewrite=(("+86", "0"),))}
    with RealCentre(trunked[0], tmp_path, (), numbers={NUMBER: number}, trunks=trunks) as centre:
        yield centre
    with trunked[0].connect() as esl:
        esl.hang_up_everything()


def test_they_talk(centre: RealCentre, caller: Phone, trunked: tuple[RealSwitch, Phone]) -> None:
    """CALL-1: the telephone outside rings, is answered, both hear each other; when it hangs up the caller is let go."""
    outside = trunked[1].behave(Manner(answer_after=None))
    call = caller.dial(NUMBER)
    answered = outside.answer(ringing(outside))
    both_hear_each_other(call, answered)
    answered.hang_up()
    call.wait(State.ENDED)
    centre.wait("the end", lambda: centre.outcomes() == ["forwarded"], 20)


def test_busy_outside(centre: RealCentre, caller: Phone, trunked: tuple[RealSwitch, Phone]) -> None:
    """CALL-1, QUEUE-1: the caller stands in the queue and hears its music."""
    trunked[1].behave(Manner(refuse=486))
    call = caller.dial(NUMBER)
    centre.wait("the line", lambda: "queue_entered" in centre.events(), 20)
    music(call)
    call.hang_up()
    centre.wait("the end", lambda: centre.outcomes() == ["abandoned"], 20)


def test_the_telephone_outside_can_transfer_nobody(
    centre: RealCentre, caller: Phone, trunked: tuple[RealSwitch, Phone]
) -> None:
    """CALL-1, SAFE-4: a REFER that comes by a trunk is refused by the switch, and the talk goes on."""
    outside = trunked[1].behave(Manner(answer_after=None))
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
