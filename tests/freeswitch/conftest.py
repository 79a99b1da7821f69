"""A real FreeSWITCH for all tests of this folder, or the reason why there is none."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests.support.real_esl import EslClient
from tests.support.real_switch import DOMAIN, RealSwitch, find_freeswitch, why_missing
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Phone

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
