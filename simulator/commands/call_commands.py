"""Commands that make calls, join them, and plan what becomes of them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from simulator import dialling
from simulator.bridging import begin_bridge
from simulator.commands.leg_commands import NO_SUCH_CHANNEL, find
from simulator.dial_strings import BadDialString, parse_dial_string, split_originate
from simulator.dialplan import route, run_actions, transfer
from simulator.sessions import Message

if TYPE_CHECKING:
    from simulator.sessions import Session, Step
    from simulator.switch import Switch

_ORIGINATE_USAGE = (
    "-USAGE: <call url> <exten>|&<application_name>(<app_args>) [<dialplan>] [<context>] [<cid_name>]"
    " [<cid_num>] [<timeout_sec>]\n"
)


async def originate(switch: "Switch", arguments: str) -> str:
    """Dial a leg and let it execute an application; waits for the outcome."""
    try:
        dialled, then = split_originate(arguments)
        target = parse_dial_string(dialled)
    except BadDialString as problem:
        return _ORIGINATE_USAGE if str(problem) == "-USAGE" else f"-ERR {problem}\n"
    return await dialling.originate(switch, target, _step(then))


def _step(then: str) -> "Step":
    if not then.startswith("&"):
        number, dialplan, context = [*then.split(), "XML", "default"][:3]
        return _into_dialplan(number, dialplan, context)
    application, _, argument = then[1:].partition("(")
    message = Message(application, argument.removesuffix(")"))

    async def run(session: "Session") -> None:
        await run_actions(session, [message])

    return run


def _into_dialplan(number: str, _dialplan: str, context: str) -> "Step":
    async def run(session: "Session") -> None:
        session.channel.profile.destination, session.channel.profile.context = number, context
        await route(session)

    return run


def _bridge(switch: "Switch", arguments: str) -> str:
    words = arguments.split()
    if len(words) != 2:
        return "-USAGE: <uuid> <other_uuid>\n"
    first, second = (find(switch, word) for word in words)
    if first is None or second is None or first is second:
        return "-ERR Invalid uuid\n"
    begin_bridge(first, second)
    return f"+OK {words[1]}\n"


def _sched(switch: "Switch", arguments: str, plan: "Callable[[Session, str], Callable[[], None]]") -> str:
    when, uuid, rest = [*arguments.split(" ", 2), "", ""][:3]
    session = find(switch, uuid)
    if session is None:
        return NO_SUCH_CHANNEL
    if not when.lstrip("+").isdigit():
        return "-USAGE: [+]<time> <uuid> ...\n"
    switch.schedule.add(uuid, int(when.lstrip("+")), plan(session, rest))
    return "+OK\n"


def _sched_transfer(switch: "Switch", arguments: str) -> str:
    return _sched(switch, arguments, lambda session, target: lambda: transfer(session, target))


def _sched_hangup(switch: "Switch", arguments: str) -> str:
    return _sched(switch, arguments, lambda session, cause: lambda: session.hang_up(cause.upper() or "NORMAL_CLEARING"))


def _sched_broadcast(switch: "Switch", arguments: str) -> str:
    def plan(session: "Session", rest: str) -> Callable[[], None]:
        path, _, legs = rest.partition(" ")
        return lambda: broadcast(session, path, legs)

    answer = _sched(switch, arguments, plan)
    return "+OK Message scheduled\n" if answer == "+OK\n" else answer


def _sched_del(switch: "Switch", arguments: str) -> str:
    return f"+OK Deleted: {switch.schedule.remove(arguments)}\n"


def _broadcast(switch: "Switch", arguments: str) -> str:
    uuid, path, legs = [*arguments.split(" ", 2), "", ""][:3]
    session = find(switch, uuid)
    if session is None:
        return "-ERR invalid uuid\n"
    broadcast(session, path, legs or "aleg")
    return "+OK Message sent\n"


def broadcast(session: "Session", path: str, legs: str) -> None:
    """Queue a playback on a leg, its partner, or both."""
    application, separator, argument = path.partition("::")
    if separator:
        application = application.rstrip("!")
    else:
        application, argument = "playback", path
    other = session.bridge.other(session) if session.bridge is not None else None
    if legs != "bleg":
        session.send(Message(application, argument))
    if legs in ("bleg", "both") and other is not None:
        other.send(Message(application, argument))


def _conference(switch: "Switch", arguments: str) -> str:
    name, _, action = arguments.partition(" ")
    members = switch.conferences.get(name)
    if members is None:
        return f"-ERR Conference {name} not found\n"
    if action != "list":
        return f"-ERR Conference command '{action}' not found.\n"
    lines = [
        f"{place};{member.channel.name};{member.channel.uuid};{member.channel.profile.caller_name};"
        f"{member.channel.profile.caller_number};hear|speak;0;0;0\n"
        for place, member in enumerate(members, 1)
    ]
    return "".join(reversed(lines))


COMMANDS: "Mapping[str, Callable[[Switch, str], str | Awaitable[str]]]" = {
    "conference": _conference,
    "originate": originate,
    "sched_broadcast": _sched_broadcast,
    "sched_del": _sched_del,
    "sched_hangup": _sched_hangup,
    "sched_transfer": _sched_transfer,
    "uuid_bridge": _bridge,
    "uuid_broadcast": _broadcast,
}
