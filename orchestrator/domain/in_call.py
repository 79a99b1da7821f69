"""What an agent's commands make of a call: held, resumed, handed over, sent on. Each moves it by the table."""

from dataclasses import replace

from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallTrigger
from orchestrator.domain.config import Destination
from orchestrator.domain.consult import Consult, ConsultTrigger
from orchestrator.domain.forward import Forward
from orchestrator.domain.machine import IllegalTransitionError
from orchestrator.domain.offer import Offer, OfferState
from orchestrator.domain.supervision import Supervision


def hold(call: Call, now: int) -> Call:
    """The caller is to hear music, the agent nothing."""
    return replace(call.move(CallTrigger.HELD, now), held_since=now, parked=False)


def park(call: Call) -> Call:
    """The switch has proved that the caller is parked."""
    return replace(call, parked=True)


def resume(call: Call, rests_us: int, now: int) -> Call:
    """Caller and agent are to hear each other again, after `rests_us` at the latest; whoever was consulted is gone."""
    moved = call.move(CallTrigger.RESUMED, now)
    return replace(moved, held_since=None, parked=True, consult=None, join_due=now + rests_us, again=False)


def join_back(call: Call, until: int) -> Call:
    """The switch is told to join caller and agent, and has until then (us) to prove it."""
    return replace(call, parked=False, join_due=until)


def join_again(call: Call, until: int, now: int) -> Call:
    """It is told so once more, after that never again."""
    return replace(call.repeat(now), parked=False, join_due=until, again=True)


def lose_device(call: Call, now: int) -> Call:
    """The agent's page is gone; the caller waits for it to come back."""
    return replace(call.move(CallTrigger.DEVICE_LOST, now), held_since=None)


def rejoin(call: Call, now: int) -> Call:
    """The switch has proved that they do."""
    return replace(call.move(CallTrigger.JOINED, now), parked=False, join_due=None, again=False)


def ask(call: Call, consult: Consult | None) -> Call:
    """The agent of a held call asks somebody, or nobody any more."""
    return replace(call, consult=consult)


def asked(call: Call) -> Consult:
    """Return the present consultation; raises IllegalTransitionError when there is none."""
    if call.consult is None:
        raise IllegalTransitionError("consult", "none", call.state)
    return call.consult


def confer(call: Call, now: int) -> Call:
    """Caller, agent and whoever is consulted are to hear each other."""
    consult = asked(call).move(ConsultTrigger.CONFERRED, now)
    return replace(call.move(CallTrigger.CONFERRED, now), held_since=None, parked=False, consult=consult)


def hand_over(call: Call, join_us: int, now: int) -> Call:
    """The agent leaves; the caller is to be joined with whoever was consulted within `join_us`."""
    consult = asked(call)
    consult.move(ConsultTrigger.COMPLETED, now)
    offer = Offer(
        leg=consult.leg,
        agent=consult.agent,
        queue=call.queue or "",
        state=OfferState.WON,
        offered=consult.since,
        due=now,
        rings_out=consult.rings_out,
    )
    left = _without_agent(call.move(CallTrigger.HANDED_OVER, now))
    return replace(left, offer=offer, join_due=now + join_us, leaving=call.leg, again=False)


def hand_out(call: Call, otherwise: Destination, join_us: int, now: int) -> Call:
    """The agent leaves; the caller is to be joined with the number that was consulted, or goes `otherwise`."""
    consult = asked(call)
    consult.move(ConsultTrigger.COMPLETED, now)
    forward = Forward(leg=consult.leg, number=consult.number, due=now + join_us, otherwise=otherwise, won=True)
    left = _without_agent(call.move(CallTrigger.HANDED_OUT, now))
    return replace(left, forward=forward, leaving=call.leg, again=False)


def supervise(call: Call, supervision: Supervision | None) -> Call:
    """Somebody listens to the agent, or nobody any more."""
    return replace(call, supervision=supervision)


def take_over(call: Call, join_us: int, now: int) -> Call:
    """The agent leaves; the caller is to be joined with whoever listens within `join_us`."""
    by = call.supervision
    if by is None:
        raise IllegalTransitionError("supervision", "none", call.state)
    offer = Offer(
        leg=by.leg, agent=by.agent, queue=call.queue or "", state=OfferState.WON, offered=now, due=now, rings_out=now
    )
    left = _without_agent(call.move(CallTrigger.HANDED_OVER, now))
    return replace(left, offer=offer, join_due=now + join_us, leaving=call.leg, again=False)


def transfer(call: Call, to: Destination, now: int) -> Call:
    """The agent leaves; the caller is sent on as soon as the switch has proved that nothing holds the channel."""
    return replace(_without_agent(call.move(CallTrigger.TRANSFERRED, now)), then=to)


def free(call: Call, now: int) -> Call:
    """Nothing holds the caller any more: the call is to be routed."""
    return replace(call.move(CallTrigger.FREED, now), then=None, offer=None, leaving=None)


def join_later(call: Call, join_us: int, now: int) -> Call:
    """The switch is told once more to join the two: it has `join_us` from now."""
    return replace(call, join_due=now + join_us, again=True)


def forget_leaving(call: Call) -> Call:
    """The leg of the agent who handed the caller over is gone."""
    return replace(call, leaving=None)


def _without_agent(call: Call) -> Call:
    return replace(call, agent=None, leg=None, held_since=None, parked=False, consult=None, supervision=None)
