"""The simulated switch misbehaves on command, and only then."""

import uuid
from collections.abc import Iterator

import pytest

from simulator.control import Behaviour, ControlError
from tests.support.esl_client import MINIMAL_SUBSCRIPTION, EslClient
from tests.support.simulated_switch import SimulatedSwitch, simulated_switch

PROTECTED = "park_after_bridge=true;hangup_after_bridge=false;uuid_bridge_park_on_cancel=true"
UNPROTECTED = PROTECTED.replace("true;hangup", "false;hangup").replace("cancel=true", "cancel=false")


@pytest.fixture(scope="module")
def running() -> Iterator[SimulatedSwitch]:
    """One switch for the module."""
    with simulated_switch() as switch:
        yield switch


@pytest.fixture
def switch(running: SimulatedSwitch) -> Iterator[SimulatedSwitch]:
    """A switch that behaves again after the test."""
    yield running
    running.control.behave()


@pytest.fixture
def client(switch: SimulatedSwitch) -> Iterator[EslClient]:
    """A subscribed connection."""
    with _connect(switch) as client:
        yield client
        client.close()


def _connect(switch: SimulatedSwitch) -> EslClient:
    client = EslClient(switch.host, switch.port, switch.password)
    client.command(MINIMAL_SUBSCRIPTION)
    return client


def _answered(switch: SimulatedSwitch, client: EslClient) -> str:
    leg = switch.control.place_call("13800138000", "4001")
    client.expect("CHANNEL_PARK", leg)
    client.api(f"uuid_answer {leg}")
    client.expect("CHANNEL_ANSWER", leg)
    return leg


def _agent(switch: SimulatedSwitch, client: EslClient) -> str:
    switch.control.set_phone("1001", Behaviour(after_ms=10))
    leg = str(uuid.uuid4())
    client.bgapi(f"originate {{origination_uuid={leg},ignore_early_media=true}}user/1001 &park()")
    client.expect("CHANNEL_PARK", leg)
    return leg


def test_lost_sockets_leave_calls_alone(switch: SimulatedSwitch, client: EslClient) -> None:
    """drop_sockets cuts every connection; calls and their music go on (SAFE-1)."""
    leg = _answered(switch, client)
    client.execute(leg, "playback", "local_stream://default")
    switch.control.wait_for(uuid=leg, hears="music")
    assert switch.control.drop_sockets() == 1
    with pytest.raises(ConnectionError):
        client.gather(5)
    assert switch.control.leg(leg).hears == "music"
    with _connect(switch) as second:
        assert second.api(f"uuid_kill {leg}") == "+OK\n"
        second.expect("CHANNEL_HANGUP_COMPLETE", leg)


def test_half_open(switch: SimulatedSwitch, client: EslClient) -> None:
    """A silent switch keeps the socket but answers nothing; a new connection works (SAFE-1)."""
    switch.control.be_silent()
    client.write("api echo hi\n\n")
    with pytest.raises(TimeoutError):
        client.read_frame(timeout=0.3)
    with _connect(switch) as second:
        assert second.api("echo yes") == "yes"
    switch.control.be_silent(silent=False)
    assert client.next_reply().body == "hi"


def test_death_and_restart(switch: SimulatedSwitch, client: EslClient) -> None:
    """After kill -9: another Core-UUID, no calls and no word about them, registrations kept (13d, SAFE-1)."""
    switch.control.set_phone("1001")
    leg = _answered(switch, client)
    before = client.api("global_getvar core_uuid")
    after = switch.control.die_and_restart(down_ms=50)
    with pytest.raises(ConnectionError):
        client.gather(5)
    assert "CHANNEL_HANGUP_COMPLETE" not in client.names(leg)
    assert switch.control.leg(leg).sounds()[-1] == "gone"
    with _connect(switch) as second:
        assert second.api("global_getvar core_uuid") == after != before
        assert second.api("show channels as json") == '{"row_count": 0}\n'
        assert '"reg_user":"1001"' in second.api("show registrations as json")


def test_doubled_events(switch: SimulatedSwitch, client: EslClient) -> None:
    """duplicate_every=1 delivers each event twice, with the same sequence number (SAFE-1)."""
    switch.control.misbehave(duplicate_every=1)
    leg = switch.control.place_call("13800138000", "4001")
    parks = [client.expect("CHANNEL_PARK", leg) for _ in range(2)]
    assert parks[0]["Event-Sequence"] == parks[1]["Event-Sequence"]
    switch.control.hang_up(leg)
    client.expect("CHANNEL_HANGUP_COMPLETE", leg)


def test_reordered_events_keep_each_legs_order(switch: SimulatedSwitch, client: EslClient) -> None:
    """reorder mixes channels; within one channel the sequence stays ascending (SAFE-1)."""
    switch.control.misbehave(reorder_ms=150)
    legs = [switch.control.place_call("13800138000", "4001") for _ in range(12)]
    for leg in legs:
        client.expect("CHANNEL_PARK", leg)
    for leg in legs:
        numbers = [int(event["Event-Sequence"]) for event in client.events if event.leg == leg]
        assert numbers == sorted(numbers)
    everything = [int(event["Event-Sequence"]) for event in client.events]
    assert everything != sorted(everything)
    client.api("hupall")


def test_late_originate_cannot_be_killed(switch: SimulatedSwitch, client: EslClient) -> None:
    """The kill-before-channel race: -ERR, and then the phone rings after all (04j, QUEUE-4)."""
    switch.control.set_phone("1001", Behaviour("no_answer"))
    switch.control.misbehave(originate_delay_ms=100)
    leg = str(uuid.uuid4())
    client.bgapi(f"originate {{origination_uuid={leg}}}user/1001 &park()")
    assert client.api(f"uuid_kill {leg} ORIGINATOR_CANCEL") == "-ERR No such channel!\n"
    client.expect("CHANNEL_PROGRESS", leg)
    assert client.api(f"uuid_kill {leg} ORIGINATOR_CANCEL") == "+OK\n"
    client.expect("CHANNEL_HANGUP_COMPLETE", leg)


def test_unprotected_caller_is_lost_in_the_race(switch: SimulatedSwitch, client: EslClient) -> None:
    """+OK, no CHANNEL_BRIDGE, and the caller is gone: what the park variables are for (06f, SAFE-1)."""
    leg, agent = _answered(switch, client), _agent(switch, client)
    client.api(f"uuid_setvar_multi {leg} {UNPROTECTED}")
    switch.control.misbehave(bridges=["second_dies"])
    assert client.api(f"uuid_bridge {leg} {agent}") == f"+OK {agent}\n"
    assert client.expect("CHANNEL_HANGUP_COMPLETE", leg)["Hangup-Cause"] == "ORIGINATOR_CANCEL"
    assert "CHANNEL_BRIDGE" not in client.names(leg)


def test_protected_caller_parks_again(switch: SimulatedSwitch, client: EslClient) -> None:
    """With all three variables the same race only parks the caller (06h, SAFE-1)."""
    leg, agent = _answered(switch, client), _agent(switch, client)
    switch.control.misbehave(bridges=["second_dies"])
    assert client.api(f"uuid_bridge {leg} {agent}") == f"+OK {agent}\n"
    assert client.expect("CHANNEL_PARK", leg, Channel_State="CS_PARK")
    client.api(f"uuid_kill {leg}")


def test_agent_leg_stuck_after_the_caller_died(switch: SimulatedSwitch, client: EslClient) -> None:
    """The second leg stays in CS_RESET without a word, until a transfer rescues it (06g, SAFE-1)."""
    leg, agent = _answered(switch, client), _agent(switch, client)
    switch.control.misbehave(bridges=["first_dies"])
    client.api(f"uuid_bridge {leg} {agent}")
    client.expect("CHANNEL_HANGUP_COMPLETE", leg)
    client.gather(0.1)
    assert switch.control.leg(agent).state == "CS_RESET"
    assert client.api(f"uuid_transfer {agent} park inline") == "+OK\n"
    client.expect("CHANNEL_PARK", agent)
    client.api(f"uuid_kill {agent}")


def test_bad_requests_change_nothing(switch: SimulatedSwitch) -> None:
    """Unknown actions, legs and faults are refused with a reason (API-1)."""
    placed = switch.control.counts()["placed"]
    for action, parameters in (
        ("fly", {}),
        ("leg", {"uuid": "nobody"}),
        ("misbehave", {"bridges": ["both_die"]}),
        ("place_call", {"caller": "1"}),
    ):
        with pytest.raises(ControlError):
            switch.control.request(action, **parameters)
    assert switch.control.counts()["placed"] == placed
