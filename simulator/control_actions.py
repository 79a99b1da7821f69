"""What the control channel can do to the simulated switch and its telephones."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from simulator.bridging import Bridge
from simulator.callers import IncomingCall, place_call
from simulator.endpoints import Behaviour, Phone
from simulator.phones import hold_from_phone, refer_from_phone, set_phone
from simulator.registrations import Registration
from simulator.server import EventSocketServer
from simulator.sessions import Session
from simulator.switch import Switch
from simulator.waiting import condition, wait_until

NAMES = (
    *("place_call", "set_phone", "script_next_calls", "set_gateway", "set_number"),
    *("answer", "hang_up", "press", "hold", "refer", "stop_media", "fall_silent"),
    *("register", "unregister", "drop_websocket", "expire", "fail_registration"),
    *("drop_sockets", "be_silent", "misbehave", "behave", "die_and_restart"),
    *("legs", "leg", "counts", "wait_for"),
)
"""The actions; simulator.control.Control says what each does."""


class BadRequest(Exception):  # noqa: N818  (named for what it is)
    """The request cannot be carried out; nothing was changed."""


class Actions:
    """One private method an action; `table` is what the control channel offers."""

    def __init__(self, switch: Switch, server: EventSocketServer) -> None:
        self._switch = switch
        self._server = server
        self.table: dict[str, Callable[..., Any]] = {name: getattr(self, f"_{name}") for name in NAMES}

    def _find_leg(self, uuid: str) -> Session:
        session = self._switch.history.get(uuid)
        if session is None:
            raise BadRequest(f"no leg with uuid {uuid}; `legs` lists them")
        return session

    def _phone(self, user: str) -> Phone:
        phone = self._switch.phones.get(user)
        if phone is None:
            raise BadRequest(f"no phone {user}; create it with set_phone")
        return phone

    # Callers and phones

    def _place_call(self, **call: Any) -> str:  # noqa: ANN401  (JSON)
        return place_call(self._switch, IncomingCall(**call)).channel.uuid

    def _set_phone(
        self,
        user: str,
        registered: bool = True,
        lines: int = 1,
        websocket: bool = False,
        user_agent: str = "simulated-phone/1.0",
        realm: str = "",
        behaviour: dict[str, Any] | None = None,
    ) -> None:
        script = Behaviour(**behaviour) if behaviour is not None else None
        contact = Registration(user, realm or self._switch.domain, user_agent, websocket=websocket)
        set_phone(self._switch, contact, registered=registered, lines=lines, behaviour=script)

    def _script_next_calls(self, user: str, behaviours: list[dict[str, Any]]) -> None:
        self._phone(user).next_reactions.extend([Behaviour(**behaviour) for behaviour in behaviours])

    def _set_gateway(self, name: str = "pstn", behaviour: dict[str, Any] | None = None) -> None:
        if name not in self._switch.gateways:
            raise BadRequest(f"no gateway {name}")
        self._switch.gateways[name].behaviour = replace(Behaviour(rings=False), **(behaviour or {}))

    def _set_number(self, number: str, behaviour: dict[str, Any], gateway: str = "pstn") -> None:
        if gateway not in self._switch.gateways:
            raise BadRequest(f"no gateway {gateway}")
        script = replace(Behaviour(rings=False), **behaviour)
        self._switch.gateways[gateway].numbers[number] = Phone(number, script, lines=1000)

    def _answer(self, uuid: str) -> None:
        self._find_leg(uuid).answer()

    def _hang_up(self, uuid: str) -> None:
        self._find_leg(uuid).hang_up_by_peer()

    def _press(self, uuid: str, digits: str) -> None:
        session = self._find_leg(uuid)
        for place, digit in enumerate(digits):
            asyncio.get_running_loop().call_later(0.18 * place, session.press, digit)

    def _hold(self, uuid: str, on: bool = True) -> None:
        hold_from_phone(self._find_leg(uuid), on=on)

    def _refer(self, uuid: str, to: str) -> None:
        if not refer_from_phone(self._find_leg(uuid), to):
            raise BadRequest("only a leg that is in a bridge can be transferred by its phone")

    def _stop_media(self, uuid: str) -> None:
        self._find_leg(uuid).person.media_flows = False

    def _fall_silent(self, uuid: str) -> None:
        self._find_leg(uuid).person.speaks = False

    # Registrations

    def _register(self, user: str, **contact: Any) -> None:  # noqa: ANN401  (JSON)
        self._phone(user)
        self._switch.registrations.register(Registration(user, **{"realm": self._switch.domain, **contact}))

    def _unregister(self, user: str) -> None:
        self._switch.registrations.unregister(user)

    def _drop_websocket(self, user: str) -> None:
        self._switch.registrations.drop_websocket(user)

    def _expire(self, user: str) -> None:
        self._switch.registrations.expire(user)

    def _fail_registration(self, user: str) -> None:
        self._switch.registrations.fail(user)

    # Faults

    def _drop_sockets(self) -> int:
        return self._server.drop_clients()

    def _be_silent(self, silent: bool = True) -> None:
        self._server.be_silent(silent=silent)

    def _misbehave(
        self,
        duplicate_every: int = 0,
        delay_ms: int = 0,
        reorder_ms: int = 0,
        originate_delay_ms: int = 0,
        swallow: bool = False,
        bridges: list[str] | None = None,
    ) -> None:
        faults = self._switch.faults
        unknown = set(bridges or ()) - {"first_dies", "second_dies"}
        if unknown:
            raise BadRequest(f"unknown bridge fault {unknown}; use first_dies or second_dies")
        faults.duplicate_every, faults.delay_ms, faults.swallow = duplicate_every, delay_ms, swallow
        faults.reorder_ms, faults.originate_delay_ms = reorder_ms, originate_delay_ms
        faults.bridges.extend(bridges or ())  # type: ignore[arg-type]  # checked above

    def _behave(self) -> None:
        self._switch.faults.clear()

    async def _die_and_restart(self, down_ms: int = 200) -> str:
        host, port = self._server.address
        self._switch.die()
        await self._server.close()
        await asyncio.sleep(down_ms / 1000)
        self._switch.boot()
        await self._server.open(host, port)
        return self._switch.core_uuid

    # Looking

    def _legs(self) -> list[dict[str, Any]]:
        return [describe(session) for session in self._switch.sessions.values()]

    def _leg(self, uuid: str) -> dict[str, Any]:
        return describe(self._find_leg(uuid))

    def _counts(self) -> dict[str, int]:
        return asdict(self._switch.counters) | {
            "legs": len(self._switch.sessions),
            "subscribers": self._server.subscribers,
        }

    async def _wait_for(self, timeout_ms: int = 20_000, **wanted: Any) -> Any:  # noqa: ANN401  (JSON)
        try:
            met = condition(self._switch, self._server, wanted)
        except KeyError as problem:
            raise BadRequest(f"cannot wait for {wanted}: missing {problem}") from problem
        result = await wait_until(self._switch, met, timeout_ms / 1000)
        if result is None:
            raise BadRequest(f"after {timeout_ms} ms still not: {wanted}")
        return result


def describe(session: Session) -> dict[str, Any]:
    """One leg as the control channel shows it."""
    channel = session.channel
    bridge: Bridge | None = session.bridge
    return {
        "uuid": channel.uuid,
        "direction": channel.direction,
        "caller": channel.profile.original_number,
        "number": channel.profile.destination,
        "state": channel.state,
        "answer_state": channel.answer_state,
        "alive": session.alive,
        "hangup_cause": channel.hangup_cause,
        "hears": session.timeline.latest,
        "peer": bridge.other(session).channel.uuid if bridge is not None else "",
        "recordings": list(session.recordings.running),
        "variables": dict(channel.variables),
        "heard": [[entry.at_us, entry.sound, entry.detail] for entry in session.timeline.entries],
    }
