"""Commands about the switch as a whole, and about SIP registrations."""

import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from simulator.switch import uptime_text

if TYPE_CHECKING:
    from simulator.switch import Switch

VERSION = "FreeSWITCH Version 1.11.3-dev (simulated switch, no telephone behind it)\n"


def _global_getvar(switch: "Switch", arguments: str) -> str:
    if not arguments:
        return "".join(f"{name}={value}\n" for name, value in switch.globals.items())
    return switch.globals.get(arguments, "")


def _global_setvar(switch: "Switch", arguments: str) -> str:
    name, _, value = arguments.partition("=")
    switch.globals[name] = value
    return "+OK"


def _status(switch: "Switch", _arguments: str) -> str:
    counters = switch.counters
    return (
        f"UP {uptime_text(switch.uptime_us())}\n"
        "FreeSWITCH (Version 1.11.3-dev simulated 64bit) is ready\n"
        f"{counters.sessions} session(s) since startup\n"
        f"{len(switch.sessions)} session(s) - peak {counters.peak}, last 5min {counters.peak} \n"
        f"0 session(s) per Sec out of max 1000, peak 0, last 5min 0 \n"
        "5000 session(s) max\nmin idle cpu 0.00/97.00\nCurrent Stack Size/Max 240K/240K\n"
    )


def _sofia_contact(switch: "Switch", arguments: str) -> str:
    user = arguments.rpartition("/")[2].partition("@")[0]
    contact = switch.registrations.contacts.get(user)
    return f"sofia/internal/{contact.uri}" if contact else "error/user_not_registered"


def _sofia(switch: "Switch", arguments: str) -> str:
    words = arguments.split()
    if words[:1] == ["profile"] and len(words) >= 3 and words[2] == "flush_inbound_reg":
        wanted = words[3].partition("@")[0] if len(words) > 3 and words[3] != "reboot" else ""
        contacts = switch.registrations.contacts
        for user in [user for user, contact in contacts.items() if wanted in ("", user, contact.call_id)]:
            switch.registrations.expire(user)
        return "+OK flushing all registrations matching specified call_id\n"
    if words[:2] == ["status", "gateway"] or words == ["status"]:
        return "".join(f"{name}\tgateway\tsip:{name}\tNOREG\n" for name in switch.gateways)
    if words[:1] == ["profile"] and len(words) >= 3 and words[2] == "rescan":
        return "Reload XML [Success]\n+OK scan complete\n"
    return "-ERR Unknown command!\n"


def _local_stream(_switch: "Switch", arguments: str) -> str:
    if arguments.partition(" ")[0] == "show":
        return "".join(f"{name},/usr/share/freeswitch/sounds/music/8000\n" for name in ("default", "moh"))
    return "+OK"


COMMANDS: "Mapping[str, Callable[[Switch, str], str]]" = {
    "create_uuid": lambda _switch, _arguments: str(uuid.uuid4()),
    "echo": lambda _switch, arguments: arguments,
    "global_getvar": _global_getvar,
    "global_setvar": _global_setvar,
    "local_stream": _local_stream,
    "reloadxml": lambda _switch, _arguments: "+OK [Success]\n",
    "sofia": _sofia,
    "sofia_contact": _sofia_contact,
    "status": _status,
    "uptime": lambda switch, _arguments: f"{switch.uptime_us() // 1_000_000}\n",
    "version": lambda _switch, _arguments: VERSION,
}
