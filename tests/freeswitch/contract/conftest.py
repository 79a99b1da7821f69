"""Each scenario runs on the simulated switch, and on a real FreeSWITCH wherever one is installed."""

import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from tests.freeswitch.contract.endpoints import AGENTS, Endpoints, RealEndpoints, SimulatedEndpoints
from tests.support.esl_client import MINIMAL_SUBSCRIPTION, EslClient
from tests.support.real_switch import DOMAIN, RealSwitch, find_freeswitch, why_missing
from tests.support.simulated_switch import SimulatedSwitch, simulated_switch
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Phone

FALLBACK_AFTER = 2


@dataclass
class SwitchUnderTest:
    """A switch and the people around it."""

    host: str
    port: int
    password: str
    domain: str
    ends: Endpoints

    def connect(self, *, log_in: bool = True) -> EslClient:
        """A new event socket connection."""
        return EslClient(self.host, self.port, self.password if log_in else None)


@pytest.fixture(scope="session")
def _simulated() -> Iterator[SimulatedSwitch]:
    with simulated_switch("--dead-man-seconds", str(FALLBACK_AFTER), tick_ms=20) as switch:
        yield switch


class RealSetUp(Protocol):
    """A running real switch with its carrier."""

    switch: RealSwitch
    loop: SipLoop
    carrier: Phone


@dataclass
class _RealSetUp:
    switch: RealSwitch
    loop: SipLoop
    carrier: Phone


@pytest.fixture(scope="session")
def _real(tmp_path_factory: pytest.TempPathFactory, sip_loop: SipLoop) -> Iterator[RealSetUp]:
    if find_freeswitch() is None:
        pytest.skip(why_missing())
    settings = {"FALLBACK_AFTER": str(FALLBACK_AFTER)}
    switch = RealSwitch(tmp_path_factory.mktemp("contract"), settings)
    switch.prepare()
    switch.add_users([(user, f"secret-{user}") for user in AGENTS])
    carrier = Phone(sip_loop, "carrier", "", switch.trunk, DOMAIN, 1300)
    switch.add_trunk("pstn", carrier.address[1])
    switch.start()
    yield _RealSetUp(switch, sip_loop, carrier)
    carrier.close()
    switch.stop()


@pytest.fixture(params=["simulated", "real"])
def subject(request: pytest.FixtureRequest) -> Iterator[SwitchUnderTest]:
    """The switch that the scenario is run against."""
    if request.param == "simulated":
        simulated: SimulatedSwitch = request.getfixturevalue("_simulated")
        ends = SimulatedEndpoints(simulated.control)
        for user in AGENTS:
            simulated.control.set_phone(user, registered=False)
        yield SwitchUnderTest(simulated.host, simulated.port, simulated.password, "cc.local", ends)
        return
    real: RealSetUp = request.getfixturevalue("_real")
    phones = RealEndpoints(real.loop, real.switch.phones, real.switch.trunk, DOMAIN, real.carrier)
    yield SwitchUnderTest(*real.switch.esl, real.switch.password, DOMAIN, phones)
    phones.close()


@pytest.fixture
def ends(subject: SwitchUnderTest) -> Endpoints:
    """The people around the switch."""
    return subject.ends


@pytest.fixture
def esl(subject: SwitchUnderTest) -> Iterator[EslClient]:
    """A connection with the minimal subscription; every call is ended afterwards."""
    with subject.connect() as client:
        assert client.command(MINIMAL_SUBSCRIPTION).reply == "+OK event listener enabled plain"
        yield client
        client.api("hupall NORMAL_CLEARING")
        while client.api("show channels count").strip() != "0 total.":
            client.gather(0.02)


@pytest.fixture(scope="session")
def prompt(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], str]:
    """Makes a quiet prompt of so many milliseconds; its path is told without the folder `below` that it is in."""
    folder: Path = tmp_path_factory.mktemp("prompts")

    def make(milliseconds: int, below: str = "") -> str:
        path = folder / below / f"p{milliseconds}.wav"
        path.parent.mkdir(exist_ok=True)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(bytes(16 * milliseconds))
        return str(folder / path.name)

    return make
