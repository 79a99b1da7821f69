"""Calls of the two tenants, driven as the orchestrator and the workers would."""

import time
from collections.abc import Callable

from orchestrator.domain.agent import AgentState
from orchestrator.service.accept_call import Arrival
from orchestrator.service.end_call import LegReport
from orchestrator.service.use_cases import UseCases
from orchestrator.store import keys
from orchestrator.store.connection import TextRedis
from tests.web.companies import config_of
from workers.jobs import write_events


class LiveCalls:
    """Calls to a tenant's queue q1, driven by the use cases as the orchestrator would."""

    def __init__(self, make_use_cases: Callable[[], UseCases], redis: TextRedis) -> None:
        self._make, self._redis = make_use_cases, redis

    def online(self, tenant: str, agent: str) -> None:
        """The agent's phone registers and the agent goes online."""
        self.register(tenant, agent)
        self._make().agents.choose_state(tenant, agent, AgentState.ONLINE, "", "test")

    def register(self, tenant: str, agent: str) -> None:
        """The agent's phone registers."""
        self._make().devices.registered(config_of(tenant).agents[agent].device, True)

    def wait(self, tenant: str, call: str, caller: str = "13800138000", name: str = "") -> None:
        """A call arrives and waits in the queue; it rings at once where somebody is ready."""
        now = time.time_ns() // 1000
        arrival = Arrival(leg=call, switch="fs1", caller=caller, caller_name=name, number=f"400{tenant}", created=now)
        self._make().accept.accept(arrival)
        self._make().enqueue.answered(tenant, call)

    def talk(self, tenant: str, call: str) -> None:
        """The agent who was asked takes the call."""
        leg = self.leg(tenant, call)
        self._make().answer.parked(tenant, call, leg, "fs1")
        self._make().answer.joined(tenant, call, leg)

    def hang_up(self, tenant: str, call: str) -> None:
        """The caller hangs up."""
        self._make().end.caller_left(tenant, call, LegReport(leg=call, role="caller", hung_up=True))

    def leg(self, tenant: str, call: str) -> str:
        """The agent's leg of an offered call."""
        held = self._make().work.store.call(tenant, call)
        assert held is not None
        assert held.document.offer is not None
        return held.document.offer.leg

    def write_records(self, tenant: str) -> None:
        """Do what relay and workers do with the events so far."""
        entries = self._redis.xrange(keys.events(tenant))
        write_events(tenant, [[id_, int(fields["n"]), fields["e"]] for id_, fields in entries])
