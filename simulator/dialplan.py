"""The dialplan of the simulated switch, the same as freeswitch-conf/dialplan, and transfers into it.

Calls are rung, protected by a dead-man transfer, and parked for the orchestrator.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.sessions import Message

if TYPE_CHECKING:
    from simulator.sessions import Session, Step

_UNBREAKABLE = {"park_after_bridge": "true", "hangup_after_bridge": "false", "uuid_bridge_park_on_cancel": "true"}
_CALL_VARIABLES = {"media_timeout": "60000", "force_transfer_context": "cc_transfer", **_UNBREAKABLE}
_AGENT_VARIABLES = {"cc_role": "agent", "media_timeout": "60000", "continue_on_fail": "true", **_UNBREAKABLE}
_FALLBACK_VARIABLES = {"park_after_bridge": "false", "hangup_after_bridge": "true"}

Action = tuple[str, str]

_FALLBACK: tuple[Action, ...] = (
    ("answer", ""),
    ("playback", "/usr/share/freeswitch/sounds/fallback.wav"),
    ("playback", "tone_stream://%(350,350,450);loops=4"),
    ("hangup", "NORMAL_TEMPORARY_FAILURE"),
)
_CALLERS_NUMBER = re.compile(r"\+?\d{2,20}")
_AGENTS_NUMBER = re.compile(r"[+*#\d]{1,32}")


@dataclass(frozen=True, slots=True)
class Route:
    """What the dialplan does with a leg: inline `set` actions while routing, then applications."""

    actions: tuple[Action, ...]
    inline: Mapping[str, str] = field(default_factory=dict)


_UNKNOWN = Route((("hangup", "UNALLOCATED_NUMBER"),))


def find_route(session: "Session") -> Route:
    """The route of a leg by its context and number; without actions there is none."""
    number, context = session.channel.profile.destination, session.channel.profile.context
    if context == "cc_transfer":
        return Route((("park", ""),), {"cc_transfer_to": number})
    if context == "internal":
        return _from_agent(session, number)
    if context != "public":
        return Route(())
    if number == "cc_fallback":
        return Route(_FALLBACK, _FALLBACK_VARIABLES)
    if not _CALLERS_NUMBER.fullmatch(number):
        return _UNKNOWN
    return _parked_for_a_while(session, "cc_fallback XML public", {"cc_did": number, **_CALL_VARIABLES})


def _from_agent(session: "Session", number: str) -> Route:
    if number == "cc_refused":
        return Route((("hangup", "NORMAL_TEMPORARY_FAILURE"),))
    if not _AGENTS_NUMBER.fullmatch(number):
        return _UNKNOWN
    return _parked_for_a_while(session, "cc_refused XML internal", _AGENT_VARIABLES)


def _parked_for_a_while(session: "Session", then: str, inline: Mapping[str, str]) -> Route:
    dead_man = f"+{session.switch.dead_man_seconds} {then}"
    return Route((("ring_ready", ""), ("sched_transfer", dead_man), ("park", "")), inline)


async def route(session: "Session") -> None:
    """The step that runs the dialplan."""
    session.enter("CS_ROUTING", "RINGING" if not session.channel.answered else "")
    found = find_route(session)
    for name, value in found.inline.items():
        await session.execute(Message("set", f"{name}={value}"))
    if not found.actions:
        session.hang_up("NO_ROUTE_DESTINATION")
    await run_actions(session, [Message(application, argument) for application, argument in found.actions])


async def run_actions(session: "Session", actions: list[Message]) -> None:
    """Execute one application after the other until the leg has something else to do."""
    session.enter("CS_EXECUTE")
    for action in actions:
        if session.is_cut:
            return
        await session.execute(action)


def transfer(session: "Session", target: str) -> None:
    """Send a leg to `application:argument inline`, or to `number [dialplan [context]]`."""
    words = target.split()
    if len(words) > 1 and words[1] == "inline":
        session.divert(_inline(words[0]))
        return
    profile = session.channel.profile
    profile.rdnis, profile.destination = profile.destination, words[0]
    profile.context = words[2] if len(words) > 2 else profile.context
    session.divert(route)


def _inline(plan: str) -> "Step":
    actions = []
    for part in plan.split(","):
        application, _, argument = part.partition(":")
        actions.append(Message(application, argument))

    async def run(session: "Session") -> None:
        await run_actions(session, actions)

    return run
