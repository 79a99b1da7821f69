"""The web process: pages, REST API and live feed."""

from gevent import monkey

monkey.patch_all()

import errno
import signal
import sys

import gevent
from gevent.pywsgi import WSGIServer
from geventwebsocket.handler import WebSocketHandler
from redis import Redis

from orchestrator import logging
from orchestrator.database.connection import open_database
from orchestrator.job_board import JobBoard
from orchestrator.jobs import Jobs
from orchestrator.publishing import Publishing, keep
from orchestrator.recordings.links import Links
from orchestrator.recordings.store import open_store
from orchestrator.service.use_cases import UseCases
from orchestrator.settings import Settings
from orchestrator.speech import SpeechJobs
from orchestrator.store.blacklist import RedisBlacklistWriter
from orchestrator.store.caller_priorities import RedisCallerPriorityWriter
from orchestrator.store.clock import RedisClock
from orchestrator.store.configurations import RedisConfigurations, RedisConfigurationWriter
from orchestrator.store.connection import connect
from orchestrator.store.live_store import RedisLiveStore
from orchestrator.store.requests import RemoteTelephony
from orchestrator.webhooks.addresses import networks
from tts.cache import Sounds
from tts.engines import make_engine
from tts.settings import SpeechSettings
from webui.accounts import Accounts
from webui.app import Web, create_web
from webui.bills import Bills
from webui.blacklist import blacklists
from webui.caller_priorities import caller_priorities
from webui.companies import Companies
from webui.configuring import Editor
from webui.customers import Customers
from webui.errors import Errors
from webui.exports import Exports
from webui.forms import Forms
from webui.freeswitch_directory import Directory
from webui.names import Names
from webui.owned_numbers import OwnedNumbers
from webui.passwords import Passwords
from webui.phones import Phones
from webui.places import Places
from webui.prompts import Prompts
from webui.readiness import switch_names
from webui.recordings import Recordings
from webui.report_schedules import ReportSchedules
from webui.seat_orders import SeatOrders
from webui.services import Services
from webui.sessions import Sessions
from webui.settings import WebSettings
from webui.tables import in_thread
from webui.team.groups import Groups
from webui.team.people import People
from webui.team.roles import Roles
from webui.team.seats import Seats
from webui.texts import Texts
from webui.tokens import Tokens
from webui.webhooks import Webhooks

#: Running requests get this long (s) to finish when the process is told to stop.
STOP_S = 5


class QuietHandler(WebSocketHandler):  # type: ignore[misc]  # geventwebsocket is untyped
    """Answers requests without a line of log for each: metrics count them."""

    def log_request(self) -> None:
        """Write nothing."""


def make_services(settings: Settings, web: WebSettings) -> Services:
    """Put together what requests work with; raises FileNotFoundError when secrets are missing."""
    redis, texts = connect(settings.redis_url), Texts()
    clock, configurations = RedisClock(redis), RedisConfigurations(redis)
    telephony, database = RemoteTelephony(redis, clock), open_database(settings.database_url)
    writer = RedisConfigurationWriter(redis, configurations)

    # RQ wants responses as bytes.
    jobs = Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=2)

    def use_cases() -> UseCases:
        return UseCases(RedisLiveStore(redis, configurations, clock), configurations, telephony, clock)

    accounts = Accounts(clock.now)
    publishing = Publishing(redis, database, lambda: use_cases().publisher(writer), lambda: use_cases().promises)
    editor = Editor(publishing, database, clock.now, texts)
    return Services(
        settings=settings,
        web=web,
        secret_key=settings.secret("secret_key"),
        redis=redis,
        database=database,
        clock=clock,
        accounts=accounts,
        names=Names(),
        prompts=Prompts(
            database,
            Sounds(settings.sounds_dir),
            SpeechJobs(jobs),
            make_engine(SpeechSettings()),
            clock.now,
            publishing,
        ),
        sessions=Sessions(redis, clock.now, int(web.session_lifetime.total_seconds())),
        texts=texts,
        errors=Errors(texts),
        use_cases=use_cases,
        publishing=publishing,
        editor=editor,
        blacklists=blacklists(database, RedisBlacklistWriter(redis, clock), clock),
        phones=Phones(database, clock, telephony, switch_names(settings.switches), settings.sip_domain),
        jobs=JobBoard(jobs),
        seat_orders=SeatOrders(publishing, clock.now),
        companies=Companies(publishing, database, accounts, clock.now, texts),
        owned_numbers=OwnedNumbers(publishing, database, editor, clock.now),
        bills=Bills(redis, publishing, Jobs(jobs), clock.now),
        caller_priorities=caller_priorities(database, RedisCallerPriorityWriter(redis), clock),
        recordings=Recordings(
            database, open_store(settings.store_url), Links(settings.secret("media_secret")), Jobs(jobs), clock.now
        ),
        customers=Customers(database, clock),
        forms=Forms(database, clock, use_cases, texts),
        places=Places(in_thread),
        people=People(publishing, database, accounts, clock, texts),
        passwords=Passwords(database, accounts, Jobs(jobs), clock.now, texts, settings.secret("secret_key")),
        groups=Groups(publishing, database, clock, texts),
        roles=Roles(publishing, database, clock, texts),
        seats=Seats(publishing, database, clock),
        webhooks=Webhooks(
            database,
            settings.secret("webhook_secret"),
            networks(settings.webhooks_private),
            Jobs(jobs),
            clock.now,
        ),
        tokens=Tokens(database, clock.now),
        report_schedules=ReportSchedules(database, Jobs(jobs), clock.now),
        exports=Exports(database, open_store(settings.store_url), Jobs(jobs), clock.now),
    )


def serve(web: Web, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; raises OSError when the port can't be had."""
    server = WSGIServer((host, port), web.app, handler_class=QuietHandler, log=None)
    server.start()
    reviewing = gevent.spawn(web.connections.keep_reviewing, gevent.sleep)
    hearing = gevent.spawn(web.newsroom.keep_listening, gevent.sleep)
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, lambda: gevent.spawn(server.stop, STOP_S))
    print(f"web on http://{host}:{server.server_port}", flush=True)
    server.serve_forever()
    reviewing.kill()
    hearing.kill()


def main() -> None:
    """Run the web process."""
    settings = Settings()
    logging.configure(settings.log_level, settings.log_json)
    try:
        services = make_services(settings, WebSettings())
        directory = Directory(settings.secret("directory_secret"), settings.sip_domain, services.clock)
    except (FileNotFoundError, ValueError) as error:
        sys.exit(str(error))
    try:
        web = create_web(services, directory)
        keeping = gevent.spawn(keep, services.publishing, web.metrics.keep_failures.inc, gevent.sleep)
        gevent.spawn(services.places.load)
        serve(web, settings.web_host, settings.web_port)
        keeping.kill()
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        sys.exit(f"Port {settings.web_port} of {settings.web_host} can't be had ({error.strerror}): set ZUOXI_WEB_PORT")


if __name__ == "__main__":
    main()
