"""An agent: the seven states, what moves between them, and when calls may be offered."""

from dataclasses import dataclass, replace
from enum import StrEnum

from orchestrator.domain.machine import Machine


class AgentState(StrEnum):
    """The seven states of the glossary."""

    OFFLINE = "offline"
    ONLINE = "online"
    BREAK = "break"
    BUSY = "busy"
    RINGING = "ringing"
    IN_CALL = "in_call"
    WRAP_UP = "wrap_up"


class AnswerMode(StrEnum):
    """Where an agent answers: in the browser (or a soft phone), or on the own mobile."""

    WEB = "web"
    MOBILE = "mobile"


class AgentTrigger(StrEnum):
    """What can happen to an agent."""

    GO_ONLINE = "go_online"
    GO_BREAK = "go_break"
    GO_BUSY = "go_busy"
    GO_OFFLINE = "go_offline"
    OFFERED = "offered"
    OFFER_FAILED = "offer_failed"
    ANSWERED = "answered"
    CALL_RETURNED = "call_returned"
    CALL_ENDED = "call_ended"
    WRAPPED_UP = "wrapped_up"
    MISSED_TOO_MANY = "missed_too_many"
    RESTORED = "restored"
    RECALLED = "recalled"
    CALLS_OUT = "calls_out"


#: States that people choose; the others are entered and left only by what happens to calls (STATE-1).
CHOSEN_STATES = (AgentState.ONLINE, AgentState.BREAK, AgentState.BUSY, AgentState.OFFLINE)

#: After so many wrong PINs in a row, whoever keyed them in, an agent's service by phone is locked ...
MOST_WRONG_PINS = 5

#: ... for so long (us).
PINS_LOCKED_US = 15 * 60_000_000

CHOICES = {
    AgentState.ONLINE: AgentTrigger.GO_ONLINE,
    AgentState.BREAK: AgentTrigger.GO_BREAK,
    AgentState.BUSY: AgentTrigger.GO_BUSY,
    AgentState.OFFLINE: AgentTrigger.GO_OFFLINE,
}

#: OFFER_FAILED, CALL_RETURNED and WRAPPED_UP lead back to the state held before the call (STATE-4);
#: the table names ONLINE, the usual one, and `Agent.back` puts the held one in its place.
AGENT_MACHINE: Machine[AgentState, AgentTrigger] = Machine(
    "agent",
    {
        **{
            (state, trigger): target
            for state in (*CHOSEN_STATES, AgentState.WRAP_UP)
            for target, trigger in CHOICES.items()
        },
        **{
            (state, AgentTrigger.RESTORED): AgentState.IN_CALL
            for state in (*CHOSEN_STATES, AgentState.RINGING, AgentState.WRAP_UP)
        },
        **{
            (state, AgentTrigger.CALLS_OUT): AgentState.RINGING
            for state in (AgentState.ONLINE, AgentState.BREAK, AgentState.BUSY, AgentState.WRAP_UP)
        },
        (AgentState.ONLINE, AgentTrigger.OFFERED): AgentState.RINGING,
        (AgentState.WRAP_UP, AgentTrigger.RECALLED): AgentState.RINGING,
        (AgentState.RINGING, AgentTrigger.OFFER_FAILED): AgentState.ONLINE,
        (AgentState.RINGING, AgentTrigger.MISSED_TOO_MANY): AgentState.BREAK,
        (AgentState.RINGING, AgentTrigger.ANSWERED): AgentState.IN_CALL,
        (AgentState.IN_CALL, AgentTrigger.CALL_RETURNED): AgentState.ONLINE,
        (AgentState.IN_CALL, AgentTrigger.CALL_ENDED): AgentState.WRAP_UP,
        (AgentState.WRAP_UP, AgentTrigger.WRAPPED_UP): AgentState.ONLINE,
    },
)

#: Triggers after which the agent is back in the state held before the call.
RETURNS = (AgentTrigger.OFFER_FAILED, AgentTrigger.CALL_RETURNED, AgentTrigger.WRAPPED_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """The agent's last call to `number` that came to nothing: how (`Outcome`) and the switch's cause, at `at` (us)."""

    number: str
    outcome: str
    cause: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """The live state of one agent.

    All times are microseconds UTC. `since` is the moment of the last change of state (STATE-3); `chosen` and
    `reason` are what the agent last chose; `call` and `leg` are the present call and the agent's own leg in it.
    `missed` counts unanswered offers in a row; `connected_in/out` count calls of the tenant's day `day`
    (`YYYY-MM-DD`). `due` is when `wrap_up` ends, `device_due` when the grace after a lost device does (STATE-6).
    `registration` names the device's present registration, `page` the browser page behind it, empty for other phones;
    `switch` is where it registered last. `unreached` is kept until the next call.
    `form_closed` tells that the form of the present call was closed before the call's end: no wrap-up then (STATE-4).
    `wrong_pins` counts wrong PINs by phone in a row, which are refused until `pins_due` after too many.
    """

    id: str
    state: AgentState = AgentState.OFFLINE
    since: int = 0
    chosen: AgentState = AgentState.OFFLINE
    reason: str = ""
    mode: AnswerMode = AnswerMode.WEB
    registered: bool = False
    queues: tuple[str, ...] = ()
    call: str | None = None
    leg: str | None = None
    queue: str | None = None
    missed: int = 0
    idle_since: int = 0
    last_offered: int = 0
    day: str = ""
    connected_in: int = 0
    connected_out: int = 0
    due: int | None = None
    page: str = ""
    registration: str = ""
    switch: str = ""
    unreached: Unreached | None = None
    device_due: int | None = None
    form_closed: bool = False
    wrong_pins: int = 0
    pins_due: int | None = None

    @property
    def next_due(self) -> int | None:
        """The next deadline of this agent, microseconds UTC."""
        return min((at for at in (self.due, self.device_due) if at is not None), default=None)

    @property
    def reachable(self) -> bool:
        """Tell whether a call would ring somewhere (STATE-6): a mobile always, a web agent with a device."""
        return self.mode is AnswerMode.MOBILE or self.registered

    @property
    def ready(self) -> bool:
        """Tell whether the agent can be offered a call now."""
        return self.state is AgentState.ONLINE and self.reachable

    @property
    def engaged(self) -> bool:
        """Tell whether state, answer mode and login are out of people's hands (STATE-2)."""
        return self.state in (AgentState.RINGING, AgentState.IN_CALL)

    def register(self, registration: str, page: str, switch: str = "") -> "Agent":
        """The device is there; what is not told of it stays as known."""
        known = replace(self, registered=True, device_due=None, switch=switch or self.switch)
        return replace(known, registration=registration, page=page) if registration else known

    def lose_device(self, grace_us: int, now: int) -> "Agent":
        """The device is gone: an agent on duty who answers there goes offline after the grace."""
        waits = self.mode is AnswerMode.WEB and self.state is not AgentState.OFFLINE
        return replace(self, registered=False, device_due=now + grace_us if waits else None)

    def answer_by(self, mode: AnswerMode, grace_us: int, now: int) -> "Agent":
        """Answer elsewhere from now on; in the browser a device has to come within the grace (STATE-6)."""
        if mode is self.mode:
            return self
        changed = replace(self, mode=mode, device_due=None)
        return changed if changed.reachable else changed.lose_device(grace_us, now)

    def without_device(self, grace_us: int, now: int) -> "Agent":
        """The grace is over (STATE-6); a call that still holds the agent is waited for."""
        if self.engaged:
            return replace(self, device_due=now + grace_us)
        if self.registered or self.mode is not AnswerMode.WEB or self.state is AgentState.OFFLINE:
            return replace(self, device_due=None)
        return replace(self.choose(AgentState.OFFLINE, "device_lost", now), device_due=None)

    def move(self, trigger: AgentTrigger, now: int) -> "Agent":
        """Apply a trigger at `now`; raises IllegalTransitionError when it means nothing here."""
        target = AGENT_MACHINE.next(self.state, trigger)
        if trigger in RETURNS:
            target = self.chosen
        in_call = target is AgentState.IN_CALL
        return replace(self, state=target, since=now, due=None, form_closed=self.form_closed and in_call)

    def choose(self, state: AgentState, reason: str, now: int) -> "Agent":
        """Take a state chosen by a person; a choice in wrap-up ends it (STATE-2)."""
        moved = self.move(CHOICES[state], now)
        return replace(moved, chosen=state, reason=reason, missed=0, idle_since=now, call=None, leg=None, queue=None)

    def offer(self, call: str, leg: str, queue: str, now: int) -> "Agent":
        """Reserve the agent for a call; one whose customer comes back is wrapping up."""
        back = self.state is AgentState.WRAP_UP and self.call == call
        ringing = self.move(AgentTrigger.RECALLED if back else AgentTrigger.OFFERED, now)
        return replace(ringing, call=call, leg=leg, queue=queue, last_offered=now, unreached=None)

    def call_out(self, call: str, leg: str, now: int) -> "Agent":
        """Reserve the agent for a call of its own; a wrap-up ends with it (OUT-1)."""
        return replace(self.move(AgentTrigger.CALLS_OUT, now), call=call, leg=leg, queue=None, unreached=None)

    def fail_offer(self, missed: bool, miss_limit: int, now: int) -> "Agent":
        """Free the agent after an offer that came to nothing.

        `missed` tells whether it counts as unanswered; `miss_limit` in a row (0 = never) lead to break (STATE-7).
        """
        count = self.missed + 1 if missed else self.missed
        freed = replace(self, call=None, leg=None, queue=None, missed=count)
        if missed and miss_limit and count >= miss_limit:
            broken = freed.move(AgentTrigger.MISSED_TOO_MANY, now)
            return replace(broken, chosen=AgentState.BREAK, reason="no_answer", missed=0)
        back = freed.move(AgentTrigger.OFFER_FAILED, now)
        return replace(back, idle_since=now)

    def answer(self, now: int) -> "Agent":
        """The agent's own leg was won."""
        return replace(self.move(AgentTrigger.ANSWERED, now), missed=0)

    def restore_call(self, call: str, leg: str, queue: str | None, now: int) -> "Agent":
        """The switch has this agent in a call that was not known here."""
        return replace(self.move(AgentTrigger.RESTORED, now), call=call, leg=leg, queue=queue)

    def begin_day(self, day: str) -> "Agent":
        """Count from nought on the tenant's day `day`; what is counted for it already stays (WALL-4)."""
        return self if self.day == day else replace(self, day=day, connected_in=0, connected_out=0)

    def count_connected(self, day: str, inbound: bool) -> "Agent":
        """Count one call joined to a customer on the tenant's day `day`; of one that is over nothing is shown."""
        if day < self.day:
            return self
        fresh = self.begin_day(day)
        if inbound:
            return replace(fresh, connected_in=fresh.connected_in + 1)
        return replace(fresh, connected_out=fresh.connected_out + 1)

    def end_call(self, wrap_up_us: int | None, now: int) -> "Agent":
        """Start wrapping up; `wrap_up_us` is the tenant's limit, None for no limit (STATE-4)."""
        moved = self.move(AgentTrigger.CALL_ENDED, now)
        return replace(moved, leg=None, due=None if wrap_up_us is None else now + wrap_up_us)

    def close_form(self, closed: bool) -> "Agent":
        """The form of the present call is closed before its end, or open again."""
        return replace(self, form_closed=closed)

    def return_call(self, now: int) -> "Agent":
        """The two were never joined, or there is no form to fill in any more: back without wrap-up."""
        moved = self.move(AgentTrigger.CALL_RETURNED, now)
        return replace(moved, call=None, leg=None, queue=None, idle_since=now)

    def wrap_up(self, now: int) -> "Agent":
        """End the wrap-up: back in the state held before the call."""
        moved = self.move(AgentTrigger.WRAPPED_UP, now)
        return replace(moved, call=None, leg=None, queue=None, idle_since=now)

    def mistake_pin(self, now: int) -> "Agent":
        """A wrong PIN was keyed in by phone: MOST_WRONG_PINS in a row lock the service for this agent."""
        if self.wrong_pins + 1 >= MOST_WRONG_PINS:
            return replace(self, wrong_pins=0, pins_due=now + PINS_LOCKED_US)
        return replace(self, wrong_pins=self.wrong_pins + 1)

    def locked_out(self, now: int) -> bool:
        """Tell whether no PIN is taken by phone now, not even the right one."""
        return self.pins_due is not None and now < self.pins_due

    def prove(self) -> "Agent":
        """The right PIN was keyed in."""
        return replace(self, wrong_pins=0, pins_due=None)

    def log_out(self, now: int) -> "Agent":
        """End the login (STATE-5): offline for a web agent, the state stays for a mobile one."""
        return self if self.mode is AnswerMode.MOBILE else self.choose(AgentState.OFFLINE, "", now)
