"""Music and prompts (traces 02*, 16)."""

from collections.abc import Callable

from tests.freeswitch.contract.endpoints import Endpoints
from tests.freeswitch.contract.scenes import MUSIC, answered
from tests.support.esl_client import EslClient

Prompt = Callable[[int], str]


def test_prompt_in_the_middle_of_music(esl: EslClient, ends: Endpoints, prompt: Prompt) -> None:
    """Locked commands queue; one break lets the prompt and then the music follow, each with our uuid (02c)."""
    _, leg = answered(esl, ends)
    music = esl.execute(leg, "playback", MUSIC)
    esl.gather(0.3)
    announcement = esl.execute(leg, "playback", prompt(400))
    again = esl.execute(leg, "playback", MUSIC)
    assert esl.api(f"uuid_break {leg}") == "+OK\n"
    stopped = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application="playback")
    assert (stopped["Application-UUID"], stopped["Application-Response"]) == (music, "FILE PLAYED")
    assert esl.expect("PLAYBACK_STOP", leg)["Playback-Status"] == "break"
    played = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application="playback")
    assert (played["Application-UUID"], played["Application-Response"]) == (announcement, "FILE PLAYED")
    assert esl.expect("PLAYBACK_STOP", leg)["Playback-Status"] == "done"
    esl.gather(0.2)  # the music has begun
    esl.api(f"uuid_break {leg}")
    assert esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application="playback")["Application-UUID"] == again


def test_missing_file(esl: EslClient, ends: Endpoints, prompt: Prompt) -> None:
    """A missing file is said so, without PLAYBACK events, and what is queued goes on (02e, TTS-1)."""
    _, leg = answered(esl, ends)
    missing = esl.execute(leg, "playback", prompt(300).replace("p300", "nope"))
    present = esl.execute(leg, "playback", prompt(300))
    first = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application_UUID=missing)
    assert first["Application-Response"] == "FILE NOT FOUND"
    second = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application_UUID=present)
    assert second["Application-Response"] == "FILE PLAYED"
    assert esl.names(leg).count("PLAYBACK_STOP") == 1


def test_break_all_flushes_the_queue_silently(esl: EslClient, ends: Endpoints, prompt: Prompt) -> None:
    """uuid_break all ends the current item; queued ones vanish without an event (02f)."""
    _, leg = answered(esl, ends)
    music = esl.execute(leg, "playback", MUSIC)
    esl.execute(leg, "playback", prompt(300))
    esl.execute(leg, "playback", prompt(400))
    esl.gather(0.3)
    esl.api(f"uuid_break {leg} all")
    assert esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application="playback")["Application-UUID"] == music
    esl.gather(0.8)
    assert esl.names(leg).count("PLAYBACK_STOP") == 1


def test_break_does_not_leak_into_the_next_playback(esl: EslClient, ends: Endpoints, prompt: Prompt) -> None:
    """A break on an idle leg does nothing to what is played later."""
    _, leg = answered(esl, ends)
    assert esl.api(f"uuid_break {leg}") == "+OK\n"
    ours = esl.execute(leg, "playback", prompt(300))
    esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application_UUID=ours)
    assert esl.expect("PLAYBACK_STOP", leg)["Playback-Status"] == "done"


def test_unknown_application_hangs_up(esl: EslClient, ends: Endpoints) -> None:
    """`+OK`, then the call is hung up with DESTINATION_OUT_OF_ORDER (02g, SAFE-1)."""
    _, leg = answered(esl, ends)
    esl.execute(leg, "nosuchapp", "x")
    end = esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    assert end["Hangup-Cause"] == "DESTINATION_OUT_OF_ORDER"
    assert end["variable_sip_hangup_disposition"] == "send_bye"


def test_hang_up_cuts_a_playback(esl: EslClient, ends: Endpoints) -> None:
    """A caller who leaves during music: PLAYBACK ERROR, status done, then HANGUP_COMPLETE (02e)."""
    caller, leg = answered(esl, ends)
    ours = esl.execute(leg, "playback", MUSIC)
    esl.gather(0.2)
    caller.hang_up()
    cut = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application_UUID=ours)
    assert cut["Application-Response"] == "PLAYBACK ERROR"
    assert cut["Answer-State"] == "hangup"
    assert esl.expect("PLAYBACK_STOP", leg)["Playback-Status"] == "done"
    end = esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    assert end["variable_sip_hangup_disposition"] == "recv_bye"
    assert esl.names(leg)[-1] == "CHANNEL_HANGUP_COMPLETE"


def test_files_in_one_string(esl: EslClient, ends: Endpoints, prompt: Prompt) -> None:
    """file_string plays gapless with one pair of events."""
    _, leg = answered(esl, ends)
    ours = esl.execute(leg, "playback", f"file_string://{prompt(200)}!silence_stream://100!{prompt(300)}")
    esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application_UUID=ours)
    assert esl.names(leg).count("PLAYBACK_STOP") == 1
    played = esl.expect("PLAYBACK_STOP", leg)
    assert played["Playback-Status"] == "done"
