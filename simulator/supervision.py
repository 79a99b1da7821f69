"""Listening in: the eavesdrop application, without sound. It lives exactly as long as its target."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.sessions import Session


async def eavesdrop(session: "Session", argument: str) -> str:
    """Attach to the leg named by its uuid; a bad target, or its end, hangs the supervisor up."""
    target = session.switch.sessions.get(argument)
    session.answer()
    if target is not None and target.alive:
        about = [("Media-Bug-Function", "eavesdrop"), ("Media-Bug-Target", session.channel.uuid)]
        target.publish("MEDIA_BUG_START", about)
        session.timeline.note("bridge", argument)
        session.playing += 1
        while target.alive and not session.is_cut:
            await session.doze(0.2)
        session.playing -= 1
        if target.channel.uuid in session.switch.sessions:
            target.publish("MEDIA_BUG_STOP", about)
    if not session.is_cut:
        session.hang_up("NORMAL_CLEARING")
    return "_none_"
