"""Zuoxi at work on a real switch: an orchestrator process of its own, one tenant, one queue, agents by SIP user."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.call import Call
from orchestrator.domain.config import AgentConfig, NumberConfig, QueueConfig, TenantConfig, to_queue
from orchestrator.service.use_cases import UseCases
from orchestrator.store import keys
from orchestrator.store.clock import RedisClock
from orchestrator.store.configurations import RedisConfigurations, RedisConfigurationWriter
from orchestrator.store.connection import connect
from orchestrator.store.live_store import RedisLiveStore
from orchestrator.store.requests import RemoteTelephony
from tests.support.real_switch import DOMAIN, RealSwitch
from tests.support.redis_server import RedisServer

ROOT = Path(__file__).parents[2]
TENANT, QUEUE, NUMBER, SWITCH = "t", "sales", "4001", "fs1"


@dataclass
class Orchestrator:
    """One `python -m orchestrator` process; its output is kept in `folder`."""

    folder: Path
    redis_url: str
    switch: RealSwitch
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it; whether it has taken the switch shows in Redis."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "orchestrator.log").open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "orchestrator"], env=os.environ | self._settings(), cwd=ROOT, stderr=output
            )

    def kill(self) -> None:
        """End it as a crash does (SIGKILL)."""
        if self.process:
            self.process.kill()
            self.process.wait(10)
            self.process = None

    def stop(self) -> None:
        """End it in order."""
        if self.process:
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def _settings(self) -> dict[str, str]:
        host, port = self.switch.esl
        return {
            "ZUOXI_SWITCHES": f"{SWITCH}=esl://:{self.switch.password}@{host}:{port}",
            "ZUOXI_REDIS_URL": self.redis_url,
            "ZUOXI_DATA_DIR": str(self.folder),
            "ZUOXI_DATABASE_URL": f"sqlite:///{self.folder}/zuoxi.db",
            "ZUOXI_SIP_DOMAIN": DOMAIN,
        }


class RealCentre:
    """Redis, configuration and orchestrator over a running switch; `devices` are the SIP users of agents a1, a2...

    Use as a context manager. Everything a web process would do goes through the same use cases.
    """

    def __init__(self, switch: RealSwitch, folder: Path, devices: tuple[str, ...], **tenant: object) -> None:
        self.redis_server = RedisServer(folder, appendonly="yes")
        self._folder, self._switch = folder, switch
        agents = {
            f"a{n}": AgentConfig(id=f"a{n}", name=f"Agent {n}", device=device, queues=(QUEUE,), mobile=f"+86137{n:08}")
            for n, device in enumerate(devices, 1)
        }
        queue = QueueConfig(id=QUEUE, name="Sales", ring_s=20)
        number = NumberConfig(number=NUMBER, route=to_queue(QUEUE))
        fixed = {"id": TENANT, "name": "Test", "version": 1, "queues": {QUEUE: queue}, "numbers": {NUMBER: number}}
        self.config = TenantConfig(agents=agents, **(fixed | tenant))  # type: ignore[arg-type]

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        if isinstance(self._switch, RealSwitch):
            self._share_music(self._switch.folder)
        self.redis_server.start()
        self.redis = connect(self.redis_server.url)
        clock, configurations = RedisClock(self.redis), RedisConfigurations(self.redis)
        self._store = RedisLiveStore(self.redis, configurations, clock)
        self._use = UseCases(self._store, configurations, RemoteTelephony(self.redis, clock), clock)
        self.publisher = self._use.publisher(RedisConfigurationWriter(self.redis, configurations))
        self.publisher.publish(self.config)
        self.orchestrator = Orchestrator(self._folder, self.redis_server.url, self._switch)
        with ExitStack() as undo:
            undo.callback(self.__exit__)
            self.orchestrator.start()
            self.wait("the orchestrator to own the switch", self.owned, 60)
            undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.orchestrator.kill()
        self.redis_server.kill()

    def _share_music(self, switch: Path) -> None:
        """The switch has its default music already: it is one folder for both."""
        ours = self._folder / "sounds" / "music"
        ours.parent.mkdir(exist_ok=True)
        if not ours.exists():
            ours.symlink_to(switch / "sounds" / "music")

    @property
    def use(self) -> UseCases:
        """The use cases as a web process has them: what they read is fresh."""
        self._store.forget_all()
        return self._use

    def restart(self) -> None:
        """Kill the orchestrator and start another."""
        self.orchestrator.kill()
        self.orchestrator.start()

    def lose_redis(self) -> None:
        """Empty Redis, then publish the configuration as the web side does."""
        self.redis.flushall()
        self._store.forget(TENANT, self.config.agents)
        self.publisher.publish(self.config)

    def online(self, agent: str = "a1") -> None:
        """The agent's phone is known to be registered and the agent goes online."""
        self.wait(f"{agent}'s device", lambda: self.agent(agent).registered)
        self.use.agents.choose_state(TENANT, agent, AgentState.ONLINE, "", "test")

    def finish(self, agent: str = "a1") -> None:
        """The agent closes the call form."""
        self._store.forget(TENANT, [agent])
        self.use.agents.finish_wrap_up(TENANT, agent, "test")

    def agent(self, agent: str = "a1") -> Agent:
        """The agent as stored now."""
        self._store.forget(TENANT, [agent])
        held = self._store.agent(TENANT, agent)
        assert held is not None, f"no agent {agent}"
        return held.document

    def calls(self) -> list[Call]:
        """The calls stored now."""
        return [held.document for held in self._store.all_calls(TENANT)]

    def wait_agent(self, state: AgentState, agent: str = "a1", timeout: float = 20.0) -> Agent:
        """Wait until the agent is in a state."""
        self.wait(f"{agent} to be {state}", lambda: self.agent(agent).state is state, timeout)
        return self.agent(agent)

    def wait(self, what: str, condition: Callable[[], bool], timeout: float = 20.0) -> None:
        """Look each 10 ms until `condition` holds; raises TimeoutError with the end of the orchestrator's log."""
        pause, deadline = threading.Event(), time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline:
                log = (self._folder / "orchestrator.log").read_text()[-3000:]
                raise TimeoutError(
                    f"waited {timeout} s for {what}; agents {self.redis.hgetall(keys.agents(TENANT))}\n{log}"
                )
            pause.wait(0.01)

    def stream(self) -> list[dict[str, Any]]:
        """The tenant's events, oldest first."""
        return [json.loads(fields["e"]) for _, fields in self.redis.xrange(keys.events(TENANT))]

    def events(self) -> list[str]:
        """Their types."""
        return [event["type"] for event in self.stream()]

    def outcomes(self) -> list[str]:
        """How each ended call ended, in the order of their ends."""
        return [event["outcome"] for event in self.stream() if event["type"] == "call_ended"]

    def owned(self) -> bool:
        """Tell whether an orchestrator holds the switch's lease."""
        return bool(self.redis.exists(keys.lease(SWITCH)))


@contextmanager
def company(switch: RealSwitch, folder: Path, devices: tuple[str, ...], **tenant: object) -> Iterator[RealCentre]:
    """A RealCentre for one test, which leaves no call behind on a switch that other tests use, too."""
    with RealCentre(switch, folder, devices, **tenant) as centre:
        yield centre
    with switch.connect() as esl:
        esl.hang_up_everything()
