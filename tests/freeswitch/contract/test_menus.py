"""play_and_get_digits, for IVR menus and for mobile confirmation (traces 03*, 05*)."""

from collections.abc import Callable

from tests.freeswitch.contract.endpoints import Endpoints
from tests.freeswitch.contract.scenes import answered, originate
from tests.support.esl_client import EslClient, Event
from tests.support.sip_phone import Manner

Prompt = Callable[[int], str]


def _ask(esl: EslClient, leg: str, prompt: str, limits: str, variable: str, pattern: str, between: int = 1000) -> str:
    argument = f"{limits} # {prompt} silence_stream://10 {variable} {pattern} {between}"
    return esl.execute(leg, "play_and_get_digits", argument)


def _result(esl: EslClient, leg: str, ours: str) -> Event:
    event = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, timeout=10, Application_UUID=ours)
    assert event["Application-Response"] == "_none_"
    return event


def test_valid_key(esl: EslClient, ends: Endpoints, prompt: Prompt) -> None:
    """The key is in the variable, the prompt was cut by it (03a, IVR-1)."""
    caller, leg = answered(esl, ends)
    ours = _ask(esl, leg, prompt(3000), "1 1 1 4000", "cc_menu", "^[1-3]$")
    esl.gather(0.3)
    caller.press("2")
    result = _result(esl, leg, ours)
    assert (result["variable_cc_menu"], result["variable_read_result"]) == ("2", "success")
    assert esl.expect("DTMF", leg)["DTMF-Digit"] == "2"
    assert esl.expect("PLAYBACK_STOP", leg)["Playback-Status"] == "break"


def test_wrong_key_then_nothing(esl: EslClient, ends: Endpoints, prompt: Prompt) -> None:
    """One try each: a wrong key is in `_invalid`, nothing pressed is a failure (03c, IVR-1)."""
    caller, leg = answered(esl, ends)
    ours = _ask(esl, leg, prompt(2000), "1 1 1 700", "cc_menu", "^[1-3]$")
    esl.gather(0.3)
    caller.press("9")
    wrong = _result(esl, leg, ours)
    assert "variable_cc_menu" not in wrong
    assert wrong["variable_cc_menu_invalid"] == "9"
    nothing = _result(esl, leg, _ask(esl, leg, prompt(300), "1 1 1 700", "cc_second", "^[1-3]$"))
    assert "variable_cc_second" not in nothing
    assert "variable_cc_second_invalid" not in nothing
    assert nothing["variable_read_result"] == "failure"


def test_hang_up_in_the_menu(esl: EslClient, ends: Endpoints, prompt: Prompt) -> None:
    """A caller who leaves: no result, the completion says hangup (03d, QUEUE-6)."""
    caller, leg = answered(esl, ends)
    ours = _ask(esl, leg, prompt(3000), "1 1 3 1500", "cc_menu", "^[1-3]$")
    esl.gather(0.3)
    caller.hang_up()
    result = _result(esl, leg, ours)
    assert "variable_cc_menu" not in result
    assert result["Answer-State"] == "hangup"
    assert result["Hangup-Cause"] == "NORMAL_CLEARING"


def test_many_digits_with_terminator(esl: EslClient, ends: Endpoints, prompt: Prompt) -> None:
    """Digits are collected without the terminator; each is a DTMF event (03e, IVR-1)."""
    caller, leg = answered(esl, ends)
    ours = _ask(esl, leg, prompt(2000), "4 12 1 5000", "cc_acct", "^\\d+$", 3000)
    esl.gather(0.3)
    caller.press("880012#")
    result = _result(esl, leg, ours)
    assert result["variable_cc_acct"] == "880012"
    assert [event["DTMF-Digit"] for event in esl.events if event.name == "DTMF"] == list("880012#")


def test_mobile_confirms(esl: EslClient, ends: Endpoints, prompt: Prompt) -> None:
    """An agent's mobile is asked to press 1; an answer alone is no consent (05a, MOB-1)."""
    ends.outside(Manner(answer_after=0.1, ring=False))
    leg, job = originate(esl, "sofia/gateway/pstn/13900139000")
    assert esl.expect("BACKGROUND_JOB", Job_UUID=job).body == f"+OK {leg}\n"
    esl.expect("CHANNEL_PARK", leg)
    ours = _ask(esl, leg, prompt(2000), "1 1 2 2500", "cc_confirm", "^1$")
    esl.gather(0.3)
    ends.outside_party().press("1")
    assert _result(esl, leg, ours)["variable_cc_confirm"] == "1"


def test_voice_mailbox_does_not_confirm(esl: EslClient, ends: Endpoints, prompt: Prompt) -> None:
    """Nobody presses: both tries pass, we kill the leg with our cause (05b, MOB-1)."""
    ends.outside(Manner(answer_after=0.1, ring=False))
    leg, _ = originate(esl, "sofia/gateway/pstn/13900139000")
    esl.expect("CHANNEL_PARK", leg)
    result = _result(esl, leg, _ask(esl, leg, prompt(200), "1 1 2 500", "cc_confirm", "^1$"))
    assert "variable_cc_confirm" not in result
    esl.api(f"uuid_kill {leg} NO_ANSWER")
    end = esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    assert (end["Hangup-Cause"], end["variable_sip_hangup_disposition"]) == ("NO_ANSWER", "send_bye")


def test_mobile_hangs_up_while_asked(esl: EslClient, ends: Endpoints, prompt: Prompt) -> None:
    """The mobile hangs up in the question: no consent, NORMAL_CLEARING (05c, MOB-1)."""
    ends.outside(Manner(answer_after=0.1, ring=False))
    leg, _ = originate(esl, "sofia/gateway/pstn/13900139000")
    esl.expect("CHANNEL_PARK", leg)
    ours = _ask(esl, leg, prompt(3000), "1 1 2 2500", "cc_confirm", "^1$")
    esl.gather(0.3)
    ends.outside_party().hang_up()
    assert "variable_cc_confirm" not in _result(esl, leg, ours)
    assert esl.expect("CHANNEL_HANGUP_COMPLETE", leg)["Hangup-Cause"] == "NORMAL_CLEARING"
