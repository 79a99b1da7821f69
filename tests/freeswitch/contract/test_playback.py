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


def test_a_list_goes_on_from_a_place(esl: EslClient, ends: Endpoints, prompt: Prompt) -> None:
    """`@@` and samples: the list's first file from there, the others whole; it stops without that in its name."""
    _, leg = answered(esl, ends)
    path = f"file_string://{prompt(900)}!{prompt(400)}"
    ours = esl.execute(leg, "playback", f"{path}@@4000")
    over = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application_UUID=ours)
    assert (over["Application-Response"], over["Application-Data"]) == ("FILE PLAYED", f"{path}@@4000")
    stopped = esl.expect("PLAYBACK_STOP", leg)
    assert (stopped["Playback-File-Path"], stopped["Playback-Status"]) == (path, "done")
    assert 700 <= int(over["variable_playback_ms"]) <= 1200  # the switch counts up to 300 ms more


def test_a_place_beyond_the_first_file(esl: EslClient, ends: Endpoints, prompt: Prompt) -> None:
    """The second one plays, whole."""
    _, leg = answered(esl, ends)
    ours = esl.execute(leg, "playback", f"file_string://{prompt(900)}!{prompt(400)}@@80000")
    over = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application_UUID=ours)
    assert over["Application-Response"] == "FILE PLAYED"
    assert 300 <= int(over["variable_playback_ms"]) <= 800


def test_a_file_below_the_rate_of_the_line(esl: EslClient, ends: Endpoints, prompt: Callable[[int, str], str]) -> None:
    """A file that is only in the folder 8000 beside is found by its name without that folder (TTS-1)."""
    _, leg = answered(esl, ends)
    ours = esl.execute(leg, "playback", prompt(330, "8000"))
    assert esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, Application_UUID=ours)["Application-Response"] == "FILE PLAYED"
