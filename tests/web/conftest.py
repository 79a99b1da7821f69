"""A web application on a real Redis and a SQLite file, with two tenants and a person of every role."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from peewee import Database
from redis import Redis

from orchestrator.database.connection import open_database
from orchestrator.database.migrate import migrate
from orchestrator.domain.config import TenantConfig
from orchestrator.job_board import JobBoard
from orchestrator.jobs import Jobs
from orchestrator.publishing import Publishing
from orchestrator.recordings.links import Links
from orchestrator.recordings.store import open_store
from orchestrator.service.use_cases import UseCases
from orchestrator.settings import Settings
from orchestrator.speech import SpeechJobs
from orchestrator.store.blacklist import RedisBlacklistWriter
from orchestrator.store.caller_priorities import RedisCallerPriorityWriter
from orchestrator.store.clock import RedisClock
from orchestrator.store.configurations import RedisConfigurations, RedisConfigurationWriter
from orchestrator.store.connection import TextRedis, connect
from orchestrator.store.live_store import RedisLiveStore
from orchestrator.webhooks.addresses import networks
from tests.support.call_centre import NotingTelephony
from tests.web.companies import HASHER, PASSWORD, TENANTS, add_user, config_of, populate
from tests.web.live_calls import LiveCalls
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


@pytest.fixture
def text_redis(redis_url: str) -> Iterator[TextRedis]:
    """A client that decodes responses, of an empty Redis."""
    client = connect(redis_url)
    yield client
    client.close()


@pytest.fixture(scope="session")
def populated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with both tenants and an operator, to copy."""
    path = tmp_path_factory.mktemp("populated") / "zuoxi.db"
    database = open_database(f"sqlite:///{path}")
    migrate(database)
    for tenant in TENANTS:
        populate(tenant)
    add_user("operator", "operator", None)
    database.close()
    return path


@pytest.fixture
def sqlite(tmp_path: Path, populated: Path) -> Iterator[Database]:
    """A database of the test's own."""
    shutil.copy(populated, tmp_path / "zuoxi.db")
    database = open_database(f"sqlite:///{tmp_path}/zuoxi.db")
    yield database
    if not database.is_closed():
        database.close()


@pytest.fixture
def configurations(text_redis: TextRedis) -> RedisConfigurations:
    """The configurations in force, as the one web process reads and writes them."""
    return RedisConfigurations(text_redis)


@pytest.fixture
def telephony() -> NotingTelephony:
    """Notes what switches are told."""
    return NotingTelephony()


@pytest.fixture
def make_use_cases(
    text_redis: TextRedis, configurations: RedisConfigurations, telephony: NotingTelephony
) -> Callable[[], UseCases]:
    """Use cases without working copies, as the web side makes them."""
    clock = RedisClock(text_redis)
    return lambda: UseCases(RedisLiveStore(text_redis, configurations, clock), configurations, telephony, clock)


@pytest.fixture
def publish(
    text_redis: TextRedis, configurations: RedisConfigurations, make_use_cases: Callable[[], UseCases]
) -> Callable[[TenantConfig], None]:
    """Puts a configuration into force."""
    writer = RedisConfigurationWriter(text_redis, configurations)
    return lambda config: make_use_cases().publisher(writer).publish(config)


@pytest.fixture
def published(publish: Callable[[TenantConfig], None]) -> None:
    """Both tenants' configurations in force."""
    for tenant in TENANTS:
        publish(config_of(tenant))


@pytest.fixture
def live(make_use_cases: Callable[[], UseCases], text_redis: TextRedis, published: None, sqlite: Database) -> LiveCalls:  # noqa: ARG001
    """Drives calls of both tenants."""
    return LiveCalls(make_use_cases, text_redis)


@pytest.fixture
def publishing(
    text_redis: TextRedis,
    sqlite: Database,
    configurations: RedisConfigurations,
    make_use_cases: Callable[[], UseCases],
) -> Publishing:
    """Puts what the database holds into force."""
    writer = RedisConfigurationWriter(text_redis, configurations)
    return Publishing(text_redis, sqlite, lambda: make_use_cases().publisher(writer), lambda: make_use_cases().promises)


@pytest.fixture
def prompts(redis: "Redis", text_redis: TextRedis, sqlite: Database, tmp_path: Path, publishing: Publishing) -> Prompts:
    """What people do with prompts; jobs wait for a worker."""
    sounds, now = Sounds(tmp_path / "sounds"), RedisClock(text_redis).now
    return Prompts(sqlite, sounds, SpeechJobs(redis), make_engine(SpeechSettings()), now, publishing)


@pytest.fixture
def services(
    redis: "Redis",
    redis_url: str,
    text_redis: TextRedis,
    sqlite: Database,
    tmp_path: Path,
    make_use_cases: Callable[[], UseCases],
    prompts: Prompts,
    publishing: Publishing,
    telephony: NotingTelephony,
) -> Services:
    """What the application works with."""
    clock, texts = RedisClock(text_redis), Texts()
    accounts, store = Accounts(clock.now, HASHER), open_store(f"file://{tmp_path}/store")
    editor = Editor(publishing, sqlite, clock.now, texts)
    return Services(
        settings=Settings(data_dir=tmp_path, redis_url=redis_url, switches=""),
        web=WebSettings(requests="100000 per minute"),
        secret_key="for tests",
        redis=text_redis,
        database=sqlite,
        clock=clock,
        accounts=accounts,
        names=Names(),
        prompts=prompts,
        sessions=Sessions(text_redis, clock.now, 3600),
        texts=texts,
        errors=Errors(texts),
        use_cases=make_use_cases,
        publishing=publishing,
        editor=editor,
        blacklists=blacklists(sqlite, RedisBlacklistWriter(text_redis, clock), clock),
        phones=Phones(sqlite, clock, telephony, ["fs1"], "zuoxi.local"),
        jobs=JobBoard(redis),
        companies=Companies(publishing, sqlite, accounts, clock.now, texts),
        owned_numbers=OwnedNumbers(publishing, sqlite, editor, clock.now),
        seat_orders=SeatOrders(publishing, clock.now),
        bills=Bills(text_redis, publishing, Jobs(redis), clock.now),
        caller_priorities=caller_priorities(sqlite, RedisCallerPriorityWriter(text_redis), clock),
        recordings=Recordings(sqlite, store, Links("for links"), Jobs(redis), clock.now),
        customers=Customers(sqlite, clock),
        forms=Forms(sqlite, clock, make_use_cases, texts),
        places=Places(in_thread),
        people=People(publishing, sqlite, accounts, clock, texts),
        passwords=Passwords(sqlite, accounts, Jobs(redis), clock.now, texts, "for tests"),
        groups=Groups(publishing, sqlite, clock, texts),
        roles=Roles(publishing, sqlite, clock, texts),
        seats=Seats(publishing, sqlite, clock),
        webhooks=Webhooks(sqlite, "for webhooks", networks([]), Jobs(redis), clock.now),
        tokens=Tokens(sqlite, clock.now),
        report_schedules=ReportSchedules(sqlite, Jobs(redis), clock.now),
        exports=Exports(sqlite, store, Jobs(redis), clock.now),
    )


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder where pages would be built."""
    folder = tmp_path / "static"
    folder.mkdir()
    return folder


@pytest.fixture
def web(services: Services, pages: Path, published: None) -> Web:  # noqa: ARG001 - published first
    """The application."""
    return create_web(services, Directory("the secret", "zuoxi.local", services.clock), pages)


class Person:
    """A client of the API, logged in or not."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def __getattr__(self, method: str) -> Callable[..., Any]:
        """Make `person.get("/session")` ask for /api/v1/session."""
        send = getattr(self.client, method)
        return lambda path, **how: send(f"/api/v1{path}", **how)


LogIn = Callable[[str], Person]


@pytest.fixture
def anyone(web: Web) -> Callable[[], Person]:
    """Makes clients that are not logged in."""
    return lambda: Person(web.app.test_client())


@pytest.fixture
def log_in(anyone: Callable[[], Person]) -> LogIn:
    """Logs a person in by login name."""

    def logged_in(login: str) -> Person:
        person = anyone()
        answer = person.post("/session", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return person

    return logged_in
