"""A caller who talks to an agent, on a real Redis, for what is done with running calls."""

from orchestrator.domain.agent import AgentState
from orchestrator.domain.call_states import Outcome
from orchestrator.domain.commands import Command, PlayMusic, RingAgent
from orchestrator.domain.music import DEFAULT_MUSIC, place_in
from orchestrator.service.end_call import LegReport
from orchestrator.service.seen import LegSeen
from orchestrator.store import keys
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import CallCentre


class Talk:
    """Caller c1 talks to agent a1; a2 is online, a3 is not.

    `outcome` is what the record will say, `stays` how often he waited in a line; `next` is the agent who is rung for
    him when nobody takes him over.
    """

    outcome, stays, caller, next = Outcome.CONNECTED, 1, "13800138000", "a2"

    def __init__(self, url: str) -> None:
        self.centre = CallCentre(url)
        self.centre.online("a1")
        self.centre.queue("c1")
        self.leg = self.rung().leg
        self.centre.use.answer.parked("t", "c1", self.leg, "fs1")
        self.centre.use.answer.joined("t", "c1", self.leg)
        self.centre.online("a2")
        self.centre.clock.pass_s(5)
        self.take()
        self.control = self.centre.use.control

    @property
    def call(self):  # noqa: ANN201
        return self.centre.call("c1")

    def state(self, agent: str) -> AgentState:
        return self.centre.agent(agent).state

    def take(self) -> list[Command]:
        return [command for command in self.centre.telephony.take() if type(command).__name__ != "Mark"]

    def rung(self) -> RingAgent:
        return next(c for c in reversed(self.centre.telephony.take()) if isinstance(c, RingAgent))

    def parked(self) -> None:
        self.centre.use.steps.caller_parked("t", "c1")

    def held(self) -> None:
        self.control.hold("t", "c1", "a1", "user")
        self.parked()
        self.take()

    def consulting(self) -> str:
        """a1 talks to a2, the caller hears music; returns a2's leg."""
        leg = self.asking()
        self.centre.use.answer.joined("t", "c1", self.leg, leg)
        self.take()
        return leg

    def asking(self) -> str:
        """a2 has answered a1, the switch has not joined the two yet; returns a2's leg."""
        self.control.consult("t", "c1", "a1", "a2", "user")
        leg = self.rung().leg
        self.parked()
        self.centre.use.answer.alerted("t", "c1", leg, "fs1")
        self.centre.use.answer.parked("t", "c1", leg, "fs1")
        self.take()
        return leg

    def leg_ends(self, leg: str, cause: str = "NORMAL_CLEARING", hung_up: bool = False) -> None:
        self.centre.use.end.agent_leg_ended("t", "c1", LegReport(leg=leg, role="agent", cause=cause, hung_up=hung_up))

    def caller_leaves(self) -> None:
        self.centre.use.end.caller_left("t", "c1", LegReport(leg="c1", role="caller", hung_up=True))

    def events(self, kind: type) -> list:  # type: ignore[type-arg]
        stream = self.centre.redis.xrange(keys.events("t"))
        found = (event_from_json(fields["e"]) for _, fields in stream)
        return [event for event in found if isinstance(event, kind)]

    def taken_over(self, *legs: LegSeen) -> None:
        """Another orchestrator takes over; the switch shows these legs."""
        self.centre.clock.pass_s(0.001)
        known = self.centre.use.reconcile.known("fs1")
        self.centre.use.reconcile.adopt("fs1", known, legs, restarted=False)

    def caller_seen(self, **what: object) -> LegSeen:
        return LegSeen(leg="c1", inbound=True, answered=1, number="4001", **what)  # type: ignore[arg-type]

    def caller_hears_music(self) -> LegSeen:
        return self.caller_seen(parked=True, playing=True, sound=f"file_string:///s/{DEFAULT_MUSIC.path}")

    def music(self) -> PlayMusic:
        """The order for the caller to hear the default music, if it is given now."""
        now = self.centre.clock.now()
        at_ms = place_in(DEFAULT_MUSIC, self.call.entered or now, now)
        return PlayMusic(leg="c1", music=DEFAULT_MUSIC.path, ms=DEFAULT_MUSIC.ms, at_ms=at_ms)

    def agent_seen(self, leg: str, **what: bool) -> LegSeen:
        return LegSeen(leg=leg, role="agent", tenant="t", call="c1", answered=1, **what)  # type: ignore[arg-type]
