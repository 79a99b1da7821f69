"""A customer whom an agent has called and who talks, for what is done with running calls."""

from orchestrator.domain.call_states import Outcome
from orchestrator.domain.config import NumberConfig, to_queue
from orchestrator.domain.trunks import Trunk
from orchestrator.service.call_out import Order
from orchestrator.service.end_call import LegReport
from orchestrator.service.seen import LegSeen
from tests.support.call_centre import CallCentre
from tests.support.mobile import configure
from tests.support.talk import Talk


class OutboundTalk(Talk):
    """Agent a1 has called c1, who talks; a2 is online, a3 is not. Whom nobody takes over comes back to a1."""

    outcome, stays, caller, next = Outcome.REACHED, 0, "+8613800138000", "a1"

    def __init__(self, url: str, page: str = "") -> None:
        """`page` is the page of a1's web phone, empty for another phone."""
        self.centre = centre = CallCentre(url)
        numbers = {"4001": NumberConfig(number="4001", route=to_queue("sales"), trunk="pstn")}
        configure(centre, numbers=numbers, trunks={"pstn": Trunk(name="pstn", rewrite=(("+86", "0"),))})
        if page:
            centre.use.devices.registered("t-1", True, "r1", page)
        centre.online("a1")
        order = Order(call="c1", agent="a1", number="13800138000", caller_id="", by="u1", switches=["fs1"])
        centre.use.outbound.place("t", order)
        self.leg = self.rung().leg
        centre.use.answer.parked("t", "c1", self.leg, "fs1")
        centre.use.outbound.answered("t", "c1", "c1", "fs1", centre.clock.now())
        centre.online("a2")
        centre.clock.pass_s(5)
        self.take()
        self.control = centre.use.control

    def parked(self) -> None:
        self.centre.use.outbound.parked("t", "c1", "c1", "fs1")

    def caller_leaves(self) -> None:
        self.centre.use.outbound.customer_left("t", "c1", LegReport(leg="c1", role="customer", hung_up=True))

    def caller_seen(self, **what: object) -> LegSeen:
        known = {"role": "customer", "tenant": "t", "call": "c1", "agent": "a1", "answered": 1, "number": "4001"}
        return LegSeen(leg="c1", caller="13800138000", **(known | what))  # type: ignore[arg-type]
