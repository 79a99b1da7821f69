"""The channels that we make: to agents, to customers and telephones outside, with the marks that they carry."""

from __future__ import annotations

from esl_handlers.errors import UnsafeArgumentError
from esl_handlers.switch_commands.legs import BRIDGE_SAFETY
from esl_handlers.switch_commands.originate import NewLeg
from esl_handlers.switch_commands.safe import TRUNK_CODECS, DisplayName, GatewayTarget, UserTarget, number, word
from orchestrator.domain import commands
from orchestrator.service.call_back import ROLE as CALLBACK
from orchestrator.service.call_out import CUSTOMER

#: Milliseconds without media after which an agent's leg is taken as vanished.
MEDIA_TIMEOUT_MS = 60_000

#: The same for a browser, which sends sound all the time, muted too.
BROWSER_TIMEOUT_MS = 3_000

#: Where a customer is parked whom an agent's telephone transfers by REFER; elsewhere the customer would be lost.
REFERRED = {"force_transfer_context": "cc_transfer"}


def agent_leg(ring: commands.RingAgent, domain: str) -> NewLeg:
    """The channel to an agent's device."""
    marks = marks_of(ring, "agent") | {"cc_agent": ring.agent}
    if ring.queue:
        marks["cc_queue"] = ring.queue
    if ring.browser:
        marks["media_timeout"] = str(BROWSER_TIMEOUT_MS)
    if ring.resumes:
        marks["sip_h_X-Resume"] = ring.call
    if ring.dials:
        marks["sip_h_X-Dial"] = ring.call
    return NewLeg(
        uuid=ring.leg,
        target=UserTarget(ring.device, domain),
        ring_s=ring.ring_s,
        caller_number=shown(ring.caller),
        caller_name=DisplayName(ring.caller_name or ring.caller),
        variables=marks,
    )


def outside_leg(ring: commands.RingNumber) -> NewLeg:
    """The channel to a telephone outside, through a trunk."""
    return NewLeg(
        uuid=ring.leg,
        target=GatewayTarget(ring.trunk, ring.number),
        ring_s=ring.ring_s,
        caller_number=number(ring.caller_id),
        caller_name=DisplayName(ring.caller_name or ring.caller_id),
        variables={
            **ring.marks,
            **marks_of(ring, word(ring.role, "a role")),
            **called(ring),
            **(REFERRED if ring.role == CALLBACK else {}),
        },
    )


def customer_leg(dial: commands.DialOut) -> NewLeg:
    """The channel to a customer whom an agent calls: what the network plays is heard.

    Rung from a browser's channel it would be offered the browser's codec alone, which no carrier speaks.
    """
    return NewLeg(
        uuid=dial.customer,
        target=GatewayTarget(dial.trunk, dial.number),
        ring_s=dial.ring_s,
        caller_number=number(dial.caller_id),
        caller_name=DisplayName(dial.caller_id),
        ignore_early_media=False,
        variables={
            **marks_of(dial, CUSTOMER),
            **called(dial),
            **REFERRED,
            "absolute_codec_string": TRUNK_CODECS,
            "cc_agent": dial.agent,
            "cc_did": number(dial.caller_id),
        },
    )


def marks_of(
    ring: commands.RingAgent | commands.RingNumber | commands.DialOut | commands.Listen, role: str
) -> dict[str, str]:
    """What every leg that we make carries: whose it is, and that it parks when the other side is gone."""
    return {
        "cc_tenant": ring.tenant,
        "cc_call": ring.call,
        "cc_role": role,
        **BRIDGE_SAFETY,
        "media_timeout": str(MEDIA_TIMEOUT_MS),
    }


def called(ring: commands.RingNumber | commands.DialOut) -> dict[str, str]:
    """The number in its one spelling: whoever pays for the leg finds it, though the trunk wants another."""
    return {"cc_called": number(ring.called)} if ring.called else {}


def shown(caller: str) -> str:
    """A caller's number as the agent's phone may show it; whatever is no number is not shown."""
    try:
        return number(caller)
    except UnsafeArgumentError:
        return ""
