"""`show channels|calls|registrations`, as JSON, as CSV, or as a count."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from simulator.billing import stamp
from simulator.events import json_text

if TYPE_CHECKING:
    from simulator.sessions import Session
    from simulator.switch import Switch

Row = dict[str, str]

_CALL_FIELDS = (
    "uuid",
    "direction",
    "created",
    "created_epoch",
    "name",
    "state",
    "cid_name",
    "cid_num",
    "ip_addr",
    "dest",
    "presence_id",
    "presence_data",
    "accountcode",
    "callstate",
    "callee_name",
    "callee_num",
    "callee_direction",
    "call_uuid",
    "hostname",
    "sent_callee_name",
    "sent_callee_num",
)
_B_FIELDS = tuple(name for name in _CALL_FIELDS if name not in ("call_uuid", "hostname"))


def _channel_row(session: "Session") -> Row:
    channel, who = session.channel, session.channel.profile
    created = channel.times["created"]
    codec = {
        "read_codec": "PCMU",
        "read_rate": "8000",
        "read_bit_rate": "64000",
        "write_codec": "PCMU",
        "write_rate": "8000",
        "write_bit_rate": "64000",
    }
    joined = session.bridge is not None
    application, data = channel.last_application
    if joined:
        application, data = "uuid_bridge", channel.variables.get("bridge_uuid", "")
    return {
        "uuid": channel.uuid,
        "direction": channel.direction,
        "created": stamp(created),
        "created_epoch": str(created // 1_000_000),
        "name": channel.name,
        "state": channel.state,
        "cid_name": who.caller_name,
        "cid_num": who.caller_number,
        "ip_addr": "127.0.0.1" if channel.direction == "inbound" else "",
        "dest": who.destination,
        "application": application,
        "application_data": data,
        "dialplan": who.dialplan,
        "context": who.context,
        **codec,
        "secure": "",
        "hostname": "fs1",
        "presence_id": channel.presence_id,
        "presence_data": "",
        "accountcode": "",
        "callstate": channel.call_state,
        "callee_name": who.callee_name,
        "callee_num": who.callee_number,
        "callee_direction": "SEND" if joined else "",
        "call_uuid": channel.call_uuid if joined else "",
        "sent_callee_name": "",
        "sent_callee_num": "",
        "initial_cid_name": who.original_name,
        "initial_cid_num": who.original_number,
        "initial_ip_addr": "127.0.0.1" if channel.direction == "inbound" else "",
        "initial_dest": who.destination,
        "initial_dialplan": who.dialplan,
        "initial_context": who.context,
    }


def _channels(switch: "Switch") -> list[Row]:
    return [_channel_row(session) for session in switch.sessions.values()]


def _calls(switch: "Switch") -> list[Row]:
    rows = []
    for session in switch.sessions.values():
        bridge = session.bridge
        if bridge is not None and bridge.second is session:
            continue
        own = _channel_row(session)
        other = _channel_row(bridge.second) if bridge is not None else dict.fromkeys(_B_FIELDS, "")
        row = {name: own[name] for name in _CALL_FIELDS} | {f"b_{name}": other[name] for name in _B_FIELDS}
        bridged = str(session.channel.times["bridged"] // 1_000_000) if bridge is not None else ""
        rows.append(row | {"call_created_epoch": bridged})
    return rows


def _registrations(switch: "Switch") -> list[Row]:
    return [
        {
            "reg_user": contact.user,
            "realm": contact.realm,
            "token": contact.call_id,
            "url": f"sofia/internal/{contact.uri}",
            "expires": str(contact.expires_at),
            "network_ip": "127.0.0.1",
            "network_port": str(contact.port),
            "network_proto": "udp",
            "hostname": "fs1",
            "metadata": "",
        }
        for contact in switch.registrations.contacts.values()
    ]


_TABLES: "Mapping[str, Callable[[Switch], list[Row]]]" = {
    "channels": _channels,
    "calls": _calls,
    "bridged_calls": lambda switch: [row for row in _calls(switch) if row["b_uuid"]],
    "detailed_calls": _calls,
    "registrations": _registrations,
}


def _show(switch: "Switch", arguments: str) -> str:
    what, *how = arguments.split()
    if what not in _TABLES:
        return "-USAGE: channels|calls|registrations ... [as json|count]\n"
    rows = _TABLES[what](switch)
    if how[:1] == ["count"]:
        return f"\n{len(rows)} total.\n"
    if how[:2] == ["as", "json"]:
        return json_text({"row_count": len(rows), "rows": rows}) if rows else '{"row_count": 0}\n'
    if not rows:
        return "\n0 total.\n"
    lines = [",".join(rows[0])] + [",".join(row.values()) for row in rows]
    return "\n".join(lines) + f"\n\n{len(rows)} total.\n"


COMMANDS: "Mapping[str, Callable[[Switch, str], str]]" = {"show": _show}
