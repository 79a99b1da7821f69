"""Calls to the agents' service, in a call centre without a switch."""

from collections.abc import Mapping
from dataclasses import replace

from orchestrator.domain.agent_service import PIECES
from orchestrator.domain.announcements import piece_id
from orchestrator.domain.commands import Announce, AskDigits, AskKey
from orchestrator.domain.config import Destination, NumberConfig, PromptConfig, Way
from orchestrator.domain.languages import SpokenLanguage
from orchestrator.domain.pins import hash_pin
from tests.support.call_centre import CallCentre
from tests.support.mobile import configure, mobile_centre

#: The number of the service, and a1's PIN; the digits of its key are its number.
SERVICE, PIN, NUMBER = "4009", "2580", "1"


def service_prompts() -> Mapping[str, PromptConfig]:
    """The service's pieces, each a second long, whose path is its name."""
    ids = {piece_id(SpokenLanguage.ZH, name): name for name in PIECES}
    return {id_: PromptConfig(id=id_, name=id_, path=name, ms=1000, kind="piece") for id_, name in ids.items()}


def service_centre(url: str) -> CallCentre:
    """Agents on mobiles; a1 has a PIN; 4009 leads to the service."""
    centre = mobile_centre(url)
    agents = centre.config.agents
    a1 = replace(agents["a1"], pin=hash_pin(PIN, b"salt"))
    numbers = {**centre.config.numbers, SERVICE: NumberConfig(number=SERVICE, route=Destination(way=Way.SERVICE))}
    configure(centre, agents={**agents, "a1": a1}, numbers=numbers, prompts=dict(service_prompts()))
    return centre


def dial_service(centre: CallCentre, call: str = "s1", caller: str = "13900000001") -> None:
    """Somebody calls the service, and is answered."""
    centre.arrive(call, caller, SERVICE)
    centre.use.enqueue.answered("t", call)


def heard(centre: CallCentre) -> tuple[str, ...]:
    """Return what was said last, as names of pieces."""
    said = [command for command in centre.telephony.take() if isinstance(command, AskKey | AskDigits | Announce)]
    return said[-1].sounds


def press(centre: CallCentre, keys: str, call: str = "s1") -> tuple[str, ...]:
    """Answer the present question, with nothing if empty; returns what is said then."""
    centre.telephony.take()
    centre.use.steps.step_over("t", call, centre.call(call).step, keys)
    return heard(centre)
