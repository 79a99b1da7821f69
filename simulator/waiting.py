"""Waiting for something to become true of the simulated switch, without polling."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.server import EventSocketServer
    from simulator.sessions import Session
    from simulator.switch import Switch

Condition = Callable[[], Any]
"""Answers None until met, then the result."""


def condition(switch: "Switch", server: "EventSocketServer", wanted: dict[str, Any]) -> Condition:
    """The condition that a request describes; raises KeyError for one that names too little.

    `uuid` with `heard` (ever), `hears` (now), `joined` or `ended`; `user` (a leg to that phone or number,
    optionally in an `answer_state`); `subscribers`; or `count` with `at_least`.
    """
    if "uuid" in wanted:
        return _about_leg(switch, wanted)
    if "user" in wanted:
        return _leg_to(switch, wanted["user"], wanted.get("answer_state"))
    if "subscribers" in wanted:
        return lambda: server.subscribers if server.subscribers >= wanted["subscribers"] else None
    name, at_least = wanted["count"], wanted["at_least"]
    return lambda: _or_none(getattr(switch.counters, name), getattr(switch.counters, name) >= at_least)


def _about_leg(switch: "Switch", wanted: dict[str, Any]) -> Condition:
    """A leg that does not exist yet is waited for, too: callers may choose the uuid before the switch has the leg."""
    look = _look_at_leg(switch, wanted)

    def met() -> object:
        session = switch.history.get(wanted["uuid"])
        return None if session is None else look(session)

    return met


def _look_at_leg(switch: "Switch", wanted: dict[str, Any]) -> Callable[["Session"], object]:
    if "heard" in wanted:
        return lambda session: session.timeline.heard(wanted["heard"]) or None
    if "hears" in wanted:
        return lambda session: (session.timeline.latest == wanted["hears"]) or None
    if "joined" in wanted:
        return lambda session: session.person.was_joined or None
    if "ended" in wanted:
        return lambda session: _or_none(session.channel.hangup_cause, session.channel.uuid not in switch.sessions)
    raise KeyError("heard, hears, joined or ended")


def _leg_to(switch: "Switch", user: str, answer_state: str | None) -> Condition:
    def find() -> str | None:
        for session in reversed(switch.sessions.values()):
            channel = session.channel
            fits = channel.direction == "outbound" and channel.profile.destination == user and session.alive
            if fits and answer_state in (None, channel.answer_state):
                return channel.uuid
        return None

    return find


def _or_none(value: object, met: bool) -> object:
    return value if met else None


async def wait_until(switch: "Switch", met: Condition, seconds: float) -> Any:  # noqa: ANN401  (whatever was waited for)
    """The condition's result as soon as it is met, None after that many seconds."""
    changed = asyncio.Event()
    switch.observers.add(changed)
    try:
        async with asyncio.timeout(seconds):
            while (result := met()) is None:
                changed.clear()
                await changed.wait()
            return result
    except TimeoutError:
        return None
    finally:
        switch.observers.discard(changed)
