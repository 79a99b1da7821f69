"""What happens to telephones outside that callers are put through to."""

from esl_handlers.arrivals import report
from esl_handlers.switch_events import ChannelEvent, ChannelHungUp, ChannelParked
from orchestrator.service.ring_outside import OUTSIDE
from orchestrator.service.use_cases import UseCases


class OutsideLegs:
    """Handlers of their events."""

    def __init__(self, use: UseCases) -> None:
        """`use` forwards calls."""
        self._use = use

    def rings(self, switch: str, event: ChannelEvent) -> None:
        """The telephone rings, or the network plays something."""
        if event.cc_tenant and event.cc_call:
            self._use.forward.alerted(event.cc_tenant, event.cc_call, event.uuid, switch)

    def parked(self, switch: str, event: ChannelParked) -> None:
        """Somebody has answered: the leg is won only now."""
        if event.cc_tenant and event.cc_call:
            self._use.forward.parked(event.cc_tenant, event.cc_call, event.uuid, switch)

    def hung_up(self, switch: str, event: ChannelHungUp) -> None:
        """The leg is gone."""
        if event.cc_tenant and event.cc_call:
            self._use.end.agent_leg_ended(event.cc_tenant, event.cc_call, report(event, OUTSIDE))
