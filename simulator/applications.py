"""The applications a leg can execute, by name. An unknown name hangs the leg up, as on the real switch."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulator.bridging import begin_bridge
from simulator.conference import conference
from simulator.dialling import bridge_application
from simulator.dialplan import transfer
from simulator.digits import play_and_get_digits
from simulator.parking import park
from simulator.playback import playback
from simulator.recording import record
from simulator.sessions import NO_RESPONSE, Application
from simulator.supervision import eavesdrop

if TYPE_CHECKING:
    from simulator.sessions import Session


async def _answer(session: "Session", _argument: str) -> str:
    session.answer()
    return NO_RESPONSE


async def _ring_ready(session: "Session", _argument: str) -> str:
    session.ring()
    return NO_RESPONSE


async def _pre_answer(session: "Session", _argument: str) -> str:
    session.early_media()
    return NO_RESPONSE


async def _set(session: "Session", argument: str) -> str:
    name, separator, value = argument.partition("=")
    if separator and value:
        session.channel.variables[name] = value
    else:
        session.channel.variables.pop(name, None)
    return NO_RESPONSE


async def _hangup(session: "Session", argument: str) -> str:
    session.hang_up(argument or "NORMAL_CLEARING")
    return NO_RESPONSE


async def _sleep(session: "Session", argument: str) -> str:
    session.playing += 1
    await session.wait(int(argument) / 1000)
    session.playing -= 1
    return NO_RESPONSE


async def _sched_transfer(session: "Session", argument: str) -> str:
    when, _, target = argument.partition(" ")
    schedule = session.switch.schedule
    schedule.add(session.channel.uuid, int(when.lstrip("+")), lambda: transfer(session, target))
    return NO_RESPONSE


async def _sched_hangup(session: "Session", argument: str) -> str:
    when, _, cause = argument.partition(" ")
    schedule = session.switch.schedule
    schedule.add(session.channel.uuid, int(when.lstrip("+")), lambda: session.hang_up(cause or "ALLOTTED_TIMEOUT"))
    return NO_RESPONSE


async def _transfer(session: "Session", argument: str) -> str:
    transfer(session, argument)
    return NO_RESPONSE


async def _intercept(session: "Session", argument: str) -> str:
    target = session.switch.sessions.get(argument)
    if target is not None and target.alive:
        begin_bridge(session, target)
    return NO_RESPONSE


async def _record_session(session: "Session", argument: str) -> str:
    session.recordings.start(argument)
    return NO_RESPONSE


async def _stop_record_session(session: "Session", argument: str) -> str:
    session.recordings.stop(argument)
    return NO_RESPONSE


async def _nothing(_session: "Session", _argument: str) -> str:
    """Accepted without an effect that could be seen from outside (sound levels, DTMF sent to a phone, counters)."""
    return NO_RESPONSE


APPLICATIONS: Mapping[str, Application] = {
    "answer": _answer,
    "bridge": bridge_application,
    "conference": conference,
    "eavesdrop": eavesdrop,
    "export": _set,
    "hangup": _hangup,
    "intercept": _intercept,
    "limit": _nothing,
    "park": park,
    "play_and_get_digits": play_and_get_digits,
    "playback": playback,
    "pre_answer": _pre_answer,
    "record": record,
    "record_session": _record_session,
    "ring_ready": _ring_ready,
    "sched_hangup": _sched_hangup,
    "sched_transfer": _sched_transfer,
    "send_dtmf": _nothing,
    "set": _set,
    "sleep": _sleep,
    "stop_record_session": _stop_record_session,
    "transfer": _transfer,
    "unset": _set,
}
