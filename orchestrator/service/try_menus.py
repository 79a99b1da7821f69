"""Try an IVR without a telephone: the same decisions as for a call, of which nothing is written and nobody is told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.commands import Announce, AskKey
from orchestrator.domain.config import Destination, TenantConfig, Way
from orchestrator.domain.events import CallRouted
from orchestrator.domain.story import RouteReason
from orchestrator.service.follow_steps import go_on
from orchestrator.service.ports import LiveStore
from orchestrator.service.route_call import go
from orchestrator.service.work import Unit

CALL = "try"

#: Longer ways are not followed to their end.
STEPS = 300


@dataclass(frozen=True, slots=True)
class Heard:
    """What the caller hears at once: ids of prompts; `menu` asks for a key then, empty for an announcement."""

    prompts: tuple[str, ...]
    menu: str


@dataclass(frozen=True, slots=True)
class Tried:
    """How far the keys lead: all that is heard; whether a menu waits for a key; where the call was sent last, and why.

    `reason` is that of `CallRouted` (key, no_valid_key, full, nobody_logged_in...).
    """

    heard: tuple[Heard, ...]
    asks: bool
    way: Way
    target: str
    reason: str


def try_menus(config: TenantConfig, store: LiveStore, now: int, menu: str, keys: Sequence[str]) -> Tried:
    """Send a caller to a menu (an id of `config`) who presses `keys` one after the other, empty = none in time.

    Queues are as they are at this moment: full, or without anybody logged in.
    """
    unit = Unit(config.id, config, now, store)
    routing = CallState.ROUTING
    caller = Call(id=CALL, tenant=config.id, switch="", state=routing, since=now, caller="", number="", arrived=now)
    go(unit, caller, Destination(way=Way.MENU, target=menu), RouteReason.NUMBER)
    heard = tuple(_follow(unit, list(keys)))
    routed = [event for event in unit.events if isinstance(event, CallRouted)][-1]
    caller = unit.new_calls[CALL]
    asks = caller.state is CallState.MENU and caller.service is None
    return Tried(heard, asks, Way(routed.way), routed.target, routed.reason)


def _follow(unit: Unit, keys: list[str]) -> Iterator[Heard]:
    """Announcements end by themselves, menus with a key; yields what is heard on the way."""
    names = {prompt.path: prompt.id for prompt in unit.config.prompts.values()}
    for _ in range(STEPS):
        call, (_, command) = unit.new_calls[CALL], unit.commands[-1]
        if call.service:
            return
        if isinstance(command, Announce | AskKey):
            menu = call.menu if isinstance(command, AskKey) else ""
            yield Heard(tuple(names[sound] for sound in command.sounds), menu)
        if call.state is CallState.MENU and keys:
            go_on(unit, call, keys.pop(0))
        elif call.state is CallState.ANNOUNCING:
            go_on(unit, call, "")
        else:
            return
