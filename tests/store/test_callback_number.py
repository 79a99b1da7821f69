"""Callers who key in the number on which they want to be called back."""

from dataclasses import replace

import pytest

from orchestrator.domain.blacklist import BlockedNumber, Direction
from orchestrator.domain.call_states import CallState, Outcome
from orchestrator.domain.callback import CallbackRule
from orchestrator.domain.commands import AskDigits, AskKey, Command, HangUp, InterruptMusic
from orchestrator.domain.config import PromptConfig
from orchestrator.domain.events import CallbackPromised, CallEnded, QueueLeft
from orchestrator.domain.trunks import Trunk
from orchestrator.service.end_call import LegReport
from orchestrator.store.blacklist import RedisBlacklistWriter
from tests.store.test_callback import rung, story
from tests.support.call_centre import CallCentre

ASKS = CallbackRule(number_prompt="which", confirm_prompt="right", invalid_prompt="wrong", refused_prompt="sorry")


@pytest.fixture
def asking(redis_url: str) -> CallCentre:
    """The queue asks for the number, and the pieces that read it are there."""
    centre = CallCentre(redis_url, agents=2, callback=ASKS, max_wait_s=300, max_length=1)
    names = ("which", "right", "wrong", "sorry", *(f"piece-zh-{digit}" for digit in range(10)))
    centre.config = replace(
        centre.config,
        version=2,
        numbers={"4001": replace(centre.config.numbers["4001"], trunk="pstn")},
        prompts={name: PromptConfig(id=name, name=name, path=f"t/{name}.wav", ms=500) for name in names},
        trunks={"pstn": Trunk(name="pstn", rewrite=(("+86", "0"),))},
    )
    centre.publish()
    return centre


def keyed(centre: CallCentre, keys: str) -> list[Command]:
    """The present question is answered; returns what the switch is told then."""
    centre.use.steps.step_over("t", "c1", centre.call("c1").step, keys)
    return centre.telephony.take()


def asked(centre: CallCentre, caller: str = "13800138000") -> None:
    centre.arrive("c1", caller=caller)
    centre.use.enqueue.answered("t", "c1")
    centre.telephony.take()
    centre.use.callbacks.pressed("t", "c1", "1")
    (question,) = centre.telephony.take()
    assert isinstance(question, AskDigits)
    assert question.sounds == ("t/which.wav",)


def test_another_number_is_read_back_and_promised(asking: CallCentre) -> None:
    """QUEUE-5: as it was keyed in, digit by digit; 1 takes it, and that number is rung at the turn."""
    asked(asking)
    (question,) = keyed(asking, "02112345678")
    assert isinstance(question, AskKey)
    assert question.sounds == (*(f"t/piece-zh-{digit}.wav" for digit in "02112345678"), "t/right.wav")
    assert keyed(asking, "1") == [HangUp(leg="c1")]
    asking.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    call = asking.call("c1")
    assert (call.state, call.away, call.callback.number) == (CallState.WAITING, True, "+862112345678")
    asking.online("a1")
    assert rung(asking).number == "02112345678"
    assert story(asking, QueueLeft) == []


@pytest.mark.parametrize("pressed", ["", "2"])
def test_a_number_that_is_not_taken_is_asked_for_again(asking: CallCentre, pressed: str) -> None:
    """QUEUE-5: 2, or nothing, asks anew; who then keys in nothing is called back where he calls from."""
    asked(asking)
    keyed(asking, "13900001111")
    (question,) = keyed(asking, pressed)
    assert isinstance(question, AskDigits)
    assert keyed(asking, "") == [HangUp(leg="c1")]
    assert asking.call("c1").callback.number == "+8613800138000"


def test_what_is_no_number_is_asked_again_then_the_caller_waits_on(asking: CallCentre) -> None:
    """QUEUE-5, QUEUE-3: told so, three times at most; then back in the old place of a full line, with the old limit."""
    asked(asking)
    before = asking.call("c1")
    for digits in ("12", "95588"):
        (question,) = keyed(asking, digits)
        assert isinstance(question, AskDigits)
        assert question.sounds == ("t/wrong.wav", "t/which.wav")
    asking.clock.pass_s(5)
    told = keyed(asking, "0")
    assert [command.sounds for command in told if isinstance(command, InterruptMusic)] == [("t/wrong.wav",)]
    call = asking.call("c1")
    assert (call.state, call.callback, call.wanted) == (CallState.WAITING, None, "")
    assert (call.place, call.limit) == (before.place, before.limit)
    asking.use.callbacks.pressed("t", "c1", "1")
    assert asking.call("c1").menu_tries == 1


def test_a_number_that_must_not_be_called_is_refused_politely(asking: CallCentre) -> None:
    """BLACK-1, QUEUE-5: the caller hears so and may key in another; nothing of it is promised."""
    blocked = BlockedNumber(entry="+8613900001111", direction=Direction.OUT, expires=None)
    RedisBlacklistWriter(asking.redis, asking.clock).put("t", [blocked])
    asked(asking)
    (question,) = keyed(asking, "13900001111")
    assert isinstance(question, AskDigits)
    assert question.sounds == ("t/sorry.wav", "t/which.wav")
    assert story(asking, CallbackPromised) == []


def test_who_hides_the_number_can_still_key_one_in(asking: CallCentre) -> None:
    """QUEUE-5: without one there is nothing to call back: the caller waits on."""
    asked(asking, caller="anonymous")
    keyed(asking, "")
    assert asking.call("c1").state is CallState.WAITING
    assert asking.call("c1").callback is None
    asking.use.callbacks.pressed("t", "c1", "1")
    keyed(asking, "13900001111")
    keyed(asking, "1")
    assert asking.call("c1").callback.number == "+8613900001111"


def test_hanging_up_while_asked_is_giving_up_the_line(asking: CallCentre) -> None:
    """QUEUE-6: the caller was still in the line: abandoned, once."""
    asked(asking)
    asking.clock.pass_s(10)
    asking.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller"))
    assert [left.outcome for left in story(asking, QueueLeft)] == [Outcome.ABANDONED]
    assert [ended.outcome for ended in story(asking, CallEnded)] == [Outcome.ABANDONED]


def test_a_question_whose_end_nobody_told(asking: CallCentre) -> None:
    """SAFE-1: taken as nothing keyed in: the caller is called back where he calls from."""
    asked(asking)
    asking.clock.pass_s(120)
    asking.fire()
    assert asking.call("c1").callback.number == "+8613800138000"
