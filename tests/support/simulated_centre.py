"""The whole line without a telephone: orchestrators and a worker as processes, over a simulated switch."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from peewee import Database

from orchestrator.database.connection import open_database
from orchestrator.database.migrate import migrate
from orchestrator.domain.agent import AgentState
from orchestrator.relay import GROUP
from orchestrator.store import keys
from simulator.control import Control
from tests.support.real_centre import NUMBER, ROOT, TENANT, Orchestrator, RealCentre
from tests.support.real_switch import DOMAIN
from tests.support.simulated_switch import SimulatedSwitch, simulated_switch


@dataclass(frozen=True)
class Socket:
    """What an orchestrator needs to know of a switch."""

    esl: tuple[str, int]
    password: str


class SimulatedCentre(RealCentre):
    """A centre whose switch can be scripted through `control`; agents a1..aN have phones t-1..t-N."""

    def __init__(self, switch: SimulatedSwitch, folder: Path, agents: int, **tenant: object) -> None:
        devices = tuple(f"t-{n}" for n in range(1, agents + 1))
        super().__init__(Socket((switch.host, switch.port), switch.password), folder, devices, **tenant)  # type: ignore[arg-type]
        self.control: Control = switch.control
        self.database_url = f"sqlite:///{folder}/zuoxi.db"
        self._kept = f"file://{folder}/store"
        self._worker: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    def __exit__(self, *reason: object) -> None:
        self.stop_worker()
        super().__exit__(*reason)

    def call_in(self, caller: str = "13800138000", **script: object) -> str:
        """A caller dials the tenant's number; returns the caller's leg."""
        return self.control.place_call(caller, NUMBER, **script)  # type: ignore[arg-type]

    def all_online(self) -> None:
        """Every agent goes online."""
        for agent in self.config.agents:
            self.online(agent)

    def another_orchestrator(self) -> Orchestrator:
        """Start one more orchestrator process; end it yourself."""
        first = self.orchestrator
        other = Orchestrator(first.folder.parent / "other", first.redis_url, first.switch)
        other.start()
        return other

    def work(self) -> Database:
        """Start a worker on an empty database and return the database."""
        database = open_database(self.database_url)
        migrate(database)
        self.start_worker()
        return database

    def start_worker(self) -> None:
        """Start `python -m workers`."""
        settings = {
            "ZUOXI_REDIS_URL": self.redis_server.url,
            "ZUOXI_DATABASE_URL": self.database_url,
            "ZUOXI_RECORDINGS_STORE": self._kept,  # the web process' own, by its data directory
        }
        with (self.orchestrator.folder / "worker.log").open("ab") as log:
            self._worker = subprocess.Popen(
                [sys.executable, "-m", "workers"], env=os.environ | settings, cwd=ROOT, stdout=log, stderr=log
            )

    def kill_worker(self) -> None:
        """End the worker as a crash does."""
        if self._worker:
            self._worker.kill()
            self._worker.wait(10)
            self._worker = None

    def stop_worker(self) -> None:
        """End the worker in order."""
        if self._worker:
            self._worker.terminate()
            self._worker.wait(20)
            self._worker = None

    def wait_quiet(self, timeout: float = 60.0) -> None:
        """Wait until no call lives and no agent is engaged or wrapping up."""
        busy = (AgentState.RINGING, AgentState.IN_CALL, AgentState.WRAP_UP)
        self.wait(
            "everybody to be free",
            lambda: not self.calls() and not any(self.agent(a).state in busy for a in self.config.agents),
            timeout,
        )

    def wait_written(self, database: Database, timeout: float = 30.0) -> None:
        """Wait until every event of the tenant is in the database."""

        def written() -> bool:
            total = int(self.redis.get(keys.sequence(TENANT)) or 0)
            row = database.execute_sql("SELECT count(DISTINCT n) FROM call_event").fetchone()
            return bool(row[0] == total and self.redis.xpending(keys.events(TENANT), GROUP)["pending"] == 0)

        self.wait("all events to be written", written, timeout)


@contextmanager
def simulated_centre(folder: Path, agents: int = 2, *switch: str, **tenant: object) -> Iterator[SimulatedCentre]:
    """A centre at work. With more arguments of the simulated switch its phones follow them, else each its script."""
    load = ("--agents", str(agents), "--first-agent", "1", "--user-format", "t-{n}", *switch) if switch else ()
    with simulated_switch("--domain", DOMAIN, *load) as running:
        for n in range(1, agents + 1) if not switch else ():
            running.control.set_phone(f"t-{n}")
        with SimulatedCentre(running, folder, agents, **tenant) as centre:
            yield centre
