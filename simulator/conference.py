"""Conferences, as far as a three-way call needs them: membership and its events, no floor and no mixing."""

import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.events import Headers
    from simulator.sessions import Session
    from simulator.switch import Switch


async def conference(session: "Session", argument: str) -> str:
    """Stay in the room `name@profile` until diverted or hung up; a room without members is destroyed."""
    name, _, profile = argument.partition("@")
    switch = session.switch
    session.answer()
    if name not in switch.conferences:
        switch.conferences[name] = []
        _tell(switch, name, profile, "conference-create", None)
    members = switch.conferences[name]
    members.append(session)
    _tell(switch, name, profile, "add-member", session)
    session.timeline.note("conference", name)
    session.person.joined()
    await session.serve()
    members.remove(session)
    _tell(switch, name, profile, "del-member", session)
    if not members:
        del switch.conferences[name]
        _tell(switch, name, profile, "conference-destroy", None)
    if session.alive:
        session.timeline.note("silence")
    return "_none_"


def _tell(switch: "Switch", name: str, profile: str, action: str, member: "Session | None") -> None:
    headers: Headers = [
        ("Conference-Name", name),
        ("Conference-Domain", switch.domain),
        ("Conference-Size", str(len(switch.conferences.get(name, [])))),
        ("Conference-Profile-Name", profile or "default"),
        ("Conference-Unique-ID", str(uuid.uuid5(uuid.NAMESPACE_DNS, name + switch.core_uuid))),
        ("Action", action),
    ]
    if member is not None:
        place = switch.conferences[name].index(member) + 1 if member in switch.conferences.get(name, []) else 0
        headers.append(("Member-ID", str(place)))
    switch.publish_custom("conference::maintenance", headers, member.channel if member else None)
