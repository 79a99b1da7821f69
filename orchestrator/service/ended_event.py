"""The last event of a call, of which there is one."""

from orchestrator.domain.call import Call
from orchestrator.domain.call_states import Outcome, Party
from orchestrator.domain.events import CallEnded
from orchestrator.service.work import Unit


def ended_event(unit: Unit, call: Call, cause: str) -> CallEnded:
    """Tell how the call ended."""
    return CallEnded(
        at=unit.now,
        call=call.id,
        outcome=call.outcome or Outcome.LOST,
        hung_up_by=call.hung_up_by or Party.SYSTEM,
        cause=cause,
        arrived=call.arrived,
        answered=call.answered,
        connected=call.first_connected or call.connected,
    )
