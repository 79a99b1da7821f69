"""One simulation from the first log-in to the last record."""

import random
import time
from collections.abc import Callable
from threading import Event

from redis import Redis

from orchestrator.job_board import JobBoard
from orchestrator.store import keys
from webui.cli.errors import CommandError
from webui.cli.simulation.company import TENANT
from webui.cli.simulation.figures import stored_events
from webui.cli.simulation.plan import Plan
from webui.cli.simulation.report import Ended
from webui.cli.simulation.shift import Shift
from webui.cli.simulation.world import World
from webui.cli.tools import Tools

#: Seconds between two looks at agents, calls and jobs.
LOOK_S = 0.2

#: Seconds that agents get to come to work and to wrap up, and workers to write what is left.
COME_S, WRITE_S = 120.0, 120.0


class Run:
    """A run of a world that is up."""

    def __init__(self, plan: Plan, tools: Tools, world: World) -> None:
        """Nothing happens yet; `tools` are those of the simulation."""
        self._plan, self._tools, self._world = plan, tools, world
        self._shift, self._pause = Shift(tools.use_cases), Event()
        self._kills: list[float] = []
        self._chance = random.Random(plan.seed)  # noqa: S311 - no secrecy
        # RQ wants responses as bytes.
        self._board = JobBoard(Redis.from_url(tools.settings.redis_url))

    def whole(self) -> Ended:
        """Let agents come, callers call and workers write; raises CommandError when nobody comes."""
        if not self._until(self._shift.look, COME_S):
            raise CommandError(f"The agents did not come within {COME_S:.0f} s: --keep FOLDER keeps the logs.")
        self._world.switch.begin()
        began = time.monotonic()
        self._kills = sorted(began + self._chance.uniform(0, self._plan.coming_s) for _ in range(self._plan.kills))
        self._until(self._over, self._plan.limit_s)
        took_s = time.monotonic() - began
        self._until(lambda: not self._shift.engaged(), self._plan.wrap_up_s + COME_S)
        self._until(self._written, WRITE_S)
        return self._end(took_s)

    def _until(self, met: Callable[[], bool], limit_s: float) -> bool:
        """Look again and again until something is true; tell whether it was within the limit (seconds)."""
        deadline = time.monotonic() + limit_s
        while not met():
            if time.monotonic() > deadline or self._world.ended():
                return False
            self._pause.wait(LOOK_S)
        return True

    def _over(self) -> bool:
        """Tell whether the last caller is gone; agents who were put on break come back, and a program may be killed."""
        self._shift.look()
        if self._kills and time.monotonic() > self._kills[0]:
            self._world.kill(self._chance)
            del self._kills[0]
        return self._world.switch.figures is not None

    def _written(self) -> bool:
        """Tell whether no job is left and every event is stored."""
        left = sum(queue.waiting + queue.running + queue.retrying for queue in self._board.queues())
        return not left and stored_events() == self._told()

    def _told(self) -> int:
        return int(self._tools.redis.get(keys.sequence(TENANT)) or 0)

    def _end(self, took_s: float) -> Ended:
        return Ended(
            switch=self._world.switch.figures,
            engaged=self._shift.engaged(),
            told=self._told(),
            dead=sum(queue.dead for queue in self._board.queues()),
            gone=self._world.ended(),
            killed=dict(self._world.killed),
            took_s=took_s,
        )
