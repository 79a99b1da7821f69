"""Telephones outside, rung through a trunk (CALL-1, OUT-1)."""

import uuid

import pytest

from esl_handlers.spelling import Speech, spell
from orchestrator.domain.commands import RingNumber
from tests.freeswitch.contract.endpoints import Endpoints
from tests.freeswitch.contract.scenes import PARK_VARIABLES, answered, bridge, none_of
from tests.support.esl_client import EslClient
from tests.support.sip_phone import Manner


def ring_number(esl: EslClient, ring_s: int = 20, trunk: str = "pstn") -> str:
    """Say the product's own command; returns the leg, which names the job too."""
    leg = str(uuid.uuid4())
    order = RingNumber(
        leg=leg, tenant="demo", call="C1", role="outside", number="+8613900001111", trunk=trunk,
        caller_id="+862188880000", ring_s=ring_s,
    )  # fmt: skip
    (said,) = spell(order, Speech("cc.local", "/sounds", "/recordings"))
    esl.command(said.text())
    return leg


def test_answered_and_joined(esl: EslClient, ends: Endpoints) -> None:
    """Marked, parked when answered, joined; when it hangs up the caller is parked again and nobody is lost."""
    caller, leg = answered(esl, ends)
    assert esl.api(f"uuid_setvar_multi {leg} {PARK_VARIABLES}") == "+OK\n"
    ends.outside(Manner(answer_after=0.2))
    outside = ring_number(esl)
    park = esl.expect("CHANNEL_PARK", outside)
    assert (park["variable_cc_role"], park["variable_cc_call"], park["Answer-State"]) == ("outside", "C1", "answered")
    assert park["Caller-Destination-Number"].startswith("+8613900001111")
    bridge(esl, leg, outside)
    ends.outside_party().hang_up()
    end = esl.expect("CHANNEL_HANGUP_COMPLETE", outside)
    assert (end["Hangup-Cause"], end["variable_sip_hangup_disposition"]) == ("NORMAL_CLEARING", "recv_bye")
    assert esl.expect("CHANNEL_PARK", leg, Channel_State="CS_PARK")
    caller.hang_up()


@pytest.mark.parametrize(("status", "cause"), [(486, "USER_BUSY"), (404, "UNALLOCATED_NUMBER")])
def test_refused(esl: EslClient, ends: Endpoints, status: int, cause: str) -> None:
    """Busy and unknown numbers say so, with a leg that never parks."""
    ends.outside(Manner(refuse=status))
    leg = ring_number(esl)
    assert esl.expect("CHANNEL_HANGUP_COMPLETE", leg)["Hangup-Cause"] == cause
    assert esl.expect("BACKGROUND_JOB", Job_UUID=leg).body == f"-ERR {cause}\n"
    assert none_of(esl, leg, "CHANNEL_PARK", "CHANNEL_ANSWER")


def test_nobody_answers(esl: EslClient, ends: Endpoints) -> None:
    """The ring time ends it."""
    ends.outside(Manner(answer_after=None))
    leg = ring_number(esl, ring_s=2)
    end = esl.expect("CHANNEL_HANGUP_COMPLETE", leg)
    assert (end["Hangup-Cause"], end["variable_cc_role"]) == ("NO_ANSWER", "outside")


def test_no_such_trunk(esl: EslClient) -> None:
    """Only the job tells: there is no leg."""
    leg = ring_number(esl, trunk="nowhere")
    assert esl.expect("BACKGROUND_JOB", Job_UUID=leg).body == "-ERR INVALID_GATEWAY\n"
    assert not esl.names(leg)
