"""What is wrong with a switch is said before anything is started."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.redis_server import free_port
from webui.cli.event_socket import SwitchAddress, SwitchError, check_switch, switch_addresses


@pytest.fixture
def switch_port() -> Iterator[int]:
    """A simulated switch whose password is ClueCon."""
    command = [sys.executable, "-m", "simulator", "--listen", "127.0.0.1:0", "--password-env", "PASSWORD"]
    with subprocess.Popen(command, env={"PASSWORD": "ClueCon"}, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = next(line for line in process.stdout if line.startswith("event socket on"))
        yield int(line.rpartition(":")[2])
        process.terminate()


@contextmanager
def _answering(text: bytes) -> Iterator[int]:
    """Something on a port that says `text` to whoever comes and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(text)

        thread = threading.Thread(target=answer)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def test_a_switch_that_lets_us_in_is_well(switch_port: int) -> None:
    """OPS-1: address and password fit."""
    check_switch(SwitchAddress("one", "127.0.0.1", switch_port, "ClueCon"))


def test_a_wrong_password_is_said_to_be_wrong(switch_port: int) -> None:
    """OPS-1: the sentence names the switch and where the password is set, and does not show it."""
    with pytest.raises(SwitchError, match=r"one .* refuses the password: .* ZUOXI_SWITCHES") as caught:
        check_switch(SwitchAddress("one", "127.0.0.1", switch_port, "not this"))
    assert "not this" not in str(caught.value)


def test_an_unreachable_switch_is_said_to_be_unreachable() -> None:
    """OPS-1: the sentence names address and setting."""
    port = free_port()
    with pytest.raises(SwitchError, match=f"one at 127.0.0.1:{port} cannot be reached"):
        check_switch(SwitchAddress("one", "127.0.0.1", port, "ClueCon"))


@pytest.mark.parametrize(
    ("greeting", "says"),
    [
        (b"Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n", "turns this host away"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "is no FreeSWITCH event socket"),
        (b"", "is no FreeSWITCH event socket"),
    ],
)
def test_what_is_no_open_event_socket_is_told_apart(greeting: bytes, says: str) -> None:
    """OPS-1: a switch that forbids our address, another program, a port that hangs up."""
    with _answering(greeting) as port, pytest.raises(SwitchError, match=says):
        check_switch(SwitchAddress("one", "127.0.0.1", port, "ClueCon"))


def test_addresses_are_read_from_the_setting() -> None:
    """OPS-1: several switches; the port may be left out; a password may be percent-encoded."""
    assert list(switch_addresses("a=esl://:p%40ss@10.0.0.1:8022 b=esl://:x@fs.example")) == [
        SwitchAddress("a", "10.0.0.1", 8022, "p@ss"),
        SwitchAddress("b", "fs.example", 8021, "x"),
    ]


@pytest.mark.parametrize("setting", ["a", "a=esl://host", "esl://:x@host", "a=http://:x@host", "a=esl://:x@host:port"])
def test_a_setting_that_makes_no_sense_is_an_error(setting: str) -> None:
    """OPS-1: ZUOXI_SWITCHES is named."""
    with pytest.raises(SwitchError, match="ZUOXI_SWITCHES"):
        list(switch_addresses(setting))
