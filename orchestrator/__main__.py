"""Composition root of the switch-facing process: `python -m orchestrator`."""

from gevent import monkey

monkey.patch_all()

import os
import signal
import socket
import sys

import gevent
import structlog
from prometheus_client import CollectorRegistry, start_http_server
from redis import Redis

from esl_handlers.addresses import BadAddressError, to_addresses
from esl_handlers.agent_legs import AgentLegs
from esl_handlers.arrivals import Arrivals
from esl_handlers.bridges import Bridges
from esl_handlers.callback_legs import CallbackLegs
from esl_handlers.client import Address
from esl_handlers.dispatch import Dispatcher, table
from esl_handlers.jobs import Jobs
from esl_handlers.legs import Legs
from esl_handlers.metrics import SocketMetrics
from esl_handlers.outbound_legs import OutboundLegs
from esl_handlers.outside_legs import OutsideLegs
from esl_handlers.ownership import Ownership, Tools
from esl_handlers.questions import Speech
from esl_handlers.reconcile import SwitchReconcile
from esl_handlers.recordings import Recordings
from esl_handlers.registrations import Registrations
from esl_handlers.steps import Steps
from esl_handlers.telephony import SwitchTelephony
from orchestrator.logging import configure
from orchestrator.metrics import Metrics
from orchestrator.records import RecordJobs
from orchestrator.relay import Relay
from orchestrator.service.call_back import ROLE
from orchestrator.service.consult import CONSULT
from orchestrator.service.ring_outside import OUTSIDE
from orchestrator.service.test_call import TEST
from orchestrator.service.use_cases import UseCases
from orchestrator.settings import Settings
from orchestrator.store.clock import RedisClock
from orchestrator.store.configurations import RedisConfigurations
from orchestrator.store.connection import connect
from orchestrator.store.leases import Leases
from orchestrator.store.live_store import RedisLiveStore
from orchestrator.store.requests import RemoteTelephony, Requests
from orchestrator.timers import Timers


class Orchestrator:
    """Everything this process runs."""

    def __init__(self, settings: Settings, addresses: list[Address]) -> None:
        """Wire it together; nothing runs yet."""
        self.registry = CollectorRegistry()
        metrics, socket_metrics = Metrics(self.registry), SocketMetrics(self.registry)
        name = f"{socket.gethostname()}:{os.getpid()}"
        redis = connect(settings.redis_url)
        clock, configurations = RedisClock(redis), RedisConfigurations(redis)
        leases = Leases(redis, name)
        store = RedisLiveStore(redis, configurations, clock, leases, self._notice)
        legs = Legs()
        speech = Speech(settings.sip_domain, settings.sounds_on_switch, settings.recordings_on_switch)
        telephony = SwitchTelephony(RemoteTelephony(redis, clock), legs, speech)
        use = UseCases(store, configurations, telephony, clock, metrics.ignore, leases)
        telephony.on_join_refused(use.fail.join_failed)
        telephony.on_silent(use.devices.silent)
        handlers = table(
            Arrivals(use, telephony, legs),
            Steps(use),
            AgentLegs(use, legs),
            OutsideLegs(use),
            OutboundLegs(use, legs),
            Jobs(
                legs,
                {
                    "agent": use.end.leg_failed,
                    OUTSIDE: use.forward.failed,
                    CONSULT: use.end.leg_failed,
                    ROLE: use.callbacks.failed,
                    TEST: use.tests.failed,
                },
            ),
            CallbackLegs(use, legs),
            Bridges(use),
            Registrations(use),
            Recordings(use),
        )
        tools = Tools(
            leases=leases,
            telephony=telephony,
            dispatcher=Dispatcher(handlers, metrics.events),
            reconcile=SwitchReconcile(use, configurations),
            requests=lambda switch: Requests(connect(settings.redis_url), clock, switch),
            late=use.tests.late,
            metrics=metrics,
            socket_metrics=socket_metrics,
            audit_s=settings.audit_s,
        )
        self.switches = [Ownership(address, tools) for address in addresses]
        self.timers = Timers(store, configurations, clock, use.deadlines.fire, metrics.failures.labels("timers").inc)
        jobs = RecordJobs(Redis.from_url(settings.redis_url))
        self.relay = Relay(connect(settings.redis_url), configurations, clock, jobs, name)
        self._metrics, self._configurations, self._redis_url = metrics, configurations, settings.redis_url

    def run(self) -> None:
        """Run until stopped; a loop that ends for another reason ends the process."""
        loops = [gevent.spawn(switch.run) for switch in self.switches]
        loops += [gevent.spawn(self.timers.run), gevent.spawn(self._relay), gevent.spawn(self._listen)]
        gevent.joinall(loops, count=1, raise_error=True)
        gevent.joinall(loops, timeout=5)

    def _notice(self, tenant: str, due_ms: int) -> None:
        self.timers.notice(tenant, due_ms)

    def _listen(self) -> None:
        self._configurations.listen(connect(self._redis_url), self._metrics.failures.labels("notices").inc)

    def _relay(self) -> None:
        self.relay.run(self._metrics.failures.labels("relay").inc)

    def stop(self) -> None:
        """End every loop in order."""
        self.timers.stop()
        self.relay.stop()
        self._configurations.stop()
        for switch in self.switches:
            switch.stop()


def main() -> int:
    """Run the orchestrator; returns the exit code."""
    settings = Settings()
    configure(settings.log_level, settings.log_json)
    try:
        addresses = to_addresses(settings.switches)
    except BadAddressError as error:
        print(error, file=sys.stderr)
        return 2
    orchestrator = Orchestrator(settings, addresses)
    if settings.metrics_port:
        start_http_server(settings.metrics_port, "127.0.0.1", orchestrator.registry)
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, orchestrator.stop)
    structlog.get_logger("orchestrator").info("started", switches=[address.name for address in addresses])
    orchestrator.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
