"""The far ends of calls, behind one interface: scripted ones of the simulated switch, SIP phones for the real one."""

from dataclasses import asdict
from typing import Protocol

from simulator.control import Behaviour, Control
from tests.support.sip_call import Call
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Manner, Phone
from tests.support.sip_transactions import Address

AGENTS = ("1001", "1002", "1003")
REACTIONS = {404: "unallocated", 480: "unavailable", 484: "invalid_number", 486: "busy", 503: "unreachable",
             603: "decline"}  # fmt: skip


class Party(Protocol):
    """One person in one call."""

    def hang_up(self) -> None:
        """End the call, or give up ringing."""

    def press(self, keys: str) -> None:
        """Press keys of the keypad."""

    def hold(self, *, on: bool) -> None:
        """Press the hold key."""

    def refer(self, number: str) -> None:
        """Transfer by the phone's own key."""

    def vanish(self) -> None:
        """Send no sound any more, and say nothing."""

    def fall_silent(self) -> None:
        """Say nothing any more: silence is sent."""


class Endpoints(Protocol):
    """Everything a scenario needs from outside the switch."""

    def call_in(self, number: str, display: str = "") -> Party:
        """A customer calls."""

    def agent(self, user: str, manner: Manner | None = None) -> None:
        """Make the agent's phone registered and let it treat calls this way."""

    def unregister(self, user: str) -> None:
        """The agent's phone signs off."""

    def agent_party(self, user: str) -> Party:
        """The agent's side of the latest call to that phone."""

    def outside(self, manner: Manner) -> None:
        """How telephones behind the trunk `pstn` treat calls."""

    def outside_party(self) -> Party:
        """The latest call to a telephone behind the trunk."""


class SimulatedParty:
    """A scripted person of the simulated switch."""

    def __init__(self, control: Control, uuid: str) -> None:
        self._control = control
        self._uuid = uuid

    def hang_up(self) -> None:
        """See Party."""
        self._control.hang_up(self._uuid)

    def press(self, keys: str) -> None:
        """See Party."""
        self._control.press(self._uuid, keys)

    def hold(self, *, on: bool) -> None:
        """See Party."""
        self._control.hold(self._uuid, on=on)

    def refer(self, number: str) -> None:
        """See Party."""
        self._control.refer(self._uuid, number)

    def vanish(self) -> None:
        """See Party."""
        self._control.stop_media(self._uuid)

    def fall_silent(self) -> None:
        """See Party."""
        self._control.fall_silent(self._uuid)


class SimulatedEndpoints:
    """Far ends played by the simulated switch."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def call_in(self, number: str, display: str = "") -> Party:
        """See Endpoints."""
        leg = self._control.place_call("13800138000", number, display_name=display)
        return SimulatedParty(self._control, leg)

    def agent(self, user: str, manner: Manner | None = None) -> None:
        """See Endpoints."""
        self._control.set_phone(user, _behaviour(manner or Manner()))

    def unregister(self, user: str) -> None:
        """See Endpoints."""
        self._control.unregister(user)

    def agent_party(self, user: str) -> Party:
        """See Endpoints."""
        return SimulatedParty(self._control, self._control.wait_for(user=user))

    def outside(self, manner: Manner) -> None:
        """See Endpoints."""
        self._control.set_gateway(_behaviour(manner))

    def outside_party(self) -> Party:
        """See Endpoints."""
        outgoing = [leg for leg in self._control.legs() if leg.direction == "outbound"]
        return SimulatedParty(self._control, outgoing[-1].uuid)


def _behaviour(manner: Manner) -> Behaviour:
    """The simulated switch's script for the same manner."""
    behaviour = Behaviour(after_ms=round(1000 * (manner.answer_after or 0)), early_media=manner.early_media)
    settings = asdict(behaviour) | {"rings": manner.ring and not manner.refuse}
    if manner.dead:
        return Behaviour(**settings | {"reaction": "dead"})
    if manner.refuse:
        return Behaviour(**settings | {"reaction": REACTIONS[manner.refuse], "after_ms": 0})
    return Behaviour(**settings | {"reaction": "no_answer" if manner.answer_after is None else "answer"})


class RealParty:
    """A call of a SIP test phone."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def hang_up(self) -> None:
        """See Party."""
        self._call.hang_up()

    def press(self, keys: str) -> None:
        """See Party."""
        self._call.press(keys)

    def hold(self, *, on: bool) -> None:
        """See Party."""
        self._call.hold() if on else self._call.resume()

    def refer(self, number: str) -> None:
        """See Party."""
        self._call.refer(number)

    def vanish(self) -> None:
        """See Party."""
        self._call.party.sending = False

    def fall_silent(self) -> None:
        """See Party."""
        self._call.party.humming = False


class RealEndpoints:
    """SIP phones that register with a real switch, a customer beyond its trunk, and the trunk's far end."""

    def __init__(self, loop: SipLoop, phones: Address, trunk: Address, domain: str, carrier: Phone) -> None:
        self._carrier = carrier
        self._caller = Phone(loop, "13800138000", "", trunk, domain, 450)
        self._agents = {
            user: Phone(loop, user, f"secret-{user}", phones, domain, 620 + 130 * place)
            for place, user in enumerate(AGENTS)
        }

    def close(self) -> None:
        """Switch every phone off."""
        for phone in (self._caller, *self._agents.values()):
            if phone.registered_status and phone is not self._caller:
                phone.behave(Manner()).register(0)
            phone.close()
        for call in self._carrier.calls:
            call.hang_up()

    def call_in(self, number: str, display: str = "") -> Party:
        """See Endpoints."""
        return RealParty(self._caller.dial(number, display=f'"{display}"' if display else ""))

    def agent(self, user: str, manner: Manner | None = None) -> None:
        """See Endpoints."""
        self._agents[user].behave(Manner()).register()
        self._agents[user].behave(manner or Manner())

    def unregister(self, user: str) -> None:
        """See Endpoints."""
        self._agents[user].register(0)

    def agent_party(self, user: str) -> Party:
        """See Endpoints."""
        phone = self._agents[user]
        return RealParty(phone.next_call(max(0, len(phone.calls) - 1)))

    def outside(self, manner: Manner) -> None:
        """See Endpoints."""
        self._carrier.behave(manner)

    def outside_party(self) -> Party:
        """See Endpoints."""
        return RealParty(self._carrier.next_call(max(0, len(self._carrier.calls) - 1)))
