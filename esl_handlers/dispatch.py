"""Who handles which event: the one table."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from prometheus_client import Counter

from esl_handlers import switch_events as ev
from esl_handlers.agent_legs import AgentLegs
from esl_handlers.arrivals import Arrivals
from esl_handlers.bridges import Bridges
from esl_handlers.callback_legs import CallbackLegs
from esl_handlers.jobs import Jobs
from esl_handlers.outbound_legs import OutboundLegs
from esl_handlers.outside_legs import OutsideLegs
from esl_handlers.recordings import Recordings
from esl_handlers.registrations import Registrations
from esl_handlers.steps import Steps
from orchestrator.service.call_out import CUSTOMER
from orchestrator.service.consult import CONSULT
from orchestrator.service.ring_outside import OUTSIDE
from orchestrator.service.test_call import TEST

#: A handler takes the switch's name and an event of the type that the table says.
Handler: TypeAlias = Callable[[str, Any], None]

AGENT = "agent"
CALLBACK = "callback"
ANY = ""


def table(
    arrivals: Arrivals,
    steps: Steps,
    agent_legs: AgentLegs,
    outside_legs: OutsideLegs,
    outbound_legs: OutboundLegs,
    jobs: Jobs,
    callback_legs: CallbackLegs,
    bridges: Bridges,
    registrations: Registrations,
    recordings: Recordings,
) -> Mapping[tuple[type[ev.SwitchEvent], str], Handler]:
    """Return the handler of each event type and role of the leg (`cc_role`, or any other). No entry: nothing to do."""
    return {
        (ev.ChannelParked, ANY): arrivals.parked,
        (ev.ChannelAnswered, ANY): arrivals.answered,
        (ev.ChannelHungUp, ANY): arrivals.hung_up,
        (ev.ExecuteCompleted, ANY): steps.completed,
        (ev.PlaybackStopped, ANY): steps.stopped,
        (ev.ChannelProgress, AGENT): agent_legs.rings,
        (ev.ChannelProgressMedia, AGENT): agent_legs.rings,
        (ev.ChannelAnswered, AGENT): agent_legs.answered,
        (ev.ChannelParked, AGENT): agent_legs.parked,
        (ev.ExecuteCompleted, AGENT): agent_legs.completed,
        (ev.ChannelHungUp, AGENT): agent_legs.hung_up,
        (ev.ChannelProgress, OUTSIDE): outside_legs.rings,
        (ev.ChannelProgressMedia, OUTSIDE): outside_legs.rings,
        (ev.ChannelParked, OUTSIDE): outside_legs.parked,
        (ev.ChannelHungUp, OUTSIDE): outside_legs.hung_up,
        (ev.ChannelProgress, CONSULT): agent_legs.rings,
        (ev.ChannelProgressMedia, CONSULT): agent_legs.rings,
        (ev.ChannelParked, CONSULT): agent_legs.parked,
        (ev.ChannelHungUp, CONSULT): outside_legs.hung_up,
        (ev.ChannelBridged, CONSULT): bridges.bridged,
        (ev.ChannelProgress, CUSTOMER): outbound_legs.rings,
        (ev.ChannelProgressMedia, CUSTOMER): outbound_legs.is_heard,
        (ev.ChannelAnswered, CUSTOMER): outbound_legs.answered,
        (ev.ChannelParked, CUSTOMER): outbound_legs.parked,
        (ev.ChannelHungUp, CUSTOMER): outbound_legs.hung_up,
        (ev.ExecuteCompleted, CUSTOMER): steps.completed,
        (ev.PlaybackStopped, CUSTOMER): steps.stopped,
        (ev.ChannelBridged, CUSTOMER): bridges.bridged,
        (ev.JobFinished, ANY): jobs.finished,
        (ev.DtmfPressed, ANY): callback_legs.pressed,
        (ev.ChannelParked, CALLBACK): callback_legs.parked,
        (ev.ChannelHungUp, CALLBACK): callback_legs.hung_up,
        (ev.ExecuteCompleted, CALLBACK): steps.completed,
        (ev.ChannelBridged, CALLBACK): bridges.bridged,
        (ev.ChannelBridged, ANY): bridges.bridged,
        (ev.ChannelBridged, AGENT): bridges.bridged,
        (ev.ChannelBridged, OUTSIDE): bridges.bridged,
        (ev.ChannelParked, TEST): arrivals.answered,
        (ev.ChannelHungUp, TEST): arrivals.hung_up,
        (ev.ExecuteCompleted, TEST): steps.completed,
        **{(ev.RecordingStarted, role): recordings.started for role in (ANY, CALLBACK, CUSTOMER, TEST)},
        **{(ev.RecordingStopped, role): recordings.stopped for role in (ANY, CALLBACK, CUSTOMER, TEST)},
        (ev.DeviceRegistered, ANY): registrations.registered,
        (ev.DeviceUnregistered, ANY): registrations.gone,
        (ev.DeviceExpired, ANY): registrations.gone,
    }


class Dispatcher:
    """Finds an event's handler and calls it."""

    def __init__(self, handlers: Mapping[tuple[type[ev.SwitchEvent], str], Handler], events: Counter) -> None:
        """`events` counts by type."""
        self._handlers, self._events = handlers, events
        self._roles = {role for _, role in handlers}

    def handle(self, switch: str, event: ev.SwitchEvent) -> None:
        """Handle one event."""
        role = event.cc_role if isinstance(event, ev.ChannelEvent) else None
        handler = self._handlers.get((type(event), role if role in self._roles else ANY))
        self._events.labels(type(event).__name__).inc()
        if handler:
            handler(switch, event)
