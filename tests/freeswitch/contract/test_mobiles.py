"""An agent's mobile is asked to press 1, in the product's own words (MOB-1; traces 05a-05d)."""

import uuid

import pytest

from esl_handlers.spelling import Speech, spell
from orchestrator.domain.commands import AskKey, Command, RingNumber
from tests.freeswitch.contract.endpoints import Endpoints
from tests.freeswitch.contract.scenes import none_of
from tests.support.esl_client import EslClient
from tests.support.sip_phone import Manner

SPEECH = Speech("cc.local", "/sounds", "/recordings")


def say(esl: EslClient, command: Command) -> None:
    """Say one of the product's commands."""
    for words in spell(command, SPEECH):
        esl.command(words.text())


@pytest.mark.parametrize("key", ["1", "5", "", "hangs up"])
def test_asked_to_press_1(esl: EslClient, ends: Endpoints, key: str) -> None:
    """Marked as an agent's leg and parked when answered; the key, a wrong one, none or a hang-up is told by the end of
    the question, which bears our step.
    """
    leg, step = str(uuid.uuid4()), str(uuid.uuid4())
    ends.outside(Manner(answer_after=0.1))
    say(esl, RingNumber(
        leg=leg, tenant="demo", call="C1", role="agent", number="+8613900001111", trunk="pstn", caller_id="4001",
        ring_s=20, marks={"cc_agent": "a1", "cc_queue": "sales"},
    ))  # fmt: skip
    park = esl.expect("CHANNEL_PARK", leg)
    assert (park["variable_cc_role"], park["variable_cc_agent"]) == ("agent", "a1")
    say(esl, AskKey(leg=leg, sounds=(), keys="1", timeout_ms=1500, step=step))
    esl.gather(0.3)
    if key == "hangs up":
        ends.outside_party().hang_up()
    elif key:
        ends.outside_party().press(key)
    over = esl.expect("CHANNEL_EXECUTE_COMPLETE", leg, timeout=10, Application_UUID=step)
    pressed = f"variable_cc_key_{step[:8]}"
    assert (over.get(pressed) == "1") == (key == "1")
    assert (over.get(f"{pressed}_invalid") == "5") == (key == "5")
    assert (over["Answer-State"] == "hangup") == (key == "hangs up")
    assert none_of(esl, leg, "CHANNEL_BRIDGE")
