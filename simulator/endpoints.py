"""Scripted phones, gateways and callers: how a person at the far end behaves."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from simulator.sessions import Session

Reaction = Literal[
    "answer",
    "no_answer",
    "busy",
    "decline",
    "unavailable",
    "unallocated",
    "invalid_number",
    "unreachable",
    "dead",
]

REFUSALS: dict[str, tuple[int, str]] = {
    "busy": (486, "USER_BUSY"),
    "decline": (603, "CALL_REJECTED"),
    "unavailable": (480, "NO_USER_RESPONSE"),
    "unallocated": (404, "UNALLOCATED_NUMBER"),
    "invalid_number": (484, "INVALID_NUMBER_FORMAT"),
    "unreachable": (503, "NORMAL_TEMPORARY_FAILURE"),
}
"""SIP status and hang-up cause of each refusal, as recorded (docs/freeswitch.md, agent leg)."""


@dataclass(slots=True)
class Behaviour:
    """What a phone does with a call. Times are milliseconds; None means never."""

    reaction: Reaction = "answer"
    after_ms: int = 500
    """From being rung (or from early media) to the reaction."""
    ring_after_ms: int = 0
    """From the INVITE to the 180; a dead phone never sends one."""
    rings: bool = True
    """False: the final answer comes without a 180 (then no CHANNEL_PROGRESS appears)."""
    early_media: bool = False
    """Send 183 with media instead of 180."""
    talk_ms: int | None = None
    """Hang up that long after being joined to somebody."""
    leave_after_ms: int | None = None
    """Hang up that long after answering, joined or not."""
    digits: str = ""
    """Keys pressed whenever a menu asks for digits."""
    digits_after_ms: int = 300
    """From the start of the menu to the first key; 180 ms between keys."""


@dataclass(slots=True)
class Phone:
    """A user of the switch with at most one registered device."""

    user: str
    behaviour: Behaviour = field(default_factory=Behaviour)
    lines: int = 1
    """Calls it can hold at once; one more is refused with 486."""
    next_reactions: list[Behaviour] = field(default_factory=list)
    """Behaviours for the coming calls, used up one by one before `behaviour` applies."""
    calls: list["Session"] = field(default_factory=list)

    def behaviour_for_next_call(self) -> Behaviour:
        """The scripted one-off behaviour if there is one, busy if all lines are taken, else the usual one."""
        if len(self.calls) >= self.lines:
            return Behaviour(reaction="busy", after_ms=0, rings=False)
        return self.next_reactions.pop(0) if self.next_reactions else self.behaviour


#: How telephones behave whose numbers end like this, on every trunk: the SIP status they answer with, in four digits;
#: 0000 rings and is never answered, 0183 sends early media before it answers, 0200 presses 1 when asked to.
BY_ENDING: dict[str, dict[str, Any]] = {
    "0000": {"reaction": "no_answer", "rings": True},
    "0200": {"rings": True, "after_ms": 3000, "digits": "1", "talk_ms": 40_000},  # a mobile whose owner presses 1
    "0183": {"early_media": True},
    **{f"0{status}": {"reaction": reaction, "after_ms": 100} for reaction, (status, _) in REFUSALS.items()},
}


@dataclass(slots=True)
class Gateway:
    """A trunk; numbers behave alike unless one has its own phone or ends in a way that means something."""

    name: str
    behaviour: Behaviour = field(default_factory=lambda: Behaviour(rings=False))
    numbers: dict[str, Phone] = field(default_factory=dict)

    def phone(self, number: str) -> Phone:
        """The phone behind a number; unknown numbers get one that behaves like the gateway."""
        if number in self.numbers:
            return self.numbers[number]
        script = BY_ENDING.get(number[-4:])
        return Phone(number, replace(self.behaviour, **script) if script else self.behaviour, lines=1000)


@dataclass(slots=True)
class Person:
    """The human at the end of one leg. Hanging up is scheduled here; the session calls the notifications."""

    session: "Session"
    behaviour: Behaviour = field(default_factory=Behaviour)
    patience_ms: int | None = None
    """Callers: hang up if nobody has been reached by then."""
    on_joined: Callable[[], None] = lambda: None
    on_gone: Callable[[], None] = lambda: None
    was_joined: bool = False
    media_flows: bool = True
    """False: the device is gone but its leg is still up (its packet counters stand still)."""
    speaks: bool = True
    """False: what the device sends is silence."""
    _timers: list[asyncio.TimerHandle] = field(default_factory=list)

    def begin(self) -> None:
        """The person picked up the handset (a caller: dialled)."""
        self._hang_up_after(self.patience_ms, unless_joined=True)

    def answered(self) -> None:
        """The person answered a ringing phone."""
        self._hang_up_after(self.behaviour.leave_after_ms)

    def joined(self) -> None:
        """Somebody can be talked to; the talk time starts at the first one only."""
        if not self.was_joined:
            self.was_joined = True
            self.on_joined()
            self._hang_up_after(self.behaviour.talk_ms)

    def asked_for_digits(self) -> None:
        """A menu plays: press the scripted keys."""
        for place, digit in enumerate(self.behaviour.digits):
            self._later(self.behaviour.digits_after_ms + 180 * place, partial(self.session.press, digit))

    def left(self) -> None:
        """The leg is over: forget what was planned."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self.on_gone()

    def _hang_up_after(self, delay_ms: int | None, *, unless_joined: bool = False) -> None:
        if delay_ms is not None:
            self._later(
                delay_ms,
                lambda: None if unless_joined and self.was_joined else self.session.hang_up_by_peer(),
            )

    def _later(self, delay_ms: int, action: Callable[[], None]) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(delay_ms / 1000, action))
