"""Commands about one leg: look at it, set variables, answer, break, hang up."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulator.billing import media_statistics
from simulator.dialplan import transfer
from simulator.events import json_object, json_text, plain_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.sessions import Session
    from simulator.switch import Switch

NO_SUCH_CHANNEL = "-ERR No such channel!\n"


def find(switch: "Switch", uuid: str) -> "Session | None":
    """The living leg of that uuid."""
    session = switch.sessions.get(uuid)
    return session if session is not None and session.alive else None


def _answer(switch: "Switch", arguments: str) -> str:
    session = find(switch, arguments)
    if session is None:
        return "-ERROR\n"
    session.answer()
    return "+OK\n"


def _exists(switch: "Switch", arguments: str) -> str:
    return "true" if arguments in switch.sessions else "false"


def _kill(switch: "Switch", arguments: str) -> str:
    uuid, _, cause = arguments.partition(" ")
    session = find(switch, uuid)
    if session is None:
        return NO_SUCH_CHANNEL
    session.hang_up(cause.upper() or "NORMAL_CLEARING")
    return "+OK\n"


def _hupall(switch: "Switch", arguments: str) -> str:
    cause, variable, value, *_ = [*arguments.split(), "", "", ""]
    cause = cause or "MANAGER_REQUEST"
    for session in list(switch.sessions.values()):
        if not variable or session.channel.variables.get(variable) == value:
            session.hang_up(cause)
    if not variable:
        return f"+OK hangup all channels with cause {cause}\n"
    return f"+OK hangup all channels matching [{variable}]=[{value}] with cause: {cause}\n"


def _break(switch: "Switch", arguments: str) -> str:
    uuid, _, how = arguments.partition(" ")
    session = find(switch, uuid)
    if session is None:
        return NO_SUCH_CHANNEL
    session.stop_playing(flush=how == "all")
    return "+OK\n"


def _setvar(switch: "Switch", arguments: str) -> str:
    uuid, name, value = [*arguments.split(" ", 2), "", ""][:3]
    session = find(switch, uuid)
    if not name:
        return "-USAGE: <uuid> <var> [value]\n"
    if session is None:
        return NO_SUCH_CHANNEL
    _store(session, name, value)
    return "+OK\n"


def _setvar_multi(switch: "Switch", arguments: str) -> str:
    uuid, _, pairs = arguments.partition(" ")
    session = find(switch, uuid)
    if session is None:
        return NO_SUCH_CHANNEL
    for pair in pairs.split(";"):
        name, _, value = pair.partition("=")
        _store(session, name.strip(), value)
    return "+OK\n"


def _store(session: "Session", name: str, value: str) -> None:
    if value:
        session.channel.variables[name] = value
    else:
        session.channel.variables.pop(name, None)


def _getvar(switch: "Switch", arguments: str) -> str:
    uuid, _, name = arguments.partition(" ")
    session = find(switch, uuid)
    if session is None:
        return NO_SUCH_CHANNEL
    return session.channel.variables.get(name) or "_undef_"


def _dump(switch: "Switch", arguments: str) -> str:
    uuid, _, form = arguments.partition(" ")
    session = switch.sessions.get(uuid)
    if session is None:
        return NO_SUCH_CHANNEL
    headers = switch.base_headers("CHANNEL_DATA") + session.channel.headers()
    if form == "json":
        return json_text(json_object(headers))
    return plain_body(headers).decode("ascii")


def _set_media_stats(switch: "Switch", arguments: str) -> str:
    session = find(switch, arguments)
    if session is None:
        return f"-ERR No such channel {arguments}!\n"
    if session.person.media_flows:
        session.channel.variables |= media_statistics(session.channel)
    return "+OK:\n"


def _transfer(switch: "Switch", arguments: str) -> str:
    uuid, *words = arguments.split()
    legs = words.pop(0) if words and words[0] in ("-both", "-bleg") else ""
    session = find(switch, uuid)
    if session is None:
        return NO_SUCH_CHANNEL
    if not words:
        return "-USAGE: <uuid> [-bleg|-both] <dest-exten> [<dialplan>] [<context>]\n"
    other = session.bridge.other(session) if session.bridge is not None else session.talks_to
    chosen = [other] if legs == "-bleg" else [session, other] if legs else [session]
    for leg in chosen:
        if leg is not None:
            transfer(leg, " ".join(words))
    return "+OK\n"


def _park(switch: "Switch", arguments: str) -> str:
    return _transfer(switch, f"{arguments} park inline")


COMMANDS: "Mapping[str, Callable[[Switch, str], str]]" = {
    "uuid_answer": _answer,
    "uuid_break": _break,
    "uuid_dump": _dump,
    "uuid_exists": _exists,
    "uuid_getvar": _getvar,
    "uuid_kill": _kill,
    "uuid_park": _park,
    "uuid_set_media_stats": _set_media_stats,
    "uuid_setvar": _setvar,
    "uuid_setvar_multi": _setvar_multi,
    "uuid_transfer": _transfer,
    "hupall": _hupall,
}
