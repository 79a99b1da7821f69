"""The typed client of the control channel, for tests and scripts. Blocking; one request at a time a client."""

import json
import socket
import threading
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from simulator.endpoints import Behaviour

__all__ = ["Behaviour", "Control", "ControlError", "Leg"]

_GRACE_SECONDS = 5.0


class ControlError(Exception):
    """The simulated switch refused a request, or what was waited for did not happen; the text says why."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg as it is, or as it ended."""

    uuid: str
    direction: str
    caller: str
    number: str
    state: str
    answer_state: str
    alive: bool
    hangup_cause: str
    hears: str
    peer: str
    """uuid of the leg it is bridged to, or empty."""
    recordings: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    heard: list[tuple[int, str, str]] = field(default_factory=list)
    """(microseconds since 1970, sound, detail), oldest first."""

    def sounds(self) -> list[str]:
        """What was heard, one word a change."""
        return [sound for _, sound, _ in self.heard]

    def longest_ms(self, sound: str, *, after: str | None = None) -> float:
        """The longest uninterrupted time of one sound in milliseconds, counted from the first `after` on."""
        started = after is None
        longest = 0.0
        for (at_us, name, _), (until_us, _, _) in zip(self.heard, self.heard[1:], strict=False):
            started = started or name == after
            if started and name == sound:
                longest = max(longest, (until_us - at_us) / 1000)
        return longest


class Control:
    """A connection to the control channel of a running simulated switch."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), timeout=10)
        self._file = self._socket.makefile("rwb")
        self._lock = threading.Lock()
        self._number = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up the control connection; the switch goes on."""
        self._file.close()
        self._socket.close()

    def request(self, action: str, timeout: float = 10, **parameters: Any) -> Any:  # noqa: ANN401  (JSON)
        """Perform an action; raises ControlError with the switch's reason."""
        with self._lock:
            self._number += 1
            self._socket.settimeout(timeout)
            request = {"id": self._number, "do": action, "with": parameters}
            self._file.write(json.dumps(request).encode() + b"\n")
            self._file.flush()
            answer = json.loads(self._file.readline() or b'{"ok": false, "error": "the simulated switch is gone"}')
        if not answer["ok"]:
            raise ControlError(answer["error"])
        return answer["result"]

    # Callers and phones

    def place_call(
        self,
        caller: str,
        number: str,
        *,
        patience_ms: int | None = None,
        hangup_after_ms: int | None = None,
        display_name: str = "",
        digits: str = "",
        digits_after_ms: int = 300,
        context: str = "public",
        auth_username: str = "",
    ) -> str:
        """Call a number; returns the leg's uuid.

        The caller gives up `patience_ms` after dialling unless joined to somebody by then, and hangs up
        `hangup_after_ms` after being joined. `digits` are pressed at each menu. `auth_username` (with context
        `internal`) is the phone's user for calls from inside.
        """
        return str(
            self.request(
                "place_call",
                caller=caller,
                number=number,
                patience_ms=patience_ms,
                hangup_after_ms=hangup_after_ms,
                display_name=display_name,
                digits=digits,
                digits_after_ms=digits_after_ms,
                context=context,
                auth_username=auth_username,
            )
        )

    def set_phone(
        self,
        user: str,
        behaviour: Behaviour | None = None,
        *,
        registered: bool = True,
        lines: int = 1,
        websocket: bool = False,
        user_agent: str = "simulated-phone/1.0",
        realm: str = "",
    ) -> None:
        """Create or change a phone; without behaviour it keeps the one it has (a new one answers after 500 ms)."""
        script = asdict(behaviour) if behaviour is not None else None
        self.request(
            "set_phone",
            user=user,
            registered=registered,
            lines=lines,
            websocket=websocket,
            user_agent=user_agent,
            realm=realm,
            behaviour=script,
        )

    def script_next_calls(self, user: str, *behaviours: Behaviour) -> None:
        """Behaviours for the phone's coming calls, one each, before its usual behaviour applies again."""
        self.request("script_next_calls", user=user, behaviours=[asdict(behaviour) for behaviour in behaviours])

    def set_gateway(self, behaviour: Behaviour, name: str = "pstn") -> None:
        """How numbers behind a trunk behave that have no behaviour of their own."""
        self.request("set_gateway", name=name, behaviour=asdict(behaviour))

    def set_number(self, number: str, behaviour: Behaviour, gateway: str = "pstn") -> None:
        """How one outside number behaves."""
        self.request("set_number", number=number, behaviour=asdict(behaviour), gateway=gateway)

    def answer(self, uuid: str) -> None:
        """The person whose phone rings answers now, whatever the script says."""
        self.request("answer", uuid=uuid)

    def hang_up(self, uuid: str) -> None:
        """The person of that leg hangs up (or gives up, or refuses, if it is not answered yet)."""
        self.request("hang_up", uuid=uuid)

    def press(self, uuid: str, digits: str) -> None:
        """The person presses keys, 180 ms apart."""
        self.request("press", uuid=uuid, digits=digits)

    send_dtmf = press

    def hold(self, uuid: str, *, on: bool = True) -> None:
        """The phone's hold key."""
        self.request("hold", uuid=uuid, on=on)

    def refer(self, uuid: str, to: str) -> None:
        """The phone's own blind transfer (REFER)."""
        self.request("refer", uuid=uuid, to=to)

    def stop_media(self, uuid: str) -> None:
        """The device vanishes: its leg stays, its packet counters stand still."""
        self.request("stop_media", uuid=uuid)

    def fall_silent(self, uuid: str) -> None:
        """The person says nothing from now on: what is sent is silence."""
        self.request("fall_silent", uuid=uuid)

    # Registrations

    def register(
        self,
        user: str,
        *,
        user_agent: str = "simulated-phone/1.0",
        websocket: bool = False,
        realm: str = "cc.local",
    ) -> None:
        """REGISTER: the first one, a refresh, or a new device that replaces the old one."""
        self.request("register", user=user, user_agent=user_agent, websocket=websocket, realm=realm)

    def unregister(self, user: str) -> None:
        """The phone signs off."""
        self.request("unregister", user=user)

    def drop_websocket(self, user: str) -> None:
        """The browser's WebSocket breaks."""
        self.request("drop_websocket", user=user)

    def expire(self, user: str) -> None:
        """The registration runs out."""
        self.request("expire", user=user)

    def fail_registration(self, user: str) -> None:
        """A REGISTER with a wrong password."""
        self.request("fail_registration", user=user)

    # Faults

    def drop_sockets(self) -> int:
        """Cut every event socket connection; returns how many there were."""
        return int(self.request("drop_sockets"))

    def be_silent(self, *, silent: bool = True) -> None:
        """Half-open: the connected sockets stay but nothing is read or written any more (False: as before)."""
        self.request("be_silent", silent=silent)

    def misbehave(
        self,
        *,
        duplicate_every: int = 0,
        delay_ms: int = 0,
        reorder_ms: int = 0,
        originate_delay_ms: int = 0,
        swallow: bool = False,
        bridges: list[str] | None = None,
    ) -> None:
        """Double every n-th event, deliver late, reorder across channels, delay originates, deliver no event at
        all, lose bridge races.

        `bridges` holds, for each coming uuid_bridge, `first_dies` or `second_dies`.
        """
        self.request(
            "misbehave",
            duplicate_every=duplicate_every,
            delay_ms=delay_ms,
            reorder_ms=reorder_ms,
            originate_delay_ms=originate_delay_ms,
            swallow=swallow,
            bridges=bridges,
        )

    def behave(self) -> None:
        """End all misbehaviour."""
        self.request("behave")

    def die_and_restart(self, down_ms: int = 200) -> str:
        """kill -9 and start again: all calls gone, registrations kept; returns the new Core-UUID."""
        return str(self.request("die_and_restart", timeout=down_ms / 1000 + 10, down_ms=down_ms))

    # Looking

    def legs(self) -> list[Leg]:
        """All legs that exist now."""
        return [_leg(document) for document in self.request("legs")]

    def leg(self, uuid: str) -> Leg:
        """One leg, also after its end."""
        return _leg(self.request("leg", uuid=uuid))

    def counts(self) -> dict[str, int]:
        """placed, joined, ended, lost, sessions, peak, events, legs, subscribers."""
        return {name: int(value) for name, value in self.request("counts").items()}

    def wait_for(self, *, timeout_ms: int = 20_000, **wanted: Any) -> Any:  # noqa: ANN401  (what was waited for)
        """Wait until something is true; raises ControlError if it is not within the time.

        uuid=, heard="music" | hears="bridge" | joined=True | ended=True (returns the cause);
        user="1001", answer_state="answered" (returns the leg's uuid); subscribers=1;
        count="joined", at_least=3.
        """
        return self.request("wait_for", timeout_ms / 1000 + _GRACE_SECONDS, timeout_ms=timeout_ms, **wanted)


def _leg(document: dict[str, Any]) -> Leg:
    heard = [(int(at), str(sound), str(detail)) for at, sound, detail in document.pop("heard")]
    return Leg(**document, heard=heard)
