"""A call for a single agent, in no queue's name: rung, lost, restored; each moves it by the table."""

from dataclasses import replace

from orchestrator.domain import asking
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallTrigger, Outcome
from orchestrator.domain.config import Destination, Way
from orchestrator.domain.offer import Offer


def ring(call: Call, offer: Offer, to: Destination, now: int) -> Call:
    """The agent that `to` names is rung; no line limits the wait any more."""
    return replace(
        asking.leave_menu(call).move(CallTrigger.OFFERED, now), offer=offer, direct=to, queue=None, limit=None
    )


def rings(call: Call) -> Destination | None:
    """Return the destination because of which the agent who is asked now was asked, None for one asked by a queue."""
    asked = call.offer is not None and call.direct is not None and call.offer.agent == call.direct.target
    return call.direct if asked else None


def lose(call: Call, now: int) -> Call:
    """The agent doesn't take the call, which is to be routed on."""
    return replace(call.move(CallTrigger.FREED, now), offer=None, direct=None)


def restore(call: Call, to: Destination, leg: str, now: int) -> Call:
    """The switch has this call, of no queue, talking to the agent that `to` names: it was not known here."""
    talk = replace(call.move(CallTrigger.RESTORED, now), agent=to.target, leg=leg, direct=to)
    return replace(talk, connected=now, first_connected=now, left=now, outcome=Outcome.CONNECTED)


def way_back(call: Call) -> Destination:
    """Return where a caller goes whom the agent has left: ahead of newer callers into the line he came from, or back
    to the one agent, which leads on at once while that agent can't be rung.
    """
    return call.direct or Destination(way=Way.QUEUE, target=call.queue or "", keep_wait=True)
