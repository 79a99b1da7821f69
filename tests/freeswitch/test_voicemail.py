"""Voicemail on a real FreeSWITCH: the greeting and the tone are heard, what the caller says is in the file."""

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from orchestrator.domain.config import Destination, NumberConfig, PromptConfig, Way
from orchestrator.recordings.wav import read_wav
from tests.support.real_centre import NUMBER, QUEUE, RealCentre, company
from tests.support.real_switch import RealSwitch
from tests.support.sip_phone import Phone
from tests.support.tapes import loudness, tone

#: The greeting's tone and the one before the message, Hz.
GREETING, BEEP = 620.0, 1000.0

SPOKEN_S = 3.0


@pytest.fixture
def switch(long_switch: RealSwitch) -> RealSwitch:
    """Callers of these tests come in where the orchestrator works."""
    return long_switch


@pytest.fixture
def centre(long_switch: RealSwitch, tmp_path: Path) -> Iterator[RealCentre]:
    """A company whose number leads to the mailbox of its queue."""
    path = tmp_path / "sounds" / "t" / "greeting.wav"
    path.parent.mkdir(parents=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(tone(GREETING, 2.0).astype("<i2").tobytes())
    to = Destination(way=Way.VOICEMAIL, target=f"queue:{QUEUE}", prompt="greeting")
    prompt = PromptConfig(id="greeting", name="Greeting", path="t/greeting.wav", ms=2000)
    tenant = {"numbers": {NUMBER: NumberConfig(number=NUMBER, route=to)}, "prompts": {"greeting": prompt}}
    with company(long_switch, tmp_path, (), **tenant) as centre:
        yield centre


def test_a_message(centre: RealCentre, caller: Phone, tmp_path: Path) -> None:
    """QUEUE-1, IVR-1: greeting, tone, the caller's own tone in the file; # ends it and the switch hangs up."""
    call = caller.dial(NUMBER)
    call.wait_to_hear(int(GREETING))
    call.wait_to_hear(int(BEEP))
    centre.wait("the recording", lambda: "recording_started" in centre.events())
    begun = centre.redis.time()
    centre.wait("the message", lambda: centre.redis.time()[0] - begun[0] > SPOKEN_S, 10)
    call.press("#")
    centre.wait("the end", lambda: {"recording_stopped", "call_ended"} <= set(centre.events()))
    assert centre.outcomes() == ["voicemail"]
    (path,) = (tmp_path / "recordings").rglob("*.wav")
    wav = read_wav(path)
    assert (wav.ms > 2000, wav.channels) == (True, 1)
    sound = np.concatenate(list(wav.blocks(wav.rate)))[:, 0].astype(np.float64) / 32768
    middle = sound[len(sound) // 4 : len(sound) // 2]
    assert loudness(middle, caller.hertz, wav.rate) > 0.08


def test_the_caller_hangs_up_after_a_kill(centre: RealCentre, caller: Phone, tmp_path: Path) -> None:
    """SAFE-1: killed while a message is recorded: the recording goes on, one record, one file."""
    call = caller.dial(NUMBER)
    centre.wait("the recording", lambda: "recording_started" in centre.events(), 15)
    centre.restart()
    centre.wait("the call to be taken over", lambda: "call_adopted" in centre.events(), 20)
    begun = centre.redis.time()
    centre.wait("the message", lambda: centre.redis.time()[0] - begun[0] > SPOKEN_S, 10)
    call.hang_up()
    centre.wait("the end", lambda: "call_ended" in centre.events())
    assert centre.outcomes() == ["voicemail"]
    (path,) = (tmp_path / "recordings").rglob("*.wav")
    assert read_wav(path).ms > 2000
