"""What happens to customers' channels when they are called back, and the key by which callers ask for it."""

from esl_handlers.arrivals import parked_again, report
from esl_handlers.legs import Legs
from esl_handlers.switch_events import ChannelHungUp, ChannelParked, DtmfPressed
from orchestrator.service.call_back import ROLE
from orchestrator.service.use_cases import UseCases


class CallbackLegs:
    """Handlers of customers who are called back."""

    def __init__(self, use: UseCases, legs: Legs) -> None:
        """`legs` knows whose channel it is."""
        self._use, self._legs = use, legs

    def pressed(self, switch: str, event: DtmfPressed) -> None:
        """A caller has pressed a key; the switch's event names the channel, and none of our marks."""
        known = self._legs.find(event.uuid)
        tenant = known.tenant if known else self._use.callbacks.tenant_of(event.uuid)
        if tenant:
            self._use.callbacks.pressed(tenant, event.uuid, event.digit)

    def parked(self, switch: str, event: ChannelParked) -> None:
        """The customer has answered, or a hold, a transfer or a failed bridge has left the channel there."""
        tenant, call = event.cc_tenant, event.cc_call
        if tenant and call and not self._use.callbacks.answered(tenant, call, event.uuid, switch):
            parked_again(self._use, event, tenant, call)

    def hung_up(self, switch: str, event: ChannelHungUp) -> None:
        """The customer's channel is gone."""
        self._legs.forget(event.uuid)
        if event.cc_tenant and event.cc_call:
            self._use.callbacks.leg_ended(event.cc_tenant, event.cc_call, report(event, ROLE))
