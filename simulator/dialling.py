"""Outgoing legs: dial a phone or a trunk, ring, and come to one outcome."""

import asyncio
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.channels import CallerProfile, Channel
from simulator.dial_strings import BadDialString, DialString, parse_dial_string
from simulator.endpoints import REFUSALS, Behaviour, Phone
from simulator.parking import park_again
from simulator.sessions import Session
from simulator.sip_variables import of_outbound_call

if TYPE_CHECKING:
    from simulator.sessions import Step
    from simulator.switch import Switch

DEFAULT_TIMEOUT_SECONDS = 60
EARLY_BY_SECONDS = 0.1
"""originate_timeout counts whole seconds and fires 0.1 to 0.8 s early."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Nobody was reached; the cause as BACKGROUND_JOB tells it."""

    cause: str


async def dial(switch: "Switch", target: DialString, *, by: Session | None = None) -> Session | Failure:
    """Dial until answered (or until early media, unless that is ignored), refused, cancelled or timed out."""
    try:
        phone = _find_phone(switch, target)
        preset = target.variables.get("origination_uuid", "")
        if preset in switch.sessions:
            return Failure("DESTINATION_OUT_OF_ORDER")
        session = _create(switch, target, preset or str(uuid.uuid4()), by)
    except BadDialString as problem:
        return Failure(str(problem))
    outcome: asyncio.Future[Session | Failure] = asyncio.get_running_loop().create_future()
    _listen(session, outcome, ignore_early="true" in target.variables.get("ignore_early_media", ""))
    session.start(consume_media)
    session.publish("CHANNEL_ORIGINATE")
    script = asyncio.create_task(_be_rung(session, phone, phone.behaviour_for_next_call()))
    timeout = float(target.variables.get("originate_timeout") or DEFAULT_TIMEOUT_SECONDS)
    timer = asyncio.get_running_loop().call_later(
        max(0.0, timeout - EARLY_BY_SECONDS), lambda: session.hang_up("NO_ANSWER", "send_cancel")
    )
    try:
        return await outcome
    finally:
        timer.cancel()
        if not session.alive:
            script.cancel()


def _listen(session: Session, outcome: "asyncio.Future[Session | Failure]", *, ignore_early: bool) -> None:
    def settle(result: Session | Failure) -> None:
        if not outcome.done():
            outcome.set_result(result)

    session.on_answered = lambda: settle(session)
    session.on_hangup = lambda: settle(Failure(session.channel.hangup_cause))
    if not ignore_early:
        session.on_early_media = lambda: settle(session)


async def consume_media(session: Session) -> None:
    """The step of a leg that is being dialled."""
    session.channel.state = "CS_CONSUME_MEDIA"
    while not session.is_cut:
        await session.doze(None)


def _find_phone(switch: "Switch", target: DialString) -> Phone:
    if target.nobody:
        return Phone(target.nobody, Behaviour(after_ms=0, rings=False))
    if target.gateway:
        gateway = switch.gateways.get(target.gateway)
        if gateway is None:
            raise BadDialString("INVALID_GATEWAY")
        return gateway.phone(target.number)
    if target.user not in switch.phones:
        raise BadDialString("SUBSCRIBER_ABSENT")
    if target.user not in switch.registrations.contacts:
        raise BadDialString("USER_NOT_REGISTERED")
    return switch.phones[target.user]


def _create(switch: "Switch", target: DialString, leg: str, by: Session | None) -> Session:
    number = target.user or target.number or target.nobody
    domain = target.domain or switch.domain
    caller = target.variables.get("origination_caller_id_number", "0000000000")
    side = "external" if target.gateway else "internal"
    host = f"{number}@127.0.0.1:{5061 if target.user else 5090}"
    name = target.variables.get("origination_caller_id_name", "")
    profile = CallerProfile(
        caller_name=name,
        caller_number=caller,
        destination=number,
        context="default",
        source="src/switch_ivr_originate.c",
        callee_name="Outbound Call",
        callee_number=number,
        original_name=name,
        original_number=caller,
    )
    variables = of_outbound_call(number, caller, name, domain, side) | target.variables
    name_of_leg = f"null/{number}" if target.nobody else f"sofia/{side}/{host}"
    channel = Channel(leg, name_of_leg, "outbound", profile, variables)
    channel.presence_id = f"{number}@{domain}" if target.user else ""
    if by is not None:
        channel.other, channel.other_type = by.channel, "originator"
    return Session(switch, channel)


async def _be_rung(session: Session, phone: Phone, behaviour: Behaviour) -> None:
    """What the far end does with the INVITE."""
    if behaviour.reaction == "dead":
        return
    session.person.behaviour = behaviour
    phone.calls.append(session)
    session.person.on_gone = lambda: phone.calls.remove(session)
    await asyncio.sleep(behaviour.ring_after_ms / 1000)
    if behaviour.early_media:
        session.early_media()
    elif behaviour.rings:
        session.ring()
    await asyncio.sleep(behaviour.after_ms / 1000)
    if behaviour.reaction == "answer":
        session.answer()
    elif behaviour.reaction in REFUSALS:
        status, cause = REFUSALS[behaviour.reaction]
        session.hang_up(cause, "recv_refuse", str(status))


async def originate(switch: "Switch", target: DialString, then: "Step") -> str:
    """The originate command: `+OK uuid` or `-ERR cause`."""
    if switch.faults.originate_delay_ms:
        await asyncio.sleep(switch.faults.originate_delay_ms / 1000)
    reached = await dial(switch, target)
    if isinstance(reached, Failure):
        return f"-ERR {reached.cause}\n"
    _become_caller(reached)
    reached.divert(then)
    return f"+OK {reached.channel.uuid}\n"


def _become_caller(session: Session) -> None:
    """An originated leg runs an application as if it had called: its caller id is its own number."""
    profile = session.channel.profile
    profile.callee_name, profile.callee_number = profile.original_name, profile.original_number
    profile.caller_name, profile.caller_number = "Outbound Call", profile.destination
    session.channel.variables |= {
        "channel_cid_flipped": "yes",
        "originate_endpoint": "user",
        "pre_transfer_caller_id_name": profile.original_name,
        "pre_transfer_caller_id_number": profile.original_number,
    }


async def bridge_application(session: Session, argument: str) -> str:
    """`bridge {..}endpoint` executed on a leg: dial and join, already at early media."""
    variables = session.channel.variables
    try:
        target = parse_dial_string(argument)
    except BadDialString as problem:
        reached: Session | Failure = Failure(str(problem))
    else:
        inherited = {name: variables[name] for name in ("ignore_early_media",) if name in variables}
        target.variables.update(inherited | target.variables)
        reached = await _dial_while_listening(session, target)
    if isinstance(reached, Failure):
        variables |= {
            "originate_disposition": reached.cause,
            "DIALSTATUS": reached.cause,
            "last_bridge_hangup_cause": reached.cause,
        }
        if variables.get("continue_on_fail") != "true":
            session.hang_up(reached.cause)
        return "_none_"
    variables |= {"originate_disposition": "SUCCESS", "DIALSTATUS": "SUCCESS"}
    await _talk(session, reached)
    return "_none_"


async def _dial_while_listening(session: Session, target: DialString) -> Session | Failure:
    dialling = asyncio.create_task(dial(session.switch, target, by=session))
    dialling.add_done_callback(lambda _done: session.poke())
    while not dialling.done() and not session.is_cut:
        await session.doze(None)
    if not dialling.done():
        leg = session.switch.sessions.get(target.variables.get("origination_uuid", ""))
        if leg is not None:
            leg.hang_up("ORIGINATOR_CANCEL")
    return await dialling


async def _talk(session: Session, other: Session) -> None:
    """The bridge application's own bridge: the dialling leg stays in CS_EXECUTE."""
    session.channel.other, session.channel.other_type = other.channel, "originatee"
    ids = [("Bridge-A-Unique-ID", session.channel.uuid), ("Bridge-B-Unique-ID", other.channel.uuid)]
    now = session.channel.now()
    session.channel.times["bridged"] = other.channel.times["bridged"] = now
    other.channel.state = "CS_EXCHANGE_MEDIA"
    other.on_hangup = session.poke
    session.channel.variables |= {"bridge_uuid": other.channel.uuid, "signal_bond": other.channel.uuid}
    session.publish("CHANNEL_BRIDGE", ids)
    for leg, peer in ((session, other), (other, session)):
        leg.timeline.note("bridge", peer.channel.profile.destination)
        leg.person.joined()
    session.talks_to, other.talks_to = other, session
    while _talks(other) and not session.is_cut:
        await session.doze(None)
    session.talks_to = other.talks_to = None
    session.channel.variables |= {
        "last_bridge_to": other.channel.uuid,
        "last_bridge_hangup_cause": other.channel.hangup_cause or "NORMAL_CLEARING",
        "bridge_hangup_cause": other.channel.hangup_cause or "NORMAL_CLEARING",
    }
    session.publish("CHANNEL_UNBRIDGE", ids)
    if session.alive:
        session.timeline.note("silence")
    _part(session, other)


def _talks(other: Session) -> bool:
    """Tell whether a leg that was dialled is there, and nobody has taken it out of the talk."""
    return other.alive and other.diversion is None and other.channel.state == "CS_EXCHANGE_MEDIA"


def _part(session: Session, other: Session) -> None:
    """What becomes of the two: whoever is left parks if it was told to, an unanswered leg ends with the other."""
    if _talks(other):
        if other.channel.answered and other.channel.variables.get("park_after_bridge") == "true":
            other.divert(park_again)
        else:
            other.hang_up("NORMAL_CLEARING")
    if session.alive and session.diversion is None and other.channel.answered:
        session.divert(park_again)
