"""A company of a thousand agents at work, for whoever looks at its wallboards."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser

from orchestrator.domain.agent import AgentState
from orchestrator.domain.config import AgentConfig, NumberConfig, QueueConfig, TenantConfig, to_queue
from orchestrator.service.errors import RefusedError
from orchestrator.service.ports import StoreError
from tests.e2e.pages import Workplace, workplace
from tests.support.real_centre import TENANT

FAMILIES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗"
GIVEN = ("伟", "芳", "秀英", "敏", "静", "丽丽", "强", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "明明")
ENGLISH = ("Alice Johnson", "Bob Smith", "Charlotte Featherstonehaugh-Wellington", "Dan Wu", "Eve O'Connor")
GROUPS = ("", "华东一组", "华东二组", "华南组", "西南组", "Night shift", "售后服务与技术支持中心三组", "VIP")
QUEUES = ("销售 Sales", "售后 Support", "贵宾 VIP", "投诉 Complaints", "English line", "账单 Billing", "物流", "会员")
NUMBERS = tuple(str(4000 + place) for place in range(len(QUEUES)))
#: Chosen when a shift begins: most are online, nobody answers from a break.
FIRST = (AgentState.ONLINE,) * 17 + (AgentState.BREAK, AgentState.BUSY, AgentState.OFFLINE)
REASONS = ("午餐", "培训", "会议", "coaching")


def people(count: int) -> dict[str, AgentConfig]:
    """Agents a1..aN with names of several lengths, in groups, each in two queues."""
    chance = random.Random(7)
    found = {}
    for n in range(1, count + 1):
        name = chance.choice(FAMILIES) + chance.choice(GIVEN) if n % 9 else f"{chance.choice(ENGLISH)} {n}"
        queues = tuple(f"q{place}" for place in sorted({n % len(QUEUES), n // 2 % len(QUEUES)}))
        found[f"a{n}"] = AgentConfig(id=f"a{n}", name=name, device=f"t-{n}", group=chance.choice(GROUPS), queues=queues)
    return found


@contextmanager
def thousand(browser: Browser, folder: Path, count: int = 1000, calls_per_second: float = 3) -> Iterator[Workplace]:
    """The company with its pages; `supervisor` and `admin` log in. Callers come by themselves, agents keep changing."""
    load = ("--numbers", ",".join(NUMBERS), "--calls-per-second", str(calls_per_second))
    ways = {"break_reasons": REASONS, "wrap_up_s": 20}
    with workplace(browser, folder, count, *load, change=_grow, **ways) as place, _shift(place):
        yield place


def _grow(config: TenantConfig) -> TenantConfig:
    return replace(
        config,
        version=2,
        agents=people(len(config.agents)),
        queues={f"q{place}": QueueConfig(id=f"q{place}", name=name) for place, name in enumerate(QUEUES)},
        numbers={number: NumberConfig(number=number, route=to_queue(f"q{n}")) for n, number in enumerate(NUMBERS)},
    )


@contextmanager
def _shift(place: Workplace) -> Iterator[None]:
    """Let everybody choose a first state, then somebody another one three times a second until the block ends."""
    chance, ended = random.Random(11), threading.Event()
    last = list(place.centre.config.agents)[-1]
    place.centre.wait("the last phone", lambda: place.centre.agent(last).registered, 120)
    for agent in place.centre.config.agents:
        _choose(place, agent, chance.choice(FIRST), chance)
    agents = list(place.centre.config.agents)

    def go_on() -> None:
        while not ended.wait(0.3):
            _choose(place, chance.choice(agents), chance.choice(FIRST), chance)

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _choose(place: Workplace, agent: str, state: AgentState, chance: random.Random) -> None:
    reason = chance.choice(REASONS) if state is AgentState.BREAK else ""
    try:
        place.centre.use.agents.choose_state(TENANT, agent, state, reason, "shift")
    except (RefusedError, StoreError):
        return  # a call came in between
