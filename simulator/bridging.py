"""Joining two legs: uuid_bridge with all its outcomes, and what becomes of the leg that is left.

Both legs first leave what they do (they pass through CS_RESET); whoever dies in that window decides the
outcome:
see the table in docs/freeswitch.md, section Bridge. The first leg leads and fires the events.
"""

import uuid
from typing import TYPE_CHECKING

from simulator.parking import park_again

if TYPE_CHECKING:
    from simulator.sessions import Session

ENDED_WITHOUT_PARKING = "DESTINATION_OUT_OF_ORDER"


def begin_bridge(first: "Session", second: "Session") -> None:
    """Take both legs out of what they do and join them; earlier bridges of either end."""
    bridge = Bridge(first, second)
    for session, other, role in ((first, second, "originatee"), (second, first, "originator")):
        session.channel.other, session.channel.other_type = other.channel, role
    first.divert(bridge.lead)
    second.divert(bridge.follow)
    if first.switch.faults.bridges:
        victim = first if first.switch.faults.bridges.popleft() == "first_dies" else second
        victim.hang_up_by_peer()


class Bridge:
    """One joining of two legs."""

    def __init__(self, first: "Session", second: "Session") -> None:
        self.first = first
        self.second = second
        self.started = False
        self.over = False
        self._waiting: set[Session] = set()

    def other(self, session: "Session") -> "Session":
        """The leg at the other side."""
        return self.second if session is self.first else self.first

    async def lead(self, session: "Session") -> None:
        """The first leg's step."""
        session.enter("CS_RESET")
        self._waiting.add(session)
        while self.second not in self._waiting and self.second.alive and not session.is_cut:
            await session.doze(session.switch.tick)
        if session.is_cut:
            return
        if not self.second.alive:
            _after_failed_bridge(session)
            return
        self._start()
        await session.serve(lambda: self.over)
        self._end(session)
        if self._was_transferred(session):
            session.channel.other = None
        session.publish("CHANNEL_UNBRIDGE", self._ids())
        self._after(session)

    async def follow(self, session: "Session") -> None:
        """The second leg's step; if the first leg died before the start it stays in CS_RESET, deaf and mute."""
        session.enter("CS_RESET")
        self._waiting.add(session)
        self.first.poke()
        while not self.started and not session.is_cut:
            await session.doze(None)
        if not self.started:
            await session.flush_queue() if session.alive else None
            return
        await session.serve(lambda: self.over)
        self._end(session)
        self._after(session)

    def _start(self) -> None:
        now = self.first.channel.now()
        self.started = True
        for session in (self.first, self.second):
            session.bridge = self
            session.channel.times["bridged"] = session.channel.times["profile_created"] = now
        self.first.channel.state, self.second.channel.state = "CS_SOFT_EXECUTE", "CS_EXCHANGE_MEDIA"
        _exchange_identities(self.first, self.second)
        self.first.publish("CHANNEL_BRIDGE", self._ids())
        for session in (self.first, self.second):
            session.timeline.note("bridge", self.other(session).channel.profile.destination)
            session.person.joined()
        self.second.poke()

    def _end(self, session: "Session") -> None:
        other = self.other(session)
        if not self.over:
            self.over = True
            other.poke()
        session.bridge = None
        cause = other.channel.hangup_cause or "NORMAL_CLEARING"
        session.channel.variables |= {
            "last_bridge_to": other.channel.uuid,
            "last_bridge_hangup_cause": cause,
            "bridge_hangup_cause": cause,
        }
        if session.alive:
            session.timeline.note("silence")

    def _after(self, session: "Session") -> None:
        """What becomes of a leg whose partner left."""
        if session.is_cut:
            return
        if session.channel.variables.get("park_after_bridge") == "true":
            session.divert(park_again)
        else:
            session.hang_up("NORMAL_CLEARING")

    def _was_transferred(self, session: "Session") -> bool:
        return session.alive and session.diversion is not None and session.channel.other is self.other(session).channel

    def _ids(self) -> list[tuple[str, str]]:
        return [
            ("Bridge-A-Unique-ID", self.first.channel.uuid),
            ("Bridge-B-Unique-ID", self.second.channel.uuid),
        ]


def _after_failed_bridge(session: "Session") -> None:
    """The partner died before the start: only all three variables save the leg."""
    variables = session.channel.variables
    wanted = {
        "park_after_bridge": "true",
        "hangup_after_bridge": "false",
        "uuid_bridge_park_on_cancel": "true",
    }
    if all(variables.get(name) == value for name, value in wanted.items()):
        session.divert(park_again)
    elif variables.get("uuid_bridge_park_on_cancel") == "true":
        session.hang_up(ENDED_WITHOUT_PARKING)
    else:
        session.hang_up("ORIGINATOR_CANCEL")


def _exchange_identities(first: "Session", second: "Session") -> None:
    """Each leg is told whom it talks to: caller and callee id are rewritten, destination numbers are not."""
    for session, other in ((first, second), (second, first)):
        channel, profile = session.channel, session.channel.profile
        source = f"{channel.times['bridged'] // 1_000_000}:{uuid.uuid4()}:uuid_br:{other.channel.uuid}"
        profile.transfer_source = source
        profile.index += 1
        channel.variables |= {
            "original_destination_number": profile.destination,
            "original_caller_id_name": profile.caller_name,
            "original_caller_id_number": profile.caller_number,
            "transfer_history": source,
            "transfer_source": source,
            "bridge_channel": other.channel.name,
            "bridge_uuid": other.channel.uuid,
            "signal_bond": other.channel.uuid,
            "bridge_to": other.channel.uuid,
            "last_bridge_to": other.channel.uuid,
        }
    if second.channel.direction == "outbound":
        second.channel.profile.caller_name = first.channel.profile.caller_name
        second.channel.profile.caller_number = first.channel.profile.caller_number
    first.channel.profile.callee_number = second.channel.profile.original_number or "0000000000"
    second.channel.call_uuid = second.channel.variables["call_uuid"] = first.channel.uuid
