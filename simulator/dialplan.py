"""The dialplan of the simulated switch: the recommended one of docs/freeswitch.md, and transfers into it.

Numbers are rung, protected by a dead-man transfer to `cc_fallback`, and parked for the orchestrator.
"""

from typing import TYPE_CHECKING

from simulator.sessions import Message

if TYPE_CHECKING:
    from simulator.sessions import Session, Step

_CALL_VARIABLES = {
    "media_timeout": "60000",
    "force_transfer_context": "cc_transfer",
    "park_after_bridge": "true",
    "hangup_after_bridge": "false",
    "uuid_bridge_park_on_cancel": "true",
}

_FALLBACK = (
    Message("answer"),
    Message("playback", "/usr/share/freeswitch/sounds/busy.wav"),
    Message("hangup", "NORMAL_TEMPORARY_FAILURE"),
)


def actions_for(session: "Session") -> list[Message]:
    """What the dialplan does with this leg; inline `set` actions are done at once. Empty: no route."""
    channel = session.channel
    number, context = channel.profile.destination, channel.profile.context
    if context == "cc_transfer":
        channel.variables["cc_transfer_to"] = number
        return [Message("park")]
    if number == "cc_fallback":
        return [Message(step.application, step.argument) for step in _FALLBACK]
    if not number.lstrip("+").isdigit():
        return []
    if not session.switch.recommended_dialplan:
        channel.variables["cc_did"] = number
        return [Message("park")]
    channel.variables |= {"cc_did": number, **_CALL_VARIABLES}
    dead_man = f"+{session.switch.dead_man_seconds} cc_fallback XML public"
    return [Message("ring_ready"), Message("sched_transfer", dead_man), Message("park")]


async def route(session: "Session") -> None:
    """The step that runs the dialplan."""
    session.enter("CS_ROUTING", "RINGING" if not session.channel.answered else "")
    actions = actions_for(session)
    if not actions:
        session.hang_up("NO_ROUTE_DESTINATION")
    await run_actions(session, actions)


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
