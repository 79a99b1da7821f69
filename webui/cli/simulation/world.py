"""The programs of a simulation: a Redis, a simulated switch, orchestrators and workers, each as a process."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from orchestrator.jobs import QueueName
from orchestrator.settings import Settings
from webui.cli.embedded_redis import embedded_redis
from webui.cli.errors import CommandError
from webui.cli.ports import free_port
from webui.cli.processes import Child, spawn, stop
from webui.cli.secret_files import make_data_dir
from webui.cli.simulation.company import FIRST_AGENT, NUMBERS, device
from webui.cli.simulation.plan import Plan, Span

#: Seconds the programs get to finish what they are at.
STOP_S = 10.0

#: The queues of jobs of each worker, as in the Procfile: what is long holds up nothing that is short.
SHORT = (QueueName.RECORDS, QueueName.BILLING)
WORKERS = (SHORT, tuple(name for name in QueueName if name not in SHORT))

#: How many orchestrators there are: one owns the switch, one is in reserve.
ORCHESTRATORS = 2

#: What the simulated switch says.
LISTENS, OVER = "event socket on 127.0.0.1:", "load over "


class Program:
    """A process that can be killed and started again; its output goes on in one file."""

    def __init__(self, name: str, arguments: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        """Start it."""
        self.name, self._command, self._env, self._log = name, [sys.executable, "-m", *arguments], env, log
        self.child = self._start()

    def kill(self) -> None:
        """End it as a crash does (SIGKILL) and start it again."""
        self.child.kill()
        self.child.wait()
        self.child = self._start()

    def _start(self) -> Child:
        with self._log.open("ab") as log:
            return spawn(self._command, log.fileno(), self._env)


class Switch:
    """The simulated switch: what it says is read as it comes."""

    def __init__(self, plan: Plan, settings: Settings) -> None:
        """Start it, and wait until it listens; raises CommandError when it doesn't."""
        command = [sys.executable, "-u", "-m", "simulator", *_switch_options(plan, settings)]
        self.child = spawn(command, subprocess.PIPE)
        self.figures: dict[str, int] | None = None
        output = self.child.stdout or ()
        said = iter(line.decode("utf-8", "replace").rstrip() for line in output)
        self.port = next((int(line.removeprefix(LISTENS)) for line in said if line.startswith(LISTENS)), 0)
        if not self.port:
            raise CommandError(f"The simulated switch ended (exit status {self.child.wait()}) before it listened.")
        self._reader = threading.Thread(target=self._read, args=(said,), daemon=True)
        self._reader.start()

    def begin(self) -> None:
        """Let the callers call."""
        self.child.send_signal(signal.SIGUSR1)

    def _read(self, said: Iterator[str]) -> None:
        for line in said:
            if line.startswith(OVER):
                self.figures = json.loads(line.removeprefix(OVER))


class World:
    """Everything that runs."""

    def __init__(self, switch: Switch) -> None:
        """Begin with the switch alone."""
        self.switch = switch
        self.killed: Counter[str] = Counter()
        self._programs: list[Program] = []

    def add(self, program: Program) -> None:
        """Count a program among those that run."""
        self._programs.append(program)

    def ended(self) -> list[str]:
        """Name programs that have ended by themselves."""
        switch = [] if self.switch.child.poll() is None else ["switch"]
        return switch + [program.name for program in self._programs if program.child.poll() is not None]

    def kill(self, chance: random.Random) -> None:
        """Kill one of the programs, not the switch: its calls would be over."""
        program = chance.choice(self._programs)
        self.killed[program.name] += 1
        program.kill()

    def children(self) -> list[Child]:
        """All processes, in the order in which they are to end."""
        return [program.child for program in self._programs] + [self.switch.child]


def settings_in(folder: Path) -> Settings:
    """Settings of a simulation that keeps all it has in a folder, with a port for a Redis of its own."""
    return Settings(
        data_dir=folder,
        redis_url=f"redis://127.0.0.1:{free_port()}/0",
        database_url=f"sqlite:///{folder}/zuoxi.db",
        switches="",
        sounds_dir=folder / "sounds",
        recordings_dir=folder / "recordings",
    )


@contextmanager
def redis_of(settings: Settings) -> Iterator[None]:
    """Make secrets, and run the simulation's Redis."""
    make_data_dir(settings.data_dir)
    with embedded_redis(int(settings.redis_url.rpartition(":")[2].partition("/")[0]), settings.data_dir / "redis"):
        yield


@contextmanager
def running_world(plan: Plan, settings: Settings) -> Iterator[World]:
    """Run the switch and all programs on a published company."""
    world = World(Switch(plan, settings))
    try:
        env = _environment(settings, world.switch.port)
        for name, arguments in _programs():
            world.add(Program(name, arguments, env, settings.data_dir / f"{name}.log"))
        yield world
    finally:
        stop(world.children(), STOP_S)


def _programs() -> Iterator[tuple[str, list[str]]]:
    for place in range(ORCHESTRATORS):
        yield f"orchestrator-{place + 1}", ["orchestrator"]
    for place, queues in enumerate(WORKERS):
        yield f"worker-{place + 1}", ["workers", *queues]


def _environment(settings: Settings, port: int) -> dict[str, str]:
    """Nothing of the surroundings' settings: a simulation must not reach what serves customers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZUOXI_")}
    return kept | {
        "ZUOXI_DATA_DIR": str(settings.data_dir),
        "ZUOXI_REDIS_URL": settings.redis_url,
        "ZUOXI_DATABASE_URL": settings.database_url,
        "ZUOXI_SWITCHES": f"simulated=esl://:{settings.secret('esl_password')}@127.0.0.1:{port}",
        "ZUOXI_SIP_DOMAIN": settings.sip_domain,
    }


def _switch_options(plan: Plan, settings: Settings) -> list[str]:
    return [
        *("--listen", "127.0.0.1:0"),
        *("--password-file", str(settings.data_dir / "esl_password")),
        *("--domain", settings.sip_domain),
        *("--agents", str(plan.agents), "--first-agent", str(FIRST_AGENT), "--user-format", device("{n}")),
        *("--numbers", ",".join(NUMBERS)),
        *("--calls", str(plan.calls), "--calls-per-second", str(plan.rate)),
        *("--talk", _span(plan.talk), "--patience", _span(plan.patience)),
        *("--answer-rate", str(plan.answer_rate), "--decline-rate", str(plan.decline_rate)),
        *("--seed", str(plan.seed), "--wait-for-signal"),
    ]


def _span(span: Span) -> str:
    return f"{span[0]}..{span[1]}"
