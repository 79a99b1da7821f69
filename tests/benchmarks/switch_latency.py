"""How long until an agent's phone is rung: Zuoxi beside mod_callcenter, on the same FreeSWITCH, in the same run.

`make bench-switch`, or `python -m tests.benchmarks.switch_latency [SAMPLES]`. Every time is the difference of two event
timestamps of the switch itself (microseconds), so the client's own speed is in none of them:

- arrival: the caller has come (CHANNEL_PARK; CHANNEL_EXECUTE of `callcenter`) -> CHANNEL_CREATE of the agent's leg
- next: CHANNEL_HANGUP of the agent's leg -> CHANNEL_CREATE of the leg for the caller who waits

The two take turns, call by call, so both see the same noise of the machine. The switch's timestamps move in steps of
20 ms. Zuoxi's agents wrap up after a call: the script closes the form as soon as it opens, and the time that takes is
part of `next`; mod_callcenter has no wrap-up here.
"""

import json
import signal
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from orchestrator.domain.agent import AgentState
from orchestrator.store import keys
from tests.benchmarks.callcenter_conf import conf_with_callcenter
from tests.support.real_centre import NUMBER, TENANT, RealCentre
from tests.support.real_esl import EslClient, Event
from tests.support.real_switch import DOMAIN, RealSwitch, find_freeswitch, why_missing
from tests.support.sip_call import Call, State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Manner, Phone

EVENTS = "CHANNEL_CREATE CHANNEL_PARK CHANNEL_EXECUTE CHANNEL_BRIDGE CHANNEL_HANGUP"
PASSWORD = "only-for-this-run"
USERS = ("1001", "1002")
LATE_S = 20


class Contender(Protocol):
    """A call centre on the switch under test."""

    name: str
    number: str
    user: str

    def has_joined(self, event: Event) -> bool:
        """Tell whether this event is a caller's entry into the queue."""

    def settle(self) -> None:
        """Wait until the agent can take a call, doing what an agent does for that."""

    def free_agent(self) -> None:
        """Do what an agent does right after hanging up to be ready again."""

    def recover(self) -> None:
        """Make the agent available by force, after a call that was not offered in time."""


class Zuoxi:
    """An orchestrator, Redis, one queue and one agent."""

    name, number, user = "zuoxi", NUMBER, "1001"

    def __init__(self, centre: RealCentre) -> None:
        self._centre = centre
        self._seen = "0"

    def has_joined(self, event: Event) -> bool:
        """The dialplan has parked the call."""
        return event["Event-Name"] == "CHANNEL_PARK"

    def settle(self) -> None:
        """The agent is online."""
        self._centre.wait_agent(AgentState.ONLINE)

    def free_agent(self) -> None:
        """Close the call form as soon as it opens."""
        while not self._wrap_up_began():
            pass
        self._centre.finish()

    def _wrap_up_began(self) -> bool:
        found = self._centre.redis.xread({keys.events(TENANT): self._seen}, block=10_000)
        assert found, "the agent's wrap-up did not begin"
        for self._seen, fields in found[0][1]:
            event = json.loads(fields["e"])
            if event["type"] == "agent_changed" and event["agent"]["state"] == "wrap_up":
                return True
        return False

    def recover(self) -> None:
        """Nothing may have to be forced."""


class CallCenterModule:
    """mod_callcenter with one queue and one agent, no wrap-up, no delays."""

    name, number, user = "mod_callcenter", "7000", "1002"

    def has_joined(self, event: Event) -> bool:
        """The dialplan hands the call to the module."""
        return event["Event-Name"] == "CHANNEL_EXECUTE" and event.get("Application") == "callcenter"

    def __init__(self, esl: EslClient) -> None:
        self._esl = esl

    def settle(self) -> None:
        """The module knows by itself when its agent waits again."""

    def free_agent(self) -> None:
        """There is no wrap-up to end."""

    def recover(self) -> None:
        """Its agent can be left in a state in which it is never rung again."""
        self._esl.api("callcenter_config agent set state bench Waiting")


@dataclass
class Times:
    """Samples of one contender, in microseconds."""

    arrival: list[int] = field(default_factory=list)
    next: list[int] = field(default_factory=list)
    late: int = 0


class Bench:
    """Plays two callers and one agent against a contender and reads the switch's clock."""

    def __init__(self, switch: RealSwitch, esl: EslClient, loop: SipLoop) -> None:
        self._esl, self._loop = esl, loop
        self._callers = [Phone(loop, f"1380000000{i}", "", switch.trunk, DOMAIN) for i in (1, 2)]

    def try_sample(self, contender: Contender, agent: Phone, times: Times) -> None:
        """Take one sample of each kind; a call not offered within LATE_S counts as late and is given up."""
        try:
            self.sample(contender, agent, times)
        except TimeoutError as late:
            print(f"{contender.name}: {str(late)[:100]}", file=sys.stderr)
            times.late += 1
            for call in (call for phone in (agent, *self._callers) for call in phone.calls):
                call.hang_up()
            self._esl.hang_up_everything()
            contender.recover()

    def sample(self, contender: Contender, agent: Phone, times: Times) -> None:
        """One call to an idle agent, a second caller waiting, the agent hangs up and gets the second."""
        contender.settle()
        mark, calls = len(self._esl.events), len(agent.calls)
        first = self._callers[0].dial(contender.number)
        joined = self._joined(contender, first, mark)
        rung = self._rung(contender, mark)
        times.arrival.append(stamp(rung) - stamp(joined))
        self._esl.wait("CHANNEL_BRIDGE", 10, mark)
        second = self._callers[1].dial(contender.number)
        self._joined(contender, second, mark)
        mark = len(self._esl.events)
        self._hang_up(agent, calls)
        ended = self._esl.wait("CHANNEL_HANGUP", 10, mark, Unique_ID=rung["Unique-ID"])
        contender.free_agent()
        times.next.append(stamp(self._rung(contender, mark)) - stamp(ended))
        self._esl.wait("CHANNEL_BRIDGE", 10, mark)
        self._hang_up(agent, calls + 1)
        for call in (first, second):
            call.hang_up()
            call.wait(State.ENDED)
        self._esl.hang_up_everything()
        contender.free_agent()

    def _hang_up(self, agent: Phone, number: int) -> None:
        agent.next_call(number, 10).wait(State.UP).hang_up()

    def _joined(self, contender: Contender, call: Call, after: int) -> Event:
        def look() -> Event | None:
            own = (e for e in self._esl.events[after:] if e.get("variable_sip_call_id") == call.call_id)
            return next((e for e in own if contender.has_joined(e)), None)

        return self._esl.wait_until(f"the call to join {contender.name}", look, 10)

    def _rung(self, contender: Contender, after: int) -> Event:
        def look() -> Event | None:
            created = (e for e in self._esl.events[after:] if e.get("Event-Name") == "CHANNEL_CREATE")
            legs = (e for e in created if e["Call-Direction"] == "outbound")
            return next((e for e in legs if contender.user in e["Channel-Name"]), None)

        return self._esl.wait_until(f"{contender.name} to ring its agent", look, LATE_S)


def stamp(event: Event) -> int:
    """When the switch made the event, microseconds."""
    return int(event["Event-Date-Timestamp"])


def line(name: str, samples: list[int]) -> str:
    """Percentiles in milliseconds."""
    cuts = statistics.quantiles(samples, n=100, method="inclusive")
    figures = "".join(f"{cuts[p - 1] / 1000:9.1f}" for p in (50, 95, 99))
    return f"{name:<28}{len(samples):>6}{figures}{max(samples) / 1000:9.1f}"


@contextmanager
def bench_switch() -> Iterator[RealSwitch]:
    """A switch with mod_callcenter beside the usual configuration."""
    with tempfile.TemporaryDirectory(prefix="zuoxi-bench-") as name:
        folder = Path(name)
        switch = RealSwitch(folder, conf=conf_with_callcenter(folder / "conf"))
        switch.add_users((user, PASSWORD) for user in USERS)
        with switch:
            yield switch


def measure(samples: int) -> None:
    """Run all contenders in turns and print their percentiles."""
    with ExitStack() as stack:
        switch = stack.enter_context(bench_switch())
        loop = SipLoop()
        stack.callback(loop.close)
        esl = stack.enter_context(switch.connect()).subscribe(EVENTS)
        bench = Bench(switch, esl, loop)
        agents = {user: Phone(loop, user, PASSWORD, switch.phones, DOMAIN) for user in USERS}
        for agent in agents.values():
            agent.register(expires=3600).behave(Manner(answer_after=0.02))
        centre = stack.enter_context(RealCentre(switch, switch.folder / "centre", (Zuoxi.user,)))
        centre.online()
        contenders: list[Contender] = [Zuoxi(centre), CallCenterModule(esl)]
        times = {contender.name: Times() for contender in contenders}
        for _ in range(samples):
            for contender in contenders:
                bench.try_sample(contender, agents[contender.user], times[contender.name])
    print(f"{'milliseconds':<28}{'n':>6}{'p50':>9}{'p95':>9}{'p99':>9}{'max':>9}")
    for name, found in times.items():
        print(line(f"{name}, arrival", found.arrival))
        print(line(f"{name}, next", found.next))
        print(f"{name}, not offered within {LATE_S} s: {found.late}")


def main() -> None:
    """Entry of `python -m tests.benchmarks.switch_latency`."""
    if find_freeswitch() is None:
        sys.exit(why_missing())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # ends what was started
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 200)


if __name__ == "__main__":
    main()
