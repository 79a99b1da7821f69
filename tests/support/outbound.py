"""Calls that agents place, step by step, in a call centre without a switch."""

from dataclasses import replace

from orchestrator.domain.calling_out import CallingOut
from orchestrator.domain.commands import DialOut, RingAgent
from orchestrator.domain.config import NumberConfig, to_queue
from orchestrator.domain.events import (
    Event,
)
from orchestrator.domain.trunks import Trunk
from orchestrator.service.call_out import Order
from orchestrator.service.end_call import LegReport
from orchestrator.store import keys
from orchestrator.store.codec import event_from_json
from tests.support.call_centre import CallCentre

CUSTOMER = "13900139000"


def calling_centre(redis_url: str) -> CallCentre:
    """Numbers 4001 to 4003 belong to a trunk, 4004 to none; agents a1 and a2 are in the group East."""
    centre = CallCentre(redis_url, agents=3)
    route = to_queue("sales")
    numbers = {n: NumberConfig(number=n, route=route, trunk="pstn") for n in ("4001", "4002", "4003")}
    numbers["4004"] = NumberConfig(number="4004", route=route)
    agents = {id_: replace(agent, group="East" if id_ != "a3" else "") for id_, agent in centre.config.agents.items()}
    trunks = {"pstn": Trunk(name="pstn", rewrite=(("+86", "0"),))}
    centre.config = replace(centre.config, version=2, numbers=numbers, agents=agents, trunks=trunks)
    centre.publish()
    return centre


def rule(centre: CallCentre, **rules: object) -> None:
    """Publish rules for calling out."""
    config = replace(centre.config, version=centre.config.version + 1, calling_out=CallingOut(**rules))  # type: ignore[arg-type]
    centre.config = config
    centre.publish()


def story(centre: CallCentre, kind: type[Event]) -> list:  # type: ignore[type-arg]
    events = [event_from_json(fields["e"]) for _, fields in centre.redis.xrange(keys.events("t"))]
    return [event for event in events if isinstance(event, kind)]


def place(centre: CallCentre, agent: str = "a1", number: str = CUSTOMER, call: str = "o1", caller_id: str = "") -> None:
    order = Order(call=call, agent=agent, number=number, caller_id=caller_id, by="u1", switches=["fs1"])
    centre.use.outbound.place("t", order)


def calling(centre: CallCentre, agent: str = "a1", call: str = "o1") -> DialOut:
    """The agent's phone has answered: the customer is rung."""
    place(centre, agent, call=call)
    (ring,) = centre.telephony.take()
    assert isinstance(ring, RingAgent)
    centre.use.answer.alerted("t", call, ring.leg, "fs1")
    centre.use.answer.parked("t", call, ring.leg, "fs1")
    (dial,) = centre.telephony.take()
    assert isinstance(dial, DialOut)
    return dial


def talking(centre: CallCentre) -> DialOut:
    dial = calling(centre)
    centre.use.outbound.answered("t", "o1", "o1", "fs1", centre.clock.now())
    return dial


def report(leg: str, cause: str = "NORMAL_CLEARING", role: str = "customer") -> LegReport:
    return LegReport(leg=leg, role=role, cause=cause, agent="a1" if role == "agent" else None)
