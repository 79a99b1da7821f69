"""A mobile was answered: whoever did is asked to confirm, since a voice mailbox answers too (MOB-1)."""

from dataclasses import replace

from orchestrator.domain.call import Call
from orchestrator.domain.offer import OfferTrigger


def pick_up(call: Call, step: str, until: int) -> Call:
    """The mobile that the call is offered to is asked, until `until` (us UTC) at the latest; `step` is the question."""
    asked = call.asked.move(OfferTrigger.PICKED_UP)
    return replace(call, offer=replace(asked, step=step, due=until))
