"""What happens to customers' channels when agents call them, and to the agents' ringing of them."""

from esl_handlers.arrivals import report
from esl_handlers.legs import Legs
from esl_handlers.switch_events import (
    ChannelAnswered,
    ChannelHungUp,
    ChannelParked,
    ChannelProgress,
    ChannelProgressMedia,
)
from orchestrator.domain.outbound import Progress
from orchestrator.service.call_out import CUSTOMER
from orchestrator.service.use_cases import UseCases


class OutboundLegs:
    """Handlers of customers who are called by agents. Where they hear each other is no news: the answer was."""

    def __init__(self, use: UseCases, legs: Legs) -> None:
        """`legs` remembers whose key presses these are."""
        self._use, self._legs = use, legs

    def rings(self, switch: str, event: ChannelProgress) -> None:
        """The telephone rings."""
        if event.cc_tenant and event.cc_call:
            self._use.outbound.progressed(event.cc_tenant, event.cc_call, event.uuid, switch, Progress.RINGING)

    def is_heard(self, switch: str, event: ChannelProgressMedia) -> None:
        """The network plays something, which the agent hears."""
        if event.cc_tenant and event.cc_call:
            self._use.outbound.progressed(event.cc_tenant, event.cc_call, event.uuid, switch, Progress.EARLY_MEDIA)

    def answered(self, switch: str, event: ChannelAnswered) -> None:
        """The customer has answered."""
        if event.cc_tenant and event.cc_call:
            self._legs.note(event.uuid, event.cc_tenant, event.cc_call, CUSTOMER)
            answered = event.answered or event.at
            self._use.outbound.answered(event.cc_tenant, event.cc_call, event.uuid, switch, answered)

    def parked(self, switch: str, event: ChannelParked) -> None:
        """A hold, a transfer or the end of the talk has left the channel there."""
        if event.cc_tenant and event.cc_call:
            if event.transfer_to and self._use.refer.referred(event.cc_tenant, event.cc_call, event.transfer_to):
                return
            self._use.outbound.parked(event.cc_tenant, event.cc_call, event.uuid, switch)

    def hung_up(self, switch: str, event: ChannelHungUp) -> None:
        """The customer's channel is gone."""
        self._legs.forget(event.uuid)
        if event.cc_tenant and event.cc_call:
            self._use.outbound.customer_left(event.cc_tenant, event.cc_call, report(event, CUSTOMER))
