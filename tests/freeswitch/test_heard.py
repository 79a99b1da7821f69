"""What callers hear on a real FreeSWITCH: menus with keys, music, prompts in it, the end."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.config import Destination, Way
from orchestrator.domain.languages import SpokenLanguage
from orchestrator.store.clock import RedisClock
from tests.support.real_centre import NUMBER, QUEUE, TENANT, RealCentre
from tests.support.real_switch import RealSwitch
from tests.support.real_talk import both_hear_each_other, ringing
from tests.support.sip_call import Call, State
from tests.support.sip_phone import Phone
from tests.support.sounds import PIECES, PROMPTS, tenant_with_menu
from tests.support.waiting import served_each

MakeCentre = Callable[..., RealCentre]


@pytest.fixture
def switch(long_switch: RealSwitch) -> RealSwitch:
    """Callers of these tests come in where the orchestrator works."""
    return long_switch


@pytest.fixture
def make_centre(long_switch: RealSwitch, tmp_path: Path) -> Iterator[MakeCentre]:
    """Starts Zuoxi with a menu before the queue, whose settings a test gives."""
    with ExitStack() as stack:

        def make(patience_ms: int = 0, **queue: object) -> RealCentre:
            tenant = tenant_with_menu(tmp_path, patience_ms, **queue)
            return stack.enter_context(RealCentre(long_switch, tmp_path, ("1001",), **tenant))

        yield make
    with long_switch.connect() as esl:
        esl.hang_up_everything()


def hears(call: Call, prompt: str) -> None:
    """Wait until this prompt is heard."""
    call.wait_to_hear((PROMPTS | PIECES)[prompt][0], 10)


def test_a_key_leads_from_the_menu_through_music_to_the_agent(
    make_centre: MakeCentre, agent: Phone, caller: Phone
) -> None:
    """IVR-1, QUEUE-1: the menu's prompt, a key by RFC 4733, the queue's own music, an agent."""
    centre = make_centre(music="waltz")
    call = caller.dial(NUMBER)
    hears(call, "welcome")
    call.press("1")
    hears(call, "waltz")
    centre.online()
    answered = agent.answer(ringing(agent))
    both_hear_each_other(call, answered)
    centre.wait_agent(AgentState.IN_CALL)
    assert not call.ear.hears(PROMPTS["waltz"][0])


def test_no_key_at_all_ends_the_call(make_centre: MakeCentre, caller: Phone) -> None:
    """IVR-1, QUEUE-6: asked twice, then let go; no queue has seen the call."""
    centre = make_centre()
    call = caller.dial(NUMBER)
    hears(call, "welcome")
    call.wait(State.ENDED, 15)
    centre.wait("the end of the call", lambda: "call_ended" in centre.events())
    assert list(centre.events()).count("key_pressed") == 2
    assert "queue_entered" not in centre.events()


def test_prompts_in_the_music_and_the_time_out(make_centre: MakeCentre, caller: Phone) -> None:
    """QUEUE-1, QUEUE-5, QUEUE-6: music, prompt, music again, and at the limit its own prompt before the end."""
    timeout = Destination(way=Way.HANG_UP, prompt="sorry")
    centre = make_centre(music="waltz", prompt="patience", prompt_every_s=2, max_wait_s=7, on_timeout=timeout)
    call = caller.dial(NUMBER)
    hears(call, "welcome")
    call.press("1")
    for prompt in ("waltz", "patience", "waltz", "patience", "waltz", "sorry"):
        hears(call, prompt)
    call.wait(State.ENDED, 5)
    centre.wait("the end of the call", lambda: "call_ended" in centre.events())
    assert list(centre.events()).count("queue_left") == 1


def test_position_and_wait_in_the_music_and_none_of_it_in_the_talk(
    make_centre: MakeCentre, agent: Phone, caller: Phone
) -> None:
    """QUEUE-5: the pieces in order, then music, and again; an agent who answers in the middle hears only the caller."""
    told = {"announce_position": True, "announce_wait": True, "announce_language": SpokenLanguage.EN}
    centre = make_centre(music="waltz", announce_after_s=2, announce_every_s=2, **told)
    served_each(centre.redis, TENANT, QUEUE, 2, RedisClock(centre.redis).now())
    call = caller.dial(NUMBER)
    hears(call, "welcome")
    call.press("1")
    for sound in ("waltz", "next", "under_a_minute", "waltz", "next", "under_a_minute", "waltz"):
        hears(call, sound)
    centre.online()
    asked = ringing(agent)
    answered = agent.answer(asked)
    both_hear_each_other(call, answered)
    centre.wait_agent(AgentState.IN_CALL)
    assert not any(call.ear.hears((PROMPTS | PIECES)[sound][0]) for sound in ("waltz", "next", "under_a_minute"))


def test_a_key_pressed_while_no_orchestrator_lives(make_centre: MakeCentre, caller: Phone) -> None:
    """IVR-1, SAFE-1: the next one finds it on the channel and goes on, without asking again."""
    centre = make_centre(music="waltz")
    call = caller.dial(NUMBER)
    hears(call, "welcome")
    centre.orchestrator.kill()
    call.press("1")
    centre.orchestrator.start()
    hears(call, "waltz")
    centre.wait("the line", lambda: "queue_entered" in centre.events())
    assert centre.calls()[0].keys == ("1",)
    assert centre.events().count("key_pressed") == 1


def test_a_prompt_in_the_music_outlives_the_orchestrator(make_centre: MakeCentre, caller: Phone) -> None:
    """QUEUE-1, SAFE-1: whoever takes over lets it be heard whole, and the music goes on behind it."""
    centre = make_centre(patience_ms=9000, music="waltz", prompt="patience", prompt_every_s=1)
    call = caller.dial(NUMBER)
    hears(call, "welcome")
    call.press("1")
    hears(call, "patience")
    centre.restart()
    centre.wait("the call to be adopted", lambda: "call_adopted" in centre.events())
    assert call.ear.hears(PROMPTS["patience"][0])
    call.phone.loop.wait("the music", lambda: call.ear.hears(PROMPTS["waltz"][0]), 15)
    assert not call.ear.hears(PROMPTS["patience"][0])
