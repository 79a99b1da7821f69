"""What becomes of a call whose customer is called back; each moves it by the table."""

from dataclasses import replace

from orchestrator.domain import asking
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallTrigger
from orchestrator.domain.callback import Callback
from orchestrator.domain.offer import OfferTrigger


def press_in_line(call: Call, key: str, now: int) -> Call:
    """A key was pressed while waiting: the call is to be routed, its place kept."""
    moved = replace(call.move(CallTrigger.KEYED, now), prompt_due=None, announce_due=None)
    return replace(moved, keys=(*call.keys, key), menus=(*call.menus, ""))


def promise(call: Call, callback: Callback, queue: str, priority: int, expires: int, now: int) -> Call:
    """The customer will be called back from this queue: the place is kept, or is the end of the line."""
    return replace(
        asking.leave_menu(call).move(CallTrigger.PROMISED, now),
        queue=queue,
        priority=priority,
        entered=call.entered or now,
        limit=expires,
        callback=callback,
        step=None,
        step_due=None,
        then=None,
        prompt_due=None,
        announce_due=None,
        left=None,
        outcome=None,
        direct=None,
    )


def call_back(call: Call, leg: str, ring_due: int, now: int) -> Call:
    """The agent is on the line: the customer is rung by the new channel `leg` until `ring_due` at the latest."""
    moved, promised = call.move(CallTrigger.CALLED_BACK, now), call.promised
    called = replace(promised, leg=leg, ring_due=ring_due, again=None, tries=promised.tries + 1)
    return replace(moved, offer=call.asked.move(OfferTrigger.PARKED), callback=called)


def reach(call: Call, join_us: int, now: int) -> Call:
    """The customer has answered; the two must be joined within `join_us`."""
    return replace(call.move(CallTrigger.LEG_WON, now), join_due=now + join_us)


def miss(call: Call, again: int, now: int) -> Call:
    """The customer was not reached: the call rests until `again`."""
    rested = replace(call.promised, leg=None, ring_due=None, again=again)
    return replace(call.move(CallTrigger.NOT_REACHED, now), offer=None, callback=rested)


def rest_over(call: Call, now: int) -> Call:
    """Back into the line, in the old place."""
    return replace(call.move(CallTrigger.RESTED, now), callback=replace(call.promised, again=None))
