"""Telephones that others wrote, SIPp and baresip, as callers and agents. Each sends back the audio it receives.

Because they echo, whoever talks to them and hears the own voice knows that audio passes both ways.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.real_switch import DOMAIN, RealSwitch, free_ports

SCENARIOS = Path(__file__).parents[1] / "freeswitch" / "sipp"
BARESIP_CONFIG = """sip_listen 127.0.0.1:{port}
audio_player aubridge,loop
audio_source aubridge,loop
jitter_buffer_delay 2-10
module_path {modules}
module g711.so
module aubridge.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
"""
BARESIP_ACCOUNT = (
    '<sip:{user}@{domain}>;auth_pass={password};answermode=auto;outbound="sip:127.0.0.1:{server}";'
    "regint=60;audio_codecs=PCMU\n"
)


def missing(program: str) -> str | None:
    """Why a test can't run without `program`, None if it is there."""
    return None if shutil.which(program) else f"needs {program} on the PATH"


@contextmanager
def running(folder: Path, command: list[str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that is ended with the block; its output goes to a file in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "output.txt").open("ab") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(10)


@contextmanager
def sipp_call(switch: RealSwitch, folder: Path, number: str) -> Iterator["subprocess.Popen[bytes]"]:
    """SIPp calls `number` over the trunk; it ends with code 0 when it was hung up in good order."""
    port, media = free_ports(2)
    options = ["-sf", str(SCENARIOS / "call.xml"), "-s", number, "-m", "1"]
    with running(folder, [*_sipp(port, media), *options, f"127.0.0.1:{switch.trunk[1]}"]) as process:
        yield process


@contextmanager
def sipp_agent(switch: RealSwitch, folder: Path, user: str, password: str) -> Iterator[None]:
    """SIPp registered as `user`, answering every call at once."""
    port, media, sender = free_ports(3)
    folder.mkdir(parents=True, exist_ok=True)
    keys = {"user": user, "domain": DOMAIN, "contact_port": str(port)}
    settings = [part for name, value in keys.items() for part in ("-key", name, value)]
    server = f"127.0.0.1:{switch.phones[1]}"
    register = [*_sipp(sender, media), "-sf", str(SCENARIOS / "register.xml"), "-m", "1", *settings]
    register += ["-au", user, "-ap", password, server]
    subprocess.run(register, check=True, timeout=20, stdin=subprocess.DEVNULL, capture_output=True, cwd=folder)
    with running(folder, [*_sipp(port, media), "-sn", "uas", server]):
        yield


@contextmanager
def baresip_agent(switch: RealSwitch, folder: Path, user: str, password: str) -> Iterator[None]:
    """baresip registered as `user`, answering every call at once."""
    folder.mkdir(parents=True, exist_ok=True)
    config = BARESIP_CONFIG.format(port=free_ports(1)[0], modules=_baresip_modules(folder / "template"))
    (folder / "config").write_text(config)
    account = BARESIP_ACCOUNT.format(user=user, domain=DOMAIN, password=password, server=switch.phones[1])
    (folder / "accounts").write_text(account)
    with running(folder, ["baresip", "-f", str(folder)]):
        yield


def _sipp(port: int, media: int) -> list[str]:
    return ["sipp", "-nostdin", "-i", "127.0.0.1", "-p", str(port), "-mi", "127.0.0.1", "-mp", str(media), "-rtp_echo"]


def _baresip_modules(folder: Path) -> str:
    """Where this baresip keeps its modules: it writes that into the configuration it makes for a new folder."""
    subprocess.run(["baresip", "-f", str(folder), "-t", "1"], timeout=20, capture_output=True, check=False)
    lines = (folder / "config").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith("module_path"))
