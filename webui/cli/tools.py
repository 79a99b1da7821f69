"""What commands work with. Connections are made at their first use: `init` runs without Redis."""

import time
from functools import cached_property

from peewee import Database
from redis import Redis

from orchestrator.database.connection import open_database
from orchestrator.jobs import Jobs
from orchestrator.publishing import Publishing
from orchestrator.service.use_cases import UseCases
from orchestrator.settings import Settings
from orchestrator.store.blacklist import RedisBlacklistWriter
from orchestrator.store.caller_priorities import RedisCallerPriorityWriter
from orchestrator.store.clock import RedisClock
from orchestrator.store.configurations import RedisConfigurations, RedisConfigurationWriter
from orchestrator.store.connection import TextRedis, connect
from orchestrator.store.live_store import RedisLiveStore
from orchestrator.store.requests import RemoteTelephony
from webui.bills import Bills
from webui.blacklist import Blacklists, blacklists
from webui.caller_priorities import CallerPriorities, caller_priorities
from webui.configuring import Editor
from webui.owned_numbers import OwnedNumbers
from webui.seat_orders import SeatOrders
from webui.texts import Texts


class Tools:
    """Settings, and connections made at their first use."""

    def __init__(self, settings: Settings) -> None:
        """Binds all tables to the database; connects to nothing."""
        self.settings = settings
        self.database: Database = open_database(settings.database_url)

    @cached_property
    def redis(self) -> TextRedis:
        """A client that decodes responses."""
        return connect(self.settings.redis_url)

    @cached_property
    def configurations(self) -> RedisConfigurations:
        """The configurations in force."""
        return RedisConfigurations(self.redis)

    @property
    def use_cases(self) -> UseCases:
        """What can be done with calls and agents; each set reads afresh."""
        clock = RedisClock(self.redis)
        store = RedisLiveStore(self.redis, self.configurations, clock)
        return UseCases(store, self.configurations, RemoteTelephony(self.redis, clock), clock)

    @property
    def publishing(self) -> Publishing:
        """What puts configurations into force."""
        writer = RedisConfigurationWriter(self.redis, self.configurations)
        return Publishing(
            self.redis, self.database, lambda: self.use_cases.publisher(writer), lambda: self.use_cases.promises
        )

    @property
    def blacklists(self) -> Blacklists:
        """What keeps blacklists, and puts them into force."""
        clock = RedisClock(self.redis)
        return blacklists(self.database, RedisBlacklistWriter(self.redis, clock), clock)

    @property
    def caller_priorities(self) -> CallerPriorities:
        """What keeps the lists of callers who go before others, and puts them into force."""
        return caller_priorities(self.database, RedisCallerPriorityWriter(self.redis), RedisClock(self.redis))

    @property
    def seat_orders(self) -> SeatOrders:
        """What records orders of seats and puts them into force."""
        return SeatOrders(self.publishing, self.now)

    @property
    def owned_numbers(self) -> OwnedNumbers:
        """What gives companies numbers and takes them back."""
        editor = Editor(self.publishing, self.database, self.now, Texts())
        return OwnedNumbers(self.publishing, self.database, editor, self.now)

    @property
    def bills(self) -> Bills:
        """What operators do with bills. RQ wants responses as bytes: its connection is made at its first use."""
        jobs = Jobs(Redis.from_url(self.settings.redis_url))
        return Bills(self.redis, self.publishing, jobs, self.now)

    @property
    def clock(self) -> RedisClock:
        """The clock that all processes go by."""
        return RedisClock(self.redis)

    @staticmethod
    def now() -> int:
        """Microseconds UTC."""
        return time.time_ns() // 1000
