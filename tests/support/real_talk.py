"""What tests say about people on the phone: who rings, who hears whom, who hears music."""

from collections.abc import Iterator
from contextlib import contextmanager

from orchestrator.domain.call_states import CallState
from orchestrator.domain.consult import ConsultState
from tests.support.real_centre import TENANT, RealCentre
from tests.support.real_switch import DOMAIN, RealSwitch
from tests.support.rtp_audio import AUDIBLE, loudness, share_of_tone
from tests.support.sip_call import Call, State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Manner, Phone

#: What a person would notice as a hole in the music or in the talk, seconds.
HOLE = 0.5

#: So much of what is heard lately is listened to for other voices, seconds.
WHILE_S = 0.5


@contextmanager
def desk_phone(
    switch: RealSwitch, loop: SipLoop, user: str, hertz: int, manner: Manner | None = None
) -> Iterator[Phone]:
    """An agent's telephone, registered, with a tone of its own; without a manner it rings until somebody picks up."""
    with Phone(loop, user, f"secret-{user}", switch.phones, DOMAIN, hertz) as phone:
        yield phone.behave(manner or Manner(answer_after=None)).register()
        phone.register(expires=0)


def ringing(agent: Phone, already: int = 0) -> Call:
    """The call that makes the agent's phone ring."""
    return agent.next_call(already, 15).wait(State.RINGING)


def both_hear_each_other(call: Call, answered: Call) -> None:
    """Wait until audio passes both ways."""
    call.wait_to_hear(answered.phone.hertz)
    answered.wait_to_hear(call.phone.hertz)


def music(call: Call) -> None:
    """Wait until the caller hears something, while no agent talks."""
    call.wait(State.UP)
    call.phone.loop.wait("waiting music", lambda: call.ear.hears_something(0.6), 10)


def hears_all(call: Call, *tones: int) -> None:
    """Wait until all the tones are heard at once."""

    def heard() -> bool:
        samples = call.ear.recent(WHILE_S)
        return loudness(samples) > AUDIBLE and all(share_of_tone(samples, hertz) > 0.15 for hertz in tones)

    call.phone.loop.wait(f"{call.phone.user} to hear {tones}", heard, 10)


def talks(centre: RealCentre) -> None:
    """Wait until the one call is known to be a talk with an agent."""
    centre.wait("the talk", lambda: [call.state for call in centre.calls()] == [CallState.CONNECTED], 20)


def consulting(centre: RealCentre) -> bool:
    """Tell whether an agent and whoever is asked are known to be joined."""
    return any(call.consult and call.consult.state is ConsultState.TALKING for call in centre.calls())


def act(centre: RealCentre, name: str, *more: object) -> None:
    """Give a command about the one call as the web side does, with nothing remembered from before."""
    (call,) = centre.calls()
    getattr(centre.use.control, name)(TENANT, call.id, None, *more)
