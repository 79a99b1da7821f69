"""Agents who answer on their mobiles, in a call centre without a switch."""

from dataclasses import replace
from typing import Any

from orchestrator.domain.agent import AnswerMode
from orchestrator.domain.commands import AskKey, RingNumber
from orchestrator.domain.config import NumberConfig, to_queue
from orchestrator.domain.trunks import Trunk
from tests.support.call_centre import CallCentre

#: The mobile of agent aN ends in its number.
MOBILES = "+861390000000"


def configure(centre: CallCentre, **changes: Any) -> None:  # noqa: ANN401 - any field of the configuration
    """Publish the configuration with changes."""
    centre.config = replace(centre.config, version=centre.config.version + 1, **changes)
    centre.publish()


def mobile_centre(url: str, agents: int = 3, **queue: object) -> CallCentre:
    """Every agent has a mobile and answers there; number 4001 is shown through the trunk `pstn`."""
    centre = CallCentre(url, agents, **queue)
    mobiles = {id_: replace(agent, mobile=MOBILES + id_[1:]) for id_, agent in centre.config.agents.items()}
    numbers = {"4001": NumberConfig(number="4001", route=to_queue("sales"), trunk="pstn")}
    configure(centre, agents=mobiles, numbers=numbers, trunks={"pstn": Trunk(name="pstn", rewrite=(("+86", "0"),))})
    for agent in mobiles.values():
        centre.use.devices.registered(agent.device, False)
        centre.use.agents.change_answer_mode("t", agent.id, AnswerMode.MOBILE, "test")
    return centre


def rung(centre: CallCentre) -> RingNumber:
    """Return what the trunk was last asked to ring."""
    return next(command for command in reversed(centre.telephony.take()) if isinstance(command, RingNumber))


def asked(centre: CallCentre) -> AskKey:
    """Return what a mobile was last asked."""
    return next(command for command in reversed(centre.telephony.take()) if isinstance(command, AskKey))


def picked_up(centre: CallCentre, call: str = "c1") -> tuple[str, AskKey]:
    """The mobile that the call is offered to is answered; returns the leg and the question."""
    leg = centre.call(call).asked.leg
    centre.telephony.take()
    centre.use.answer.parked("t", call, leg, "fs1")
    return leg, asked(centre)
