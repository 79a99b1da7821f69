"""What happens to agents' channels: they ring, are won when parked, end, or never come to be."""

from esl_handlers.arrivals import report
from esl_handlers.legs import Legs
from esl_handlers.switch_events import ChannelAnswered, ChannelEvent, ChannelHungUp, ChannelParked, ExecuteCompleted
from orchestrator.service.use_cases import UseCases

#: The application that asks for a key.
ASKS = "play_and_get_digits"

#: The application by which an agent's channel rings a customer, and what it says when somebody answered.
DIALS, ANSWERED = "bridge", "SUCCESS"


class AgentLegs:
    """Handlers of agents' events. A leg without a call is the agent's own call and none of ours yet."""

    def __init__(self, use: UseCases, legs: Legs) -> None:
        """`legs` remembers them until they end."""
        self._use, self._legs = use, legs

    def rings(self, switch: str, event: ChannelEvent) -> None:
        """The agent's phone rings."""
        if event.cc_tenant and event.cc_call:
            self._use.answer.alerted(event.cc_tenant, event.cc_call, event.uuid, switch)

    def answered(self, switch: str, event: ChannelAnswered) -> None:
        """A phone was answered: of supervisors' legs nothing else tells."""
        if event.cc_tenant and event.cc_call:
            self._use.supervise.answered(event.cc_tenant, event.cc_call, event.uuid)

    def parked(self, switch: str, event: ChannelParked) -> None:
        """The agent has answered: the leg is won only now."""
        if event.cc_tenant and event.cc_call:
            self._use.answer.parked(event.cc_tenant, event.cc_call, event.uuid, switch)

    def completed(self, switch: str, event: ExecuteCompleted) -> None:
        """The channel has done with an application."""
        if event.app == DIALS:
            self._dialled(event)
        else:
            self.keyed(switch, event)

    def _dialled(self, event: ExecuteCompleted) -> None:
        """If the customer could not even be rung, this alone tells it."""
        failed = event.disposition and event.disposition != ANSWERED
        if failed and event.cc_tenant and event.cc_call:
            self._use.outbound.dialled(event.cc_tenant, event.cc_call, event.uuid, event.disposition or "")

    def keyed(self, switch: str, event: ExecuteCompleted) -> None:
        """A mobile was asked to confirm; if it hung up instead, the hang-up counts."""
        if event.app == ASKS and event.answer_state != "hangup" and event.cc_tenant and event.cc_call:
            key = event.digits or event.invalid_digits or ""
            self._use.answer.keyed(event.cc_tenant, event.cc_call, event.uuid, event.app_uuid or "", key)

    def hung_up(self, switch: str, event: ChannelHungUp) -> None:
        """The agent's channel is gone."""
        self._legs.forget(event.uuid)
        if event.cc_tenant and event.cc_call:
            self._use.end.agent_leg_ended(event.cc_tenant, event.cc_call, report(event, "agent"))
