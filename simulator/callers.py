"""People who call in."""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from simulator.channels import CallerProfile, Channel
from simulator.dialplan import route
from simulator.endpoints import Behaviour
from simulator.sessions import Session
from simulator.sip_variables import of_inbound_call

if TYPE_CHECKING:
    from simulator.switch import Switch


@dataclass(frozen=True, slots=True)
class IncomingCall:
    """One call to be placed. Times are milliseconds, None means never."""

    caller: str
    number: str
    display_name: str = ""
    patience_ms: int | None = None
    hangup_after_ms: int | None = None
    """From being joined to somebody."""
    digits: str = ""
    digits_after_ms: int = 300
    context: str = "public"
    auth_username: str = ""
    """The user whose phone places the call, for calls from inside."""


def place_call(switch: "Switch", call: IncomingCall) -> Session:
    """An INVITE arrives; the leg runs through the dialplan by itself."""
    display = call.display_name or call.caller
    side = "internal" if call.auth_username else "external"
    # the switch URL-decodes the display name, the channel variable keeps what came (trace 14a)
    name = unquote(display, errors="surrogateescape")
    profile = CallerProfile(
        name,
        call.caller,
        call.number,
        call.context,
        "mod_sofia",
        username=call.caller,
        dialplan="XML",
        original_name=name,
        original_number=call.caller,
    )
    variables = of_inbound_call(call.caller, call.number, display, side)
    if call.auth_username:
        variables["sip_auth_username"] = call.auth_username
    leg = str(uuid.uuid4())
    channel = Channel(leg, f"sofia/{side}/{call.caller}@127.0.0.1:5071", "inbound", profile, variables)
    session = Session(switch, channel)
    _script(switch, session, call)
    session.timeline.note("silence")
    session.start(route)
    session.person.begin()
    return session


def _script(switch: "Switch", session: Session, call: IncomingCall) -> None:
    person, counters = session.person, switch.counters
    person.patience_ms = call.patience_ms
    person.behaviour = Behaviour(talk_ms=call.hangup_after_ms, digits=call.digits, digits_after_ms=call.digits_after_ms)
    counters.placed += 1

    def joined() -> None:
        counters.joined += 1

    def gone() -> None:
        counters.ended += 1
        counters.lost += not person.was_joined

    person.on_joined, person.on_gone = joined, gone
