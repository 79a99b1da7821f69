"""Load mode: callers arrive at random, agents answer at random, within the given bounds."""

import asyncio
import random
from typing import TYPE_CHECKING

from simulator.callers import IncomingCall, place_call
from simulator.endpoints import Behaviour, Phone
from simulator.waiting import wait_until

if TYPE_CHECKING:
    from simulator.options import LoadOptions, Span
    from simulator.server import EventSocketServer
    from simulator.switch import Switch

MOBILE_PREFIXES = (
    "133",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "158",
    "159",
    "177",
    "180",
    "186",
    "189",
)
NAMES = ("王芳", "李伟", "张敏", "刘洋", "陈静", "杨磊", "赵丽", "黄强", "周杰", "吴娟", "", "", "")
_FOREVER = 10**9


class LoadPhone(Phone):
    """A phone whose behaviour is drawn anew for every call."""

    def __init__(self, user: str, options: "LoadOptions", chance: random.Random) -> None:
        super().__init__(user)
        self._options = options
        self._chance = chance

    def behaviour_for_next_call(self) -> Behaviour:
        """Scripted behaviours first, as for any phone; then answer, decline or ring out by the given rates."""
        if self.next_reactions or len(self.calls) >= self.lines:
            return super().behaviour_for_next_call()
        options, drawn = self._options, self._chance.random()
        after_ms = _milliseconds(self._chance, options.answer_after)
        if drawn < options.answer_rate:
            return Behaviour("answer", after_ms, talk_ms=_milliseconds(self._chance, options.talk))
        declines = drawn < options.answer_rate + options.decline_rate
        return Behaviour("decline" if declines else "no_answer", after_ms)


class Load:
    """Places the calls."""

    def __init__(self, switch: "Switch", server: "EventSocketServer", options: "LoadOptions") -> None:
        self._switch = switch
        self._server = server
        self._options = options
        self._begin = asyncio.Event()
        self._seed = random.Random(options.seed).getrandbits(64)
        self._chance = random.Random(self._seed)

    def phones(self, users: tuple[str, ...]) -> None:
        """Install the agents' phones, each with chances of its own: who is called when changes no caller."""
        for user in users:
            chance = random.Random(f"{self._seed} {user}")
            self._switch.phones[user] = LoadPhone(user, self._options, chance)

    def begin(self) -> None:
        """Let a load begin that waits for this."""
        self._begin.set()

    async def run(self) -> None:
        """Place calls until the bound is reached (for ever if there is none), and wait for the end of the last."""
        options = self._options
        if options.wait_for_signal:
            await self._begin.wait()
        if options.wait_for_orchestrator:
            await wait_until(self._switch, lambda: self._server.subscribers or None, _FOREVER)
        loop = asyncio.get_running_loop()
        due = loop.time()
        placed = 0
        while not options.calls or placed < options.calls:
            due += self._chance.expovariate(options.calls_per_second)
            await asyncio.sleep(max(0.0, due - loop.time()))
            place_call(self._switch, self._next_call())
            placed += 1
        counters = self._switch.counters
        await wait_until(self._switch, lambda: counters.ended >= counters.placed or None, _FOREVER)

    def _next_call(self) -> IncomingCall:
        options, chance = self._options, self._chance
        prefix = options.callers_prefix or chance.choice(MOBILE_PREFIXES)
        caller = prefix + "".join(chance.choices("0123456789", k=max(0, 11 - len(prefix))))
        return IncomingCall(
            caller,
            chance.choice(options.numbers),
            display_name=chance.choice(NAMES),
            patience_ms=_milliseconds(chance, options.patience),
            hangup_after_ms=_milliseconds(chance, options.talk),
        )


def _milliseconds(chance: random.Random, span: "Span") -> int:
    return round(chance.uniform(*span) * 1000)
