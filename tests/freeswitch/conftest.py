"""A real FreeSWITCH for all tests of this folder, or the reason why there is none."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.chromium import chromium
from tests.support.real_centre import RealCentre, company
from tests.support.real_desk import Desk
from tests.support.real_esl import EslClient
from tests.support.real_switch import DOMAIN, RealSwitch, find_freeswitch, why_missing
from tests.support.real_talk import desk_phone
from tests.support.real_trunk import Trunked, trunked_switch
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Manner, Phone

USERS = [(str(number), f"secret-{number}") for number in range(1001, 1011)]
FALLBACK_AFTER = 2


@pytest.fixture(scope="session")
def switch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealSwitch]:
    """A running FreeSWITCH with the users of USERS; callers fall back after FALLBACK_AFTER seconds."""
    if find_freeswitch() is None:
        pytest.skip(why_missing())
    switch = RealSwitch(tmp_path_factory.mktemp("freeswitch"), {"FALLBACK_AFTER": str(FALLBACK_AFTER)})
    switch.prepare()
    switch.add_users(USERS)
    switch.start()
    yield switch
    switch.stop()


@pytest.fixture(scope="session")
def sip_loop() -> Iterator[SipLoop]:
    """The thread that serves all phones."""
    loop = SipLoop()
    yield loop
    loop.close()


@pytest.fixture
def esl(switch: RealSwitch) -> Iterator[EslClient]:
    """A subscribed event socket connection."""
    with switch.connect() as client:
        yield client.subscribe()
        client.hang_up_everything()


@pytest.fixture
def phone(switch: RealSwitch, sip_loop: SipLoop) -> Iterator[Callable[[str], Phone]]:
    """Makes phones of the users in USERS, not yet registered, each with a tone of its own."""
    made: list[Phone] = []
    tones = count(620, 130)

    def make(user: str, password: str | None = None) -> Phone:
        password = password or dict(USERS).get(user, "")
        made.append(Phone(sip_loop, user, password, switch.phones, DOMAIN, next(tones)))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def caller(switch: RealSwitch, sip_loop: SipLoop) -> Iterator[Phone]:
    """A customer's telephone beyond the trunk."""
    with Phone(sip_loop, "13800138000", "", switch.trunk, DOMAIN, 450) as phone:
        yield phone


@pytest.fixture(scope="session")
def long_switch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealSwitch]:
    """A switch with the usual fallback time, so that a restarted orchestrator comes before it."""
    if find_freeswitch() is None:
        pytest.skip(why_missing())
    switch = RealSwitch(tmp_path_factory.mktemp("switch"))
    switch.add_users(USERS)
    with switch:
        yield switch


@pytest.fixture(scope="session")
def trunked(tmp_path_factory: pytest.TempPathFactory, sip_loop: SipLoop) -> Iterator[Trunked]:
    """A switch with a trunk, and the telephone behind it."""
    if find_freeswitch() is None:
        pytest.skip(why_missing())
    with trunked_switch(tmp_path_factory.mktemp("trunked"), sip_loop, USERS[:2]) as running:
        yield running


@pytest.fixture
def outside(trunked: Trunked) -> Phone:
    """The telephone behind the trunk. It rings until it is picked up."""
    return trunked.outside.behave(Manner(answer_after=None))


@pytest.fixture
def centre(long_switch: RealSwitch, tmp_path: Path) -> Iterator[RealCentre]:
    """Zuoxi with one queue and the agent a1, whose phone is user 1001."""
    with company(long_switch, tmp_path, ("1001",)) as centre:
        yield centre


@pytest.fixture
def agent(long_switch: RealSwitch, sip_loop: SipLoop) -> Iterator[Phone]:
    """The agent's phone, registered; it rings until somebody picks up."""
    with desk_phone(long_switch, sip_loop, "1001", 620) as phone:
        yield phone


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium with a beeping microphone."""
    with chromium() as running:
        yield running


@pytest.fixture
def page(desk: Desk, browser: Browser) -> Iterator[Page]:
    """The agent's page, phone ready, agent online."""
    page = desk.open(browser)
    desk.centre.online("a1")
    yield page
    page.context.close()
    desk.quiet()
