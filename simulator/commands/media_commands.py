"""Commands about sound: recording, keys, hold, displaced prompts."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from simulator.commands.leg_commands import NO_SUCH_CHANNEL, find
from simulator.playback import duration

if TYPE_CHECKING:
    from simulator.sessions import Session
    from simulator.switch import Switch

NO_SUCH_SESSION = "-ERR Cannot locate session!\n"


def _record(switch: "Switch", arguments: str) -> str:
    uuid, action, path = [*arguments.split(" ", 2), "", ""][:3]
    session = find(switch, uuid)
    if session is None:
        return NO_SUCH_SESSION
    path = path.split(" ")[0]
    if action == "start":
        if path in session.recordings.running:
            return "+OK Success\n"  # goes on as it is, without an event
        session.recordings.start(path)
        return "+OK Success\n"
    if action in ("mask", "unmask"):
        done = session.recordings.mask(path, masked=action == "mask")
        return "+OK Success\n" if done else f"-ERR Cannot {action} recording session!\n"
    if action == "stop":
        paths = list(session.recordings.running) if path == "all" else [path]
        stopped = [session.recordings.stop(each) for each in paths]
        done = all(stopped)
        return "+OK Success\n" if done else "-ERR Cannot stop record session!\n"
    return "-USAGE: <uuid> [start|stop|mask|unmask] <path> [<limit>]\n"


def _send_dtmf(switch: "Switch", arguments: str) -> str:
    uuid, _, keys = arguments.partition(" ")
    session = find(switch, uuid)
    if session is None or not keys:
        return NO_SUCH_SESSION if keys else "-USAGE: <uuid> <dtmf_data>\n"
    return f"+OK {uuid} sent DTMF {keys}.\n"


def _recv_dtmf(switch: "Switch", arguments: str) -> str:
    uuid, _, keys = arguments.partition(" ")
    session = find(switch, uuid)
    if session is None or not keys:
        return NO_SUCH_SESSION if keys else "-USAGE: <uuid> <dtmf_data>\n"
    for key in keys.partition("@")[0]:
        session.press(key, source="APP")
    return f"+OK {uuid} received DTMF {keys}.\n"


def _hold(switch: "Switch", arguments: str) -> str:
    first, _, rest = arguments.partition(" ")
    off, uuid = (True, rest) if first == "off" else (False, first)
    session = find(switch, uuid)
    if session is None:
        return "-ERR Operation failed\n"
    session.hold(on=not off)
    partner = session.bridge.other(session) if session.bridge is not None else None
    if partner is not None:  # docs/freeswitch.md: the other party of uuid_hold hears nothing at all
        partner.timeline.note("bridge" if off else "silence", session.channel.profile.destination if off else "")
    return "+OK Success\n"


def _displace(switch: "Switch", arguments: str) -> str:
    uuid, action, path = [*arguments.split(" ", 2), "", ""][:3]
    session = find(switch, uuid)
    if session is None:
        return NO_SUCH_SESSION
    path = path.split(" ")[0]
    if action == "start":
        return _start_displacing(session, path)
    return "+OK Success\n"


def _start_displacing(session: "Session", path: str) -> str:
    try:
        seconds = duration(path)
    except FileNotFoundError:
        return "-ERR Cannot displace session!\n"
    about = [("Media-Bug-Function", "displace"), ("Media-Bug-Target", path)]
    session.publish("MEDIA_BUG_START", about)
    before, detail = session.timeline.entries[-1].sound, session.timeline.entries[-1].detail
    session.timeline.note("prompt", path)

    def stop() -> None:
        if session.alive:
            session.timeline.note(before, detail)
            session.publish("MEDIA_BUG_STOP", about)

    if seconds is not None:
        asyncio.get_running_loop().call_later(seconds, stop)
    return "+OK Success\n"


def _audio(switch: "Switch", arguments: str) -> str:
    return "+OK\n" if find(switch, arguments.partition(" ")[0]) else NO_SUCH_CHANNEL


def _buglist(switch: "Switch", arguments: str) -> str:
    session = find(switch, arguments)
    if session is None:
        return NO_SUCH_CHANNEL
    bugs = "".join(
        f" <media-bug>\n  <function>session_record</function>\n  <target>{path}</target>\n"
        "  <thread-locked>0</thread-locked>\n </media-bug>\n"
        for path in session.recordings.running
    )
    return f"<media-bugs>\n{bugs}</media-bugs>\n"


COMMANDS: "Mapping[str, Callable[[Switch, str], str]]" = {
    "uuid_audio": _audio,
    "uuid_buglist": _buglist,
    "uuid_displace": _displace,
    "uuid_hold": _hold,
    "uuid_record": _record,
    "uuid_recv_dtmf": _recv_dtmf,
    "uuid_send_dtmf": _send_dtmf,
}
