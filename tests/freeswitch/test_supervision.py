"""A supervisor in a call on a real FreeSWITCH: who hears whom, told by the tones that reach each telephone (SUP-1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call import Call as Record
from orchestrator.domain.call_states import CallState
from orchestrator.domain.supervision import Mode
from tests.support.real_centre import NUMBER, TENANT, RealCentre
from tests.support.real_switch import DOMAIN, RealSwitch
from tests.support.real_talk import WHILE_S, both_hear_each_other, hears_all, ringing
from tests.support.rtp_audio import AUDIBLE, loudness, share_of_tone
from tests.support.sip_call import Call, State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Manner, Phone

CALLER_HZ, AGENT_HZ, BOSS_HZ = 450, 620, 810

#: A tone with a smaller share of what is heard is not there.
ABSENT = 0.02


@dataclass
class Supervised:
    """A caller who talks to the agent a1, and the supervisor a2 with a telephone of the own."""

    centre: RealCentre
    boss: Phone
    caller: Call
    agent: Call

    @property
    def record(self) -> Record:
        """The call as stored now."""
        (call,) = self.centre.calls()
        return call

    def is_answered(self) -> bool:
        """Tell whether the supervisor's answer is known."""
        return bool(self.record.supervision and self.record.supervision.answered)

    def listen(self, mode: Mode) -> None:
        """The supervisor listens, or changes how."""
        self.centre.use.supervise.listen(TENANT, self.record.id, "a2", mode, "boss")

    def begin(self, mode: Mode) -> Call:
        """Listen and pick up: the supervisor hears both."""
        already = len(self.boss.calls)
        self.listen(mode)
        ear = self.boss.answer(ringing(self.boss, already)).wait(State.UP)
        self.centre.wait("the answer to be known", self.is_answered)
        hears_all(ear, CALLER_HZ, AGENT_HZ)
        return ear


def hears_only(call: Call, *tones: int) -> None:
    """Wait until nothing but these tones is heard, all of them."""
    others = {CALLER_HZ, AGENT_HZ, BOSS_HZ} - set(tones)

    def heard() -> bool:
        samples = call.ear.recent(WHILE_S)
        there = loudness(samples) > AUDIBLE and all(share_of_tone(samples, hertz) > 0.15 for hertz in tones)
        return there and all(share_of_tone(samples, hertz) < ABSENT for hertz in others)

    call.phone.loop.wait(f"{call.phone.user} to hear nothing but {tones}", heard, 10)


@pytest.fixture
def talk(long_switch: RealSwitch, sip_loop: SipLoop, tmp_path: Path) -> Iterator[Supervised]:
    """Caller and agent hear each other; the supervisor's phone is registered and rings until picked up."""
    server = long_switch.phones
    with (
        RealCentre(long_switch, tmp_path, ("1001", "1002")) as centre,
        Phone(sip_loop, "13800138000", "", long_switch.trunk, DOMAIN, CALLER_HZ) as caller,
        Phone(sip_loop, "1001", "secret-1001", server, DOMAIN, AGENT_HZ) as agent,
        Phone(sip_loop, "1002", "secret-1002", server, DOMAIN, BOSS_HZ) as boss,
    ):
        for phone in (agent, boss):
            phone.behave(Manner(answer_after=None)).register()
        centre.wait("the supervisor's phone", lambda: centre.agent("a2").registered)
        centre.online("a1")
        call = caller.dial(NUMBER)
        answered = agent.answer(ringing(agent))
        both_hear_each_other(call, answered)
        centre.wait("the talk to be known", lambda: centre.calls()[0].state is CallState.CONNECTED)
        yield Supervised(centre, boss, call, answered)
        for phone in (agent, boss):
            phone.register(expires=0)
    with long_switch.connect() as esl:
        esl.hang_up_everything()


def test_who_hears_whom_in_each_mode(talk: Supervised) -> None:
    """SUP-1: listening nobody hears the supervisor, whispering the agent alone, barging in both; changed while on."""
    ear = talk.begin(Mode.LISTEN)
    hears_only(talk.agent, CALLER_HZ)
    hears_only(talk.caller, AGENT_HZ)
    talk.listen(Mode.WHISPER)
    hears_all(talk.agent, CALLER_HZ, BOSS_HZ)
    hears_only(talk.caller, AGENT_HZ)
    talk.listen(Mode.BARGE)
    hears_all(talk.caller, AGENT_HZ, BOSS_HZ)
    hears_all(talk.agent, CALLER_HZ, BOSS_HZ)
    talk.listen(Mode.LISTEN)
    hears_only(talk.agent, CALLER_HZ)
    hears_only(talk.caller, AGENT_HZ)
    hears_all(ear, CALLER_HZ, AGENT_HZ)


@pytest.mark.parametrize("mode", [Mode.WHISPER, Mode.BARGE])
def test_beginning_with_a_voice(talk: Supervised, mode: Mode) -> None:
    """SUP-1: whispering and barging in work from the first word, without listening first."""
    talk.begin(mode)
    hears_all(talk.agent, CALLER_HZ, BOSS_HZ)
    if mode is Mode.BARGE:
        hears_all(talk.caller, AGENT_HZ, BOSS_HZ)
    else:
        hears_only(talk.caller, AGENT_HZ)


def test_the_supervisor_leaves(talk: Supervised) -> None:
    """SUP-1: hanging up, or the button, ends listening and nothing else; listening begins anew."""
    talk.begin(Mode.BARGE).hang_up()
    talk.centre.wait("nobody to listen", lambda: talk.record.supervision is None)
    hears_only(talk.caller, AGENT_HZ)
    hears_only(talk.agent, CALLER_HZ)
    ear = talk.begin(Mode.LISTEN)
    talk.centre.use.supervise.stop(TENANT, talk.record.id, "a2", "boss")
    ear.wait(State.ENDED)
    both_hear_each_other(talk.caller, talk.agent)
    assert talk.centre.agent("a1").state is AgentState.IN_CALL


def test_the_agent_leaves(talk: Supervised) -> None:
    """SUP-1, STATE-4: with the agent the call ends for caller and supervisor alike; nothing is left on the switch."""
    ear = talk.begin(Mode.LISTEN)
    talk.agent.hang_up()
    ear.wait(State.ENDED)
    talk.caller.wait(State.ENDED)
    talk.centre.wait_agent(AgentState.WRAP_UP)
    talk.centre.wait("the call's end", lambda: not talk.centre.calls())
    assert talk.centre.agent("a2").state is AgentState.OFFLINE


def test_the_caller_leaves(talk: Supervised) -> None:
    """SUP-1, STATE-4: with the caller the call ends for agent and supervisor alike."""
    ear = talk.begin(Mode.WHISPER)
    talk.caller.hang_up()
    ear.wait(State.ENDED)
    talk.agent.wait(State.ENDED)
    talk.centre.wait_agent(AgentState.WRAP_UP)


@pytest.mark.parametrize("at_once", [False, True])
def test_taking_the_call_over(talk: Supervised, at_once: bool) -> None:
    """SUP-1: the supervisor talks to the caller alone, the agent wraps up; both stay as they are until one hangs up.

    `at_once`: the supervisor's channel is still on its way into another mode.
    """
    ear = talk.begin(Mode.LISTEN)
    if at_once:
        talk.listen(Mode.WHISPER)
        talk.listen(Mode.BARGE)
    talk.centre.use.supervise.take_over(TENANT, talk.record.id, "a2", "boss")
    talk.agent.wait(State.ENDED)
    hears_only(talk.caller, BOSS_HZ)
    hears_only(ear, CALLER_HZ)
    talk.centre.wait("the join to be known", lambda: talk.record.state is CallState.CONNECTED)
    assert (talk.record.agent, talk.record.supervision) == ("a2", None)
    assert talk.centre.agent("a1").state is AgentState.WRAP_UP
    ear.hang_up()
    talk.caller.wait(State.ENDED)
    talk.centre.wait_agent(AgentState.WRAP_UP, "a2")


def test_hanging_up_for_all(talk: Supervised) -> None:
    """SUP-1: the supervisor's button ends the call for caller, agent and supervisor."""
    ear = talk.begin(Mode.LISTEN)
    talk.centre.use.control.hang_up(TENANT, talk.record.id, None)
    for call in (talk.caller, talk.agent, ear):
        call.wait(State.ENDED)
    talk.centre.wait_agent(AgentState.WRAP_UP)
    talk.centre.wait("the call's end", lambda: not talk.centre.calls())
