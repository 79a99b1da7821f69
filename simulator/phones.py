"""What people do with desk phones besides answering: register, hold, transfer by REFER."""

from typing import TYPE_CHECKING

from simulator.dialplan import transfer
from simulator.endpoints import Behaviour, Phone
from simulator.sessions import Message

if TYPE_CHECKING:
    from simulator.registrations import Registration
    from simulator.sessions import Session
    from simulator.switch import Switch

HOLD_MUSIC = "local_stream://moh"


def set_phone(
    switch: "Switch",
    contact: "Registration",
    *,
    registered: bool,
    lines: int = 1,
    behaviour: Behaviour | None = None,
) -> Phone:
    """Create or change a phone; registers or unregisters it if that differs from now."""
    phone = switch.phones.setdefault(contact.user, Phone(contact.user))
    phone.lines = lines
    if behaviour is not None:
        phone.behaviour = behaviour
    known = contact.user in switch.registrations.contacts
    if registered and not known:
        switch.registrations.register(contact)
    elif known and not registered:
        switch.registrations.unregister(contact.user)
    return phone


def hold_from_phone(session: "Session", *, on: bool) -> None:
    """The phone's hold key: the switch plays music to the other party by itself."""
    session.hold(on=on)
    other = session.bridge.other(session) if session.bridge is not None else None
    if other is None:
        return
    if on:
        other.send(Message("playback", HOLD_MUSIC))
    else:
        other.withdraw(HOLD_MUSIC)
        other.stop_playing()


def refer_from_phone(session: "Session", to: str) -> bool:
    """Blind transfer by REFER: the *other* party is sent into the dialplan; False if there is none.

    The context is `public` unless force_transfer_context is set on that other leg (trace 08f).
    """
    if session.bridge is None:
        return False
    other = session.bridge.other(session)
    variables = other.channel.variables
    user, domain = session.channel.profile.destination, session.switch.domain
    variables |= {"sip_refer_to": f"<sip:{to}@{domain}>", "sip_h_Referred-By": f"<sip:{user}@{domain}>"}
    transfer(other, f"{to} XML {variables.get('force_transfer_context', 'public')}")
    return True
