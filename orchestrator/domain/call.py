"""A customer's call: where it is, who is asked and who talks; each move changes it by the table."""

from dataclasses import dataclass, replace

from orchestrator.domain.agent_service import Service
from orchestrator.domain.call_due import due_in_state, earliest
from orchestrator.domain.call_states import AWAY, CALL_MACHINE, CallState, CallTrigger, Outcome, Party
from orchestrator.domain.callback import Callback
from orchestrator.domain.config import Destination
from orchestrator.domain.consult import Consult
from orchestrator.domain.forward import Forward
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.metering import Meter
from orchestrator.domain.offer import Offer, OfferTrigger
from orchestrator.domain.outbound import Outbound
from orchestrator.domain.priority import MOST_PRIORITY, RaisedBy
from orchestrator.domain.recording import CallRecording
from orchestrator.domain.supervision import Supervision


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The live state of one customer's call; `id` is the caller's channel on `switch`.

    Times are microseconds UTC. `entered` is the caller's place in the queue and survives failed offers (QUEUE-3);
    `limit` is when the wait times out; `tried` names the agents who failed this call since it entered the queue,
    the latest last (QUEUE-4); `due` is the next moment something must happen if nothing else does.
    `step` names what the switch plays or asks now, until `step_due` at the latest; `then` is where the call goes after
    an announcement or a transfer; `keys` are all keys pressed, each in the menu that `menus` names (empty: in the
    line); `prompt_due` is when the queue's prompt is played next, `announce_due` when place and wait are told next.
    `connected` is when the present conversation began, `first_connected` the first one. `ahead` is the place in the
    line that a transferred caller brings along, while the wait counts from `entered`. `parked`: the switch has proved
    that the caller hears no agent, on hold since `held_since` while `consult` is asked, or at the end of the agent's
    leg. `leaving` is the leg of who hands the caller over, until the next agent has it; `supervision` listens.
    `again`: the question was cut off, or the join told, before. `direct` has an agent rung in no queue's name. `test`
    names the menu that a test call begins with; `meters` are of legs paid before; `raised` (0-99) is the own priority,
    by `raised_by`. `callback`: the caller is promised to be called back, on `wanted` if keyed in: the line is another
    than `id`. The switch writes `recording` of it, or a `message`. `service` is set for an agent's call to the service.
    `outbound` is set for a call that an agent has placed: `caller` is then the customer who is called, `number` what
    is shown, `offer` the agent's own leg until the customer answers, and the channel `id` is made once the agent has.
    """

    id: str
    tenant: str
    switch: str
    state: CallState
    since: int
    caller: str
    caller_name: str = ""
    number: str
    arrived: int
    answered: int | None = None
    queue: str | None = None
    priority: int = 0
    raised: int = 0
    raised_by: RaisedBy | None = None
    entered: int | None = None
    limit: int | None = None
    offer: Offer | None = None
    tried: tuple[str, ...] = ()
    agent: str | None = None
    leg: str | None = None
    connected: int | None = None
    left: int | None = None
    outcome: Outcome | None = None
    hung_up_by: Party | None = None
    join_due: int | None = None
    step: str | None = None
    step_due: int | None = None
    then: Destination | None = None
    menu: str = ""
    menu_tries: int = 0
    keys: tuple[str, ...] = ()
    menus: tuple[str, ...] = ()
    prompt_due: int | None = None
    announce_due: int | None = None
    first_connected: int | None = None
    ahead: int | None = None
    held_since: int | None = None
    parked: bool = False
    leaving: str | None = None
    again: bool = False
    consult: Consult | None = None
    forward: Forward | None = None
    supervision: Supervision | None = None
    callback: Callback | None = None
    wanted: str = ""
    direct: Destination | None = None
    test: str = ""
    recording: CallRecording | None = None
    message: CallRecording | None = None
    outbound: Outbound | None = None
    meters: tuple[Meter, ...] = ()
    service: Service | None = None

    @property
    def asked(self) -> Offer:
        """The present offer; raises IllegalTransitionError when nobody is asked."""
        if self.offer is None:
            raise IllegalTransitionError("offer", "none", self.state)
        return self.offer

    @property
    def promised(self) -> Callback:
        """The promise to call back; raises IllegalTransitionError when there is none."""
        if self.callback is None:
            raise IllegalTransitionError("call", self.state, "called back")
        return self.callback

    @property
    def placed(self) -> Outbound:
        """What an agent who calls out wants; raises IllegalTransitionError for a call that came in."""
        if self.outbound is None:
            raise IllegalTransitionError("call", self.state, "called out")
        return self.outbound

    @property
    def line(self) -> str:
        """The customer's channel: the one the call came by, or the one it is called back by."""
        return (self.callback.leg if self.callback else None) or self.id

    @property
    def away(self) -> bool:
        """Tell whether the customer is promised to be called back and not on the line."""
        off_line = self.callback and self.callback.leg is None and self.state in AWAY
        return bool(off_line) or self.state is CallState.CALLING_BACK

    @property
    def reached_by(self) -> Outcome:
        """How a caller who talked to an agent came to it."""
        if self.outbound:
            return Outcome.REACHED
        return Outcome.CALLED_BACK if self.callback else Outcome.CONNECTED

    @property
    def in_line(self) -> Outcome:
        """How the line counts a call that has reached an agent: whoever was called out and handed on waited there."""
        return Outcome.CALLED_BACK if self.callback else Outcome.CONNECTED

    @property
    def due(self) -> int | None:
        """The next deadline of this call, us UTC: of its state, its recording's pause, the money of its legs, or when
        whoever wants to listen must have answered.
        """
        paused = self.recording.until if self.recording else None
        listens = self.supervision.due if self.supervision else None
        return earliest(due_in_state(self), paused, listens, *(meter.due for meter in self.meters))

    @property
    def place(self) -> int:
        """Sort key among callers of one queue, lowest first: priority (0-198), then the millisecond of entry."""
        return (MOST_PRIORITY - self.priority) * 10**13 + (self.ahead or self.entered or 0) // 1000

    def move(self, trigger: CallTrigger, now: int) -> "Call":
        """Apply a trigger at `now`; raises IllegalTransitionError when it means nothing here."""
        return replace(self, state=CALL_MACHINE.next(self.state, trigger), since=now)

    def answer(self, now: int) -> "Call":
        """Our answer has reached the caller: the call is to be routed."""
        return replace(self.move(CallTrigger.ANSWERED, now), answered=now)

    def raise_to(self, priority: int, by: RaisedBy) -> "Call":
        """Give the caller a priority of its own; of several the highest stays."""
        return replace(self, raised=priority, raised_by=by) if priority > self.raised else self

    def enqueue(
        self,
        queue: str,
        priority: int,
        limit_us: int | None,
        now: int,
        entered: int | None = None,
        ahead: int | None = None,
    ) -> "Call":
        """Enter a queue at `now`; `limit_us` is its longest wait, None for no limit.

        `priority` is the queue's: the caller's own comes on top. `entered` is the time of entry (us) brought along from
        another queue, None for a new one. `ahead` is a place earlier than that for a caller who talked meanwhile: the
        wait then doesn't count the talk.
        """
        return replace(
            self.move(CallTrigger.QUEUED, now),
            queue=queue,
            priority=priority + self.raised,
            entered=entered or now,
            limit=None if limit_us is None else now + limit_us,
            tried=(),
            left=None,
            outcome=None,
            ahead=ahead,
            direct=None,
        )

    def said(self, now: int, *, prompt_due: int | None, announce_due: int | None) -> "Call":
        """Something is said in the music; what is due next, and when. The pause counts from the last failure."""
        moved = self.move(CallTrigger.PROMPTED, now)
        return replace(moved, since=self.since, prompt_due=prompt_due, announce_due=announce_due)

    def offer_to(self, offer: Offer, now: int) -> "Call":
        """Offer the call to an agent."""
        return replace(self.move(CallTrigger.OFFERED, now), offer=offer)

    def alert(self) -> "Call":
        """The agent's phone rings: from now on the ring time counts."""
        rung = self.asked.move(OfferTrigger.ALERTED)
        return replace(self, offer=replace(rung, due=rung.rings_out))

    def win(self, join_us: int, now: int) -> "Call":
        """The agent's leg is won; the two must be joined within `join_us`."""
        moved = self.move(CallTrigger.LEG_WON, now)
        return replace(moved, offer=self.asked.take(), join_due=now + join_us, again=False)

    def join(self, now: int) -> "Call":
        """Caller and agent hear each other."""
        return replace(
            self.move(CallTrigger.JOINED, now),
            agent=self.asked.agent,
            leg=self.asked.leg,
            offer=None,
            parked=False,
            leaving=None,
            connected=now,
            first_connected=self.first_connected or now,
            left=self.left or now,
            outcome=self.reached_by,
        )

    def restore(self, agent: str, leg: str, now: int) -> "Call":
        """The switch has this waiting caller talking to an agent: the join was not known here."""
        moved = self.move(CallTrigger.RESTORED, now)
        talk = replace(moved, agent=agent, leg=leg, connected=now, first_connected=now)
        return replace(talk, left=now, outcome=self.reached_by)

    def lose_offer(self, now: int, remember: bool = True) -> "Call":
        """Back to the line, place kept; the agent is remembered as tried unless it wasn't the agent's doing."""
        trigger = CallTrigger.JOIN_FAILED if self.state is CallState.CONNECTING else CallTrigger.OFFER_FAILED
        agent = self.asked.agent
        others = tuple(a for a in self.tried if a != agent)
        talked = self.callback is None or self.first_connected
        idle = self.callback if talked else replace(self.promised, leg=None, ring_due=None)
        tried = (*others, agent) if remember else self.tried
        return replace(self.move(trigger, now), offer=None, callback=idle, tried=tried)

    def time_out(self, now: int) -> "Call":
        """The queue's limit is reached: the call is to be routed on."""
        moved = self.move(CallTrigger.TIMED_OUT, now)
        return replace(moved, offer=None, left=now, prompt_due=None, announce_due=None, outcome=Outcome.TIMED_OUT)

    def turn_away(self, now: int) -> "Call":
        """The route ends here: the system hangs up."""
        moved = self.move(CallTrigger.TURNED_AWAY, now)
        return replace(moved, outcome=self.outcome or Outcome.TURNED_AWAY, hung_up_by=self.hung_up_by or Party.SYSTEM)

    def refuse(self, why: CallTrigger, now: int) -> "Call":
        """Hang up unanswered: `why` is BLOCKED, by the blacklist, REFUSED (SEAT-4) or UNPAID (BILL-1)."""
        return replace(self.move(why, now), outcome=Outcome(why.value), hung_up_by=Party.SYSTEM)

    def repeat(self, now: int) -> "Call":
        """The switch is told once more to answer or to hang up."""
        return self.move(CallTrigger.REPEATED, now)

    def agent_leaves(self, now: int) -> "Call":
        """The agent hung up."""
        return replace(self.move(CallTrigger.AGENT_LEFT, now), hung_up_by=self.hung_up_by or Party.AGENT)

    def end(self, outcome: Outcome, hung_up_by: Party, now: int) -> "Call":
        """The caller's channel is gone. An outcome or a party known before stays; who ever talked was connected."""
        return replace(
            self.move(CallTrigger.CALLER_LEFT, now),
            left=self.left or (now if self.entered else None),
            outcome=self.reached_by if self.first_connected else self.outcome or outcome,
            hung_up_by=self.hung_up_by or hung_up_by,
        )
