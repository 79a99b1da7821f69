"""A private FreeSWITCH for tests: freeswitch-conf on free ports in a folder of its own, ended by its process id."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.support.real_esl import EslClient
from tests.support.sip_message import a1_hash
from tts.default_music import write_default_sounds

CONF = Path(__file__).parents[2] / "freeswitch-conf"
DOMAIN = "zuoxi.local"
FOLDERS = ("log", "db", "run", "recordings", "certs", "storage", "cache", "users", "trunks")
PORTS = ("ESL_PORT", "PHONE_SIP_PORT", "TRUNK_SIP_PORT", "WS_PORT", "WSS_PORT")
USER = '<user id="{user}"><params><param name="a1-hash" value="{hash}"/></params></user>\n'
GATEWAY = (
    '<gateway name="{name}"><param name="proxy" value="127.0.0.1:{port}"/>'
    '<param name="realm" value="127.0.0.1:{port}"/><param name="username" value="{name}"/>'
    '<param name="password" value="unused"/><param name="register" value="false"/>'
    '<param name="caller-id-in-from" value="true"/></gateway>\n'
)


def find_freeswitch() -> Path | None:
    """The freeswitch program: in FREESWITCH_HOME, else on the PATH."""
    home = os.environ.get("FREESWITCH_HOME")
    if home:
        found = Path(home) / "bin" / "freeswitch"
        return found if found.is_file() else None
    on_path = shutil.which("freeswitch")
    return Path(on_path) if on_path else None


def why_missing() -> str:
    """What to say when `find_freeswitch` found nothing."""
    home = os.environ.get("FREESWITCH_HOME")
    if home:
        return f"FREESWITCH_HOME={home} has no bin/freeswitch"
    return "needs an installed FreeSWITCH: set FREESWITCH_HOME or put freeswitch on the PATH"


def free_ports(count: int) -> list[int]:
    """Ports that are free for both TCP and UDP on loopback right now."""
    pairs: list[tuple[socket.socket, socket.socket]] = []
    while len(pairs) < count:
        tcp, udp = socket.socket(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        tcp.bind(("127.0.0.1", 0))
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            tcp.close()
            udp.close()
            continue
        pairs.append((tcp, udp))
    ports = [tcp.getsockname()[1] for tcp, _ in pairs]
    for sock in (one for pair in pairs for one in pair):
        sock.close()
    return ports


@dataclass
class RealSwitch:
    """One FreeSWITCH process. `settings` are further ZUOXI_... variables, named without the prefix.

    Usable as a context manager: started on entry, ended on exit.
    """

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    conf: Path = CONF
    password: str = "only-for-this-test-run"
    ports: dict[str, int] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    startup_log: str = ""

    def __enter__(self) -> Self:
        self.prepare()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def esl(self) -> tuple[str, int]:
        """Address of the event socket."""
        return ("127.0.0.1", self.ports["ESL_PORT"])

    @property
    def phones(self) -> tuple[str, int]:
        """Where agents' phones register."""
        return ("127.0.0.1", self.ports["PHONE_SIP_PORT"])

    @property
    def trunk(self) -> tuple[str, int]:
        """Where callers come in."""
        return ("127.0.0.1", self.ports["TRUNK_SIP_PORT"])

    @property
    def log(self) -> str:
        """Everything logged so far."""
        return (self.folder / "log" / "freeswitch.log").read_text(errors="replace")

    def prepare(self) -> None:
        """Make the folders and the default sounds, and choose ports."""
        for name in FOLDERS:
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        write_default_sounds(self.folder / "sounds")
        self.ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))

    def add_users(self, users: Iterable[tuple[str, str]]) -> None:
        """Let these (user, password) register; before the start, or followed by `api reloadxml`."""
        (self.folder / "users").mkdir(parents=True, exist_ok=True)
        for user, password in users:
            text = USER.format(user=user, hash=a1_hash(user, DOMAIN, password))
            (self.folder / "users" / f"{user}.xml").write_text(text)

    def add_trunk(self, name: str, port: int) -> None:
        """A gateway to a carrier on loopback; before the start."""
        (self.folder / "trunks").mkdir(parents=True, exist_ok=True)
        (self.folder / "trunks" / f"{name}.xml").write_text(GATEWAY.format(name=name, port=port))

    def start(self, timeout: float = 20.0) -> None:
        """Start the process and wait until its SIP profiles answer.

        Raises RuntimeError with the end of the log when it exits or isn't ready in `timeout` seconds.
        """
        binary = find_freeswitch()
        if binary is None:
            raise RuntimeError(why_missing())
        output = (self.folder / "log" / "output.txt").open("ab")
        self.process = subprocess.Popen(
            [str(binary), "-nf", "-c", "-nonat", *self._folder_options()],
            env=os.environ | self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=self.folder,
        )
        output.close()
        self._wait_until_ready(timeout)

    def kill(self) -> None:
        """End it as a crash does."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
            self.process = None

    def stop(self) -> None:
        """End it; politeness would cost four seconds and prove nothing."""
        self.kill()

    def connect(self) -> EslClient:
        """A new authenticated event socket client."""
        return EslClient(self.esl, self.password)

    def _environment(self) -> dict[str, str]:
        values = {name: str(port) for name, port in self.ports.items()}
        values |= {"ESL_PASSWORD": self.password, "SIP_DOMAIN": DOMAIN}
        values |= {"USERS_DIR": str(self.folder / "users"), "TRUNKS_DIR": str(self.folder / "trunks")}
        return {f"ZUOXI_{name}": value for name, value in (values | self.settings).items()}

    def _folder_options(self) -> list[str]:
        given = {"-conf": self.conf, "-sounds": self.folder / "sounds", "-temp": self.folder}
        given |= {f"-{name}": self.folder / name for name in FOLDERS if name not in ("users", "trunks")}
        return [str(part) for option in given.items() for part in option]

    def _wait_until_ready(self, timeout: float) -> None:
        pause, deadline = threading.Event(), time.monotonic() + timeout
        while time.monotonic() < deadline and self.process and self.process.poll() is None:
            try:
                with self.connect() as client:
                    if client.api("sofia status").count("RUNNING") >= 2:
                        self.startup_log = self.log
                        return
            except OSError:
                pass  # the event socket is not open yet
            pause.wait(0.05)
        raise RuntimeError(f"FreeSWITCH is not ready after {timeout} s:\n{self.log[-3000:]}")
