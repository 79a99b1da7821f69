"""Recordings on a real FreeSWITCH: who is in which channel, what is silent, what one file spans (REC-1)."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import CallState
from orchestrator.recordings.wav import read_wav
from tests.support.real_centre import NUMBER, RealCentre, company
from tests.support.real_switch import RealSwitch
from tests.support.real_talk import act, both_hear_each_other, desk_phone, ringing
from tests.support.sip_call import Call, State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Phone
from tests.support.tapes import loudness

Sound = NDArray[np.float64]

#: A tone of a telephone at a fifth of full scale is louder than this, another's in the same channel softer.
LOUD, SOFT = 0.08, 0.02

#: Block of a recording that is looked at, seconds.
BLOCK_S = 0.1


@pytest.fixture
def switch(long_switch: RealSwitch) -> RealSwitch:
    """Callers of these tests come in where the orchestrator works."""
    return long_switch


@pytest.fixture
def centre(long_switch: RealSwitch, tmp_path: Path) -> Iterator[RealCentre]:
    """A company that records, with the agents a1 and a2."""
    with company(long_switch, tmp_path, ("1001", "1002"), record=True) as centre:
        yield centre


@pytest.fixture
def other(long_switch: RealSwitch, sip_loop: SipLoop) -> Iterator[Phone]:
    """The phone of a2."""
    with desk_phone(long_switch, sip_loop, "1002", 1010) as phone:
        yield phone


def _talk(centre: RealCentre, agent: Phone, caller: Phone) -> tuple[Call, Call]:
    """The caller talks to a1."""
    centre.online("a1")
    call = caller.dial(NUMBER)
    answered = agent.answer(ringing(agent))
    centre.wait_agent(AgentState.IN_CALL)
    both_hear_each_other(call, answered)
    return call, answered


def _for_seconds(centre: RealCentre, seconds: float) -> None:
    """Let people talk for a while."""
    end = time.monotonic() + seconds
    centre.wait("the talk to go on", lambda: time.monotonic() > end, seconds + 5)


def _sound(folder: Path) -> tuple[Sound, Sound, int]:
    """Read the one recording that there is: left, right (-1 to 1) and samples a second."""
    (path,) = (folder / "recordings").rglob("*.wav")
    wav = read_wav(path)
    assert wav.channels == 2
    both = np.concatenate(list(wav.blocks(wav.rate))).astype(np.float64) / 32768
    return both[:, 0], both[:, 1], wav.rate


def _over(centre: RealCentre, call: Call, event: str = "recording_stopped") -> None:
    call.hang_up()
    centre.wait("the end", lambda: {event, "call_ended"} <= set(centre.events()))


def _blocks(sound: Sound, rate: int, tone: float) -> list[float]:
    size = int(BLOCK_S * rate)
    return [loudness(sound[at : at + size], tone, rate) for at in range(0, len(sound) - size, size)]


def _longest(flags: list[bool]) -> float:
    """The longest run of blocks, seconds."""
    best = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        best = max(best, run)
    return best * BLOCK_S


def test_the_customer_is_left_and_the_agent_right(
    centre: RealCentre, agent: Phone, caller: Phone, tmp_path: Path
) -> None:
    """REC-1: each channel holds its party's tone and not the other's; the switch tells of beginning and end."""
    call, _ = _talk(centre, agent, caller)
    _for_seconds(centre, 1.5)
    _over(centre, call)
    assert "recording_started" in centre.events()
    left, right, rate = _sound(tmp_path)
    for sound, own, others in ((left, caller.hertz, agent.hertz), (right, agent.hertz, caller.hertz)):
        assert max(_blocks(sound, rate, own)) > LOUD
        assert max(_blocks(sound, rate, others)) < SOFT
        assert _longest([value > LOUD for value in _blocks(sound, rate, own)]) >= 1.0


def test_a_pause_is_silent_on_both_sides(centre: RealCentre, agent: Phone, caller: Phone, tmp_path: Path) -> None:
    """REC-1: a card number said meanwhile is in neither channel; before and after there is the talk."""
    call, _ = _talk(centre, agent, caller)
    _for_seconds(centre, 0.8)
    act(centre, "pause_recording", "user")
    _for_seconds(centre, 1.5)
    act(centre, "resume_recording", "user")
    _for_seconds(centre, 0.8)
    _over(centre, call)
    left, right, rate = _sound(tmp_path)
    for sound, own in ((left, caller.hertz), (right, agent.hertz)):
        heard = [value > LOUD for value in _blocks(sound, rate, own)]
        first, last = heard.index(True), len(heard) - 1 - heard[::-1].index(True)
        quiet = [not value for value in heard[first:last]]
        assert 1.0 <= _longest(quiet) <= 2.5
        middle = (first + quiet.index(True) + 4) * int(BLOCK_S * rate)
        assert np.abs(sound[middle : middle + rate // 2]).max() < 0.001


def test_one_file_spans_hold_and_both_agents(
    centre: RealCentre, agent: Phone, other: Phone, caller: Phone, tmp_path: Path
) -> None:
    """REC-1: on hold, then handed over to another agent: one file, the caller left throughout, both agents right."""
    call, answered = _talk(centre, agent, caller)
    _for_seconds(centre, 1.5)
    centre.online("a2")
    act(centre, "hold", "user")
    centre.wait("the hold", lambda: centre.calls()[0].parked)
    act(centre, "resume")
    centre.wait("the talk", lambda: centre.calls()[0].state is CallState.CONNECTED)
    act(centre, "consult", "a2", "user")
    second = other.answer(ringing(other))
    centre.wait("the consultation", lambda: (one := centre.calls()[0].consult) is not None and one.state == "talking")
    both_hear_each_other(answered, second)
    act(centre, "complete", "user")
    both_hear_each_other(call, second)
    _for_seconds(centre, 1)
    _over(centre, call)
    left, right, rate = _sound(tmp_path)
    assert centre.events().count("recording_begun") == 1
    first, then = _blocks(right, rate, agent.hertz), _blocks(right, rate, other.hertz)
    assert max(first) > LOUD
    assert max(then) > LOUD
    assert first.index(max(first)) < then.index(max(then))
    assert max(_blocks(left, rate, other.hertz)) < SOFT
    assert _longest([value > LOUD for value in _blocks(left, rate, caller.hertz)]) > 1.0


def _kill(centre: RealCentre) -> None:
    centre.orchestrator.kill()
    centre.wait("the lease to end", lambda: not centre.owned())


@pytest.mark.parametrize("hangs_up", ["before", "after"])
def test_a_killed_orchestrator_leaves_the_recording_running(
    centre: RealCentre, agent: Phone, caller: Phone, tmp_path: Path, hangs_up: str
) -> None:
    """REC-1, SAFE-1: the file is whole, and known of, whether the caller hangs up while nobody is there or later."""
    call, _ = _talk(centre, agent, caller)
    _kill(centre)
    _for_seconds(centre, 1)
    if hangs_up == "before":
        call.hang_up()
        call.wait(State.ENDED)
    centre.orchestrator.start()
    if hangs_up == "after":
        centre.wait("the take-over", lambda: "call_adopted" in centre.events(), 20)
        _for_seconds(centre, 1)
    _over(centre, call, "call_ended" if hangs_up == "before" else "recording_stopped")
    left, _, rate = _sound(tmp_path)
    assert _longest([value > LOUD for value in _blocks(left, rate, caller.hertz)]) > (
        1.0 if hangs_up == "before" else 2.5
    )
    assert centre.events().count("recording_begun") == 1


def test_what_is_not_to_be_recorded_is_not(
    long_switch: RealSwitch, agent: Phone, caller: Phone, tmp_path: Path
) -> None:
    """REC-1: without a policy no file is made."""
    with company(long_switch, tmp_path, ("1001",)) as centre:
        call, _ = _talk(centre, agent, caller)
        call.hang_up()
        centre.wait("the end", lambda: "call_ended" in centre.events())
        assert list((tmp_path / "recordings").rglob("*.wav")) == []
        assert "recording_begun" not in centre.events()
