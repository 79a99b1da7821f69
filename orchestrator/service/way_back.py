"""Where a caller goes whom the agent has left without anybody else to talk to: nobody is let go for that."""

from orchestrator.domain import direct
from orchestrator.domain.call import Call
from orchestrator.domain.config import HANG_UP, Destination, Way
from orchestrator.service.work import Unit


def way_back(unit: Unit, call: Call) -> Destination:
    """Return the way back to the line, or to the one agent, that the caller came from.

    Whoever was called by an agent comes back to that agent, else goes where the number leads that was shown.
    """
    if call.direct or call.queue:
        return direct.way_back(call)
    owned = unit.config.numbers.get(call.number)
    route = owned.route if owned else HANG_UP
    return Destination(way=Way.AGENT, target=call.outbound.agent, otherwise=route) if call.outbound else route
