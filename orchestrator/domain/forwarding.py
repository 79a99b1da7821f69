"""A call that is put through to a telephone outside: each step moves it by the table."""

from dataclasses import replace

from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallTrigger, Outcome, Party
from orchestrator.domain.forward import Forward


def begin(call: Call, forward: Forward, now: int) -> Call:
    """A telephone outside is rung for the caller."""
    return replace(call.move(CallTrigger.FORWARD_STARTED, now), forward=forward)


def win(call: Call, join_us: int, now: int) -> Call:
    """The telephone outside was answered; the two must be joined within `join_us`."""
    moved = call.move(CallTrigger.FORWARD_WON, now)
    forward = replace(call.forward, due=now + join_us, won=True) if call.forward else None
    return replace(moved, forward=forward, again=False)


def join_later(call: Call, join_us: int, now: int) -> Call:
    """The switch is told once more to join the two: it has `join_us` from now."""
    return replace(call, forward=replace(call.forward, due=now + join_us) if call.forward else None, again=True)


def join(call: Call, now: int) -> Call:
    """Caller and telephone outside hear each other; who talked to an agent before stays counted as connected."""
    outcome = Outcome.CONNECTED if call.outcome is Outcome.CONNECTED else Outcome.FORWARDED
    moved = call.move(CallTrigger.FORWARD_JOINED, now)
    return replace(moved, connected=call.connected or now, outcome=outcome, leaving=None)


def lose(call: Call, now: int) -> Call:
    """The telephone outside was not reached: the call is to be routed on."""
    return replace(call.move(CallTrigger.FORWARD_FAILED, now), forward=None, leaving=None)


def free(call: Call, now: int) -> Call:
    """The other side has sent the caller on: the call is to be routed on."""
    return replace(call.move(CallTrigger.FREED, now), forward=None)


def outside_leaves(call: Call, now: int) -> Call:
    """The other side of a forwarded call hung up."""
    return replace(call.move(CallTrigger.OUTSIDE_LEFT, now), hung_up_by=call.hung_up_by or Party.OUTSIDE)
