"""What tests say about people on the phone: who rings, who hears whom, who hears music."""

from tests.support.sip_call import Call, State
from tests.support.sip_phone import Phone

#: What a person would notice as a hole in the music or in the talk, seconds.
HOLE = 0.5


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
