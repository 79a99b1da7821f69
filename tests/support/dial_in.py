"""A tenant whose number is the agents' service, with tones that a test can tell apart."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from orchestrator.domain.agent_service import PIECES
from orchestrator.domain.announcements import piece_id
from orchestrator.domain.config import AgentConfig, Destination, NumberConfig, PromptConfig, TenantConfig, Way
from orchestrator.domain.languages import SpokenLanguage
from orchestrator.domain.pins import hash_pin
from tests.support.real_centre import NUMBER
from tests.support.sounds import tone

#: a1's PIN, and how a1's mobile shows on a trunk.
PIN, MOBILE = "2580", "13700000001"

#: What the question for the PIN, the menu, and everything else sound like.
PIN_SOUND, MENU_SOUND, OTHER_SOUND = "welcome", "patience", "sorry"

_SOUNDS = {"service_pin": PIN_SOUND, "service_menu": MENU_SOUND}


def service_pieces(folder: Path) -> Mapping[str, PromptConfig]:
    """Write the pieces where an orchestrator with the data directory `folder` has its sounds."""
    tones = {name: tone(folder, name) for name in (PIN_SOUND, MENU_SOUND, OTHER_SOUND)}
    ids = {piece_id(SpokenLanguage.ZH, name): tones[_SOUNDS.get(name, OTHER_SOUND)] for name in PIECES}
    return {id_: replace(sound, id=id_, kind="piece") for id_, sound in ids.items()}


def service_tenant(config: TenantConfig, folder: Path) -> TenantConfig:
    """The same tenant with its number leading to the service, where a1 has a PIN."""
    a1: AgentConfig = replace(config.agents["a1"], pin=hash_pin(PIN, b"salt"), mobile=f"+86{MOBILE}")
    numbers = {NUMBER: NumberConfig(number=NUMBER, route=Destination(way=Way.SERVICE))}
    return replace(
        config,
        version=config.version + 1,
        agents={**config.agents, "a1": a1},
        numbers=numbers,
        prompts={**config.prompts, **service_pieces(folder)},
    )
