"""Parking: a leg waits for commands, silent unless told to play."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.sessions import Session

_NO_RESPONSE = "_none_"


async def park(session: "Session", argument: str) -> str:  # noqa: ARG001  (an application takes an argument)
    """The park application, from the dialplan or as `&park()` and `park inline`."""
    session.enter("CS_EXECUTE")
    session.publish("CHANNEL_PARK")
    if session.channel.answered:
        session.timeline.note("silence")
    timeout = session.channel.variables.pop("park_timeout", "")
    if timeout:
        seconds, _, cause = timeout.partition(":")
        # the real clock counts whole seconds, so it fires up to a second early
        session.switch.schedule.add(
            session.channel.uuid,
            max(0.0, int(seconds) - 0.95),
            lambda: session.hang_up(cause or "NORMAL_CLEARING"),
        )
    await session.serve()
    session.publish("CHANNEL_UNPARK")
    return session.channel.variables.get("current_application_response", _NO_RESPONSE)


async def park_again(session: "Session") -> None:
    """A leg with park_after_bridge whose partner left: parked by state, not by an application."""
    session.enter("CS_PARK")
    session.publish("CHANNEL_PARK")
    session.timeline.note("silence")
    await session.serve()
    if session.is_cut:
        session.publish("CHANNEL_UNPARK")
