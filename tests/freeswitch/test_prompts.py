"""Sounds of ours on a real switch."""

import numpy as np

from tests.support.real_esl import EslClient
from tests.support.real_switch import RealSwitch
from tests.support.sip_phone import Phone
from tests.tts.audio_files import tone
from tts.audio import Sound
from tts.cache import Sounds

SHA = "ab" * 32


def _samples(hertz: int, rate: int) -> bytes:
    return np.rint(tone(2.0, rate, hertz) * 32767).astype("<i2").tobytes()


def test_a_call_gets_the_rate_that_fits(switch: RealSwitch, esl: EslClient, caller: Phone) -> None:
    """TTS-1: told the name without a rate, the switch plays the call's own rate, and without it another one."""
    sounds = Sounds(switch.folder / "sounds")
    # Two tones tell which of the files is heard.
    sounds.put("demo", SHA, Sound(2000, {8000: _samples(1000, 8000), 16_000: _samples(700, 16_000)}))
    path = switch.folder / "sounds" / sounds.switch_path("demo", SHA)
    call = caller.dial("4001")
    leg = esl.wait("CHANNEL_PARK")["Unique-ID"]
    assert esl.api(f"sched_del {leg}") == "+OK Deleted: 1"
    esl.api(f"uuid_answer {leg}")
    for hertz in (1000, 700):
        played = esl.execute(leg, "playback", str(path))
        call.wait_to_hear(hertz)
        done = esl.wait("CHANNEL_EXECUTE_COMPLETE", Application_UUID=played)
        assert done["Application-Response"] == "FILE PLAYED"
        sounds.file("demo", SHA, 8000).unlink(missing_ok=True)
