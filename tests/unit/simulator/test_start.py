"""Starting and stopping the simulated switch as a program."""

import json
import os
import signal
import socket
import subprocess
import sys

import pytest

from simulator.control import Behaviour
from tests.support.esl_client import MINIMAL_SUBSCRIPTION, EslClient
from tests.support.simulated_switch import simulated_switch


def _run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "simulator", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_port_in_use_is_said_in_one_sentence() -> None:
    """A port that is taken ends the program with status 2 and one sentence that says what to do (OPS-1)."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = _run("--listen", f"127.0.0.1:{port}", ZUOXI_ESL_PASSWORD="x")
    assert ended.returncode == 2
    assert ended.stderr.strip().endswith("Choose other addresses with --listen and --control.")
    assert len(ended.stderr.strip().splitlines()) == 1


def test_there_is_no_default_password() -> None:
    """Without a password in the environment or a file the program doesn't start (OPS-1)."""
    ended = _run("--password-env", "NO_SUCH_VARIABLE")
    assert ended.returncode == 2
    assert "no event socket password" in ended.stderr


def test_stops_cleanly_on_sigint(capfd: pytest.CaptureFixture[str]) -> None:
    """SIGINT with clients connected and a call up: status 0 and nothing on standard error (OPS-1)."""
    with simulated_switch() as switch, EslClient(switch.host, switch.port, switch.password):
        switch.control.place_call("13800138000", "4001")
        switch.process.send_signal(signal.SIGINT)
        assert switch.process.wait(timeout=10) == 0
    assert capfd.readouterr().err == ""


def test_load_mode_places_calls_once_somebody_listens() -> None:
    """Load mode announces its phones, waits for a subscriber, and places exactly the calls it was told to."""
    with simulated_switch(
        "--agents", "3", "--user-format", "t1-{n}", "--numbers", "4001", "--calls", "5",
        "--calls-per-second", "200", "--patience", "0.1..0.2", "--seed", "7",
    ) as switch, EslClient(switch.host, switch.port, switch.password) as client:  # fmt: skip
        assert '"reg_user":"t1-1001"' in client.api("show registrations as json")
        assert switch.control.counts()["placed"] == 0
        client.command(MINIMAL_SUBSCRIPTION)
        assert switch.control.wait_for(count="ended", at_least=5) == 5
        assert switch.control.counts()["lost"] == 5


def test_a_caller_is_answered_and_joined_to_an_agent() -> None:
    """The thin path of every call: park, answer, music, agent leg, bridge; the agent leaves, the caller parks."""
    with simulated_switch() as switch, EslClient(switch.host, switch.port, switch.password) as client:
        switch.control.set_phone("1001", Behaviour(after_ms=50, talk_ms=100))
        client.command(MINIMAL_SUBSCRIPTION)
        caller = switch.control.place_call("13800138000", "4001")
        client.expect("CHANNEL_PARK", caller)
        client.api(f"uuid_answer {caller}")
        client.execute(caller, "playback", "local_stream://default")
        job = client.bgapi("originate {ignore_early_media=true}user/1001@cc.local &park()")
        agent = client.expect("BACKGROUND_JOB", Job_UUID=job).body.split()[1]
        client.expect("CHANNEL_PARK", agent)
        assert client.api(f"uuid_bridge {caller} {agent}") == f"+OK {agent}\n"
        client.expect("CHANNEL_BRIDGE", caller)
        client.expect("CHANNEL_PARK", caller, Channel_State="CS_PARK")
        heard = ["silence", "ringing", "silence", "music", "silence", "bridge", "silence"]
        assert switch.control.leg(caller).sounds() == heard


def test_a_seed_makes_the_same_callers_whoever_is_called() -> None:
    """OPS-1: a load waits for its signal; the callers of a seed are the same, and its end is said with the figures."""

    def callers(*phones: str) -> list[tuple[str, str]]:
        load = (
            "--numbers", "4001,4002", "--calls", "4", "--calls-per-second", "200", "--patience", "0.1",
            "--seed", "7", "--wait-for-signal", *phones,
        )  # fmt: skip
        with simulated_switch(*load) as switch, EslClient(switch.host, switch.port, switch.password) as client:
            client.command(MINIMAL_SUBSCRIPTION)
            assert switch.control.counts()["placed"] == 0
            switch.process.send_signal(signal.SIGUSR1)
            parked = [client.expect("CHANNEL_PARK") for _ in range(4)]
            assert switch.process.stdout is not None
            over = switch.process.stdout.readline()
            assert json.loads(over.removeprefix(b"load over "))["ended"] == 4
            return [(event["Caller-Caller-ID-Number"], event["Caller-Destination-Number"]) for event in parked]

    alone = callers()
    assert len(set(alone)) == 4
    assert alone == callers("--agents", "3", "--user-format", "t1-{n}")
