"""`zuoxi run`: everything on one machine, for development and demos."""

import os
import signal
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit

import click
from pydantic_settings import BaseSettings, SettingsConfigDict

from orchestrator.database.configuration import tenants
from orchestrator.database.migrate import migrate
from orchestrator.jobs import QueueName
from orchestrator.settings import Settings
from tts.default_music import write_default_sounds
from webui.cli.demo_data import DIALLED, agent_keys, device
from webui.cli.embedded_redis import embedded_redis
from webui.cli.errors import CommandError
from webui.cli.event_socket import SwitchError, check_switch, switch_addresses
from webui.cli.ports import LOOPBACK, require_free
from webui.cli.processes import Processes
from webui.cli.secret_files import make_data_dir
from webui.cli.setup_commands import LOGINS, add_demo_company, publish_tenant
from webui.cli.tools import Tools

#: Seconds the programs get to finish what they are at.
STOP_S = 10.0

#: Seconds until the pages should answer.
ANSWER_S = 60.0


class LauncherSettings(BaseSettings):
    """Settings of the simulated switch that `zuoxi run` brings: environment variables named ZUOXI_SIMULATOR_..."""

    model_config = SettingsConfigDict(env_prefix="ZUOXI_SIMULATOR_")

    port: int = 8022
    calls_per_second: float = 0.25


@click.command
@click.pass_obj
def run(tools: Tools) -> None:
    """Start everything on this machine, with a simulated switch unless ZUOXI_SWITCHES names real ones."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    launcher = LauncherSettings()
    _check(tools.settings, launcher)
    make_data_dir(tools.settings.data_dir)
    migrate(tools.database)
    write_default_sounds(tools.settings.sounds_dir)
    with _redis(tools.settings):
        if not tenants():
            add_demo_company(tools)
        for tenant in tenants():
            publish_tenant(tools, tenant)
        tools.database.close()
        ended = _supervise(tools.settings, launcher)
    if ended:
        raise CommandError(f"{ended[0]} ended (exit status {ended[1]}): its last lines say why. Everything is stopped.")
    click.echo("Everything is stopped.")


def _check(settings: Settings, launcher: LauncherSettings) -> None:
    """Find out at once what would fail later."""
    require_free(settings.web_host, settings.web_port, "the pages", "ZUOXI_WEB_PORT")
    redis = urlsplit(settings.redis_url)
    if redis.hostname in LOOPBACK:
        require_free("127.0.0.1", redis.port or 6379, "Redis", "ZUOXI_REDIS_URL")
    if not settings.switches:
        require_free("127.0.0.1", launcher.port, "the simulated switch", "ZUOXI_SIMULATOR_PORT")
    try:
        for address in switch_addresses(settings.switches):
            check_switch(address)
    except SwitchError as error:
        raise CommandError(str(error)) from error


@contextmanager
def _redis(settings: Settings) -> Iterator[None]:
    """Bring a Redis, unless the setting names one elsewhere."""
    url = urlsplit(settings.redis_url)
    local = url.hostname in LOOPBACK
    with embedded_redis(url.port or 6379, settings.data_dir / "redis") if local else nullcontext():
        yield


def _supervise(settings: Settings, launcher: LauncherSettings) -> tuple[str, int] | None:
    """Run the programs until one ends (its name and exit status) or until told to stop (None)."""
    processes = Processes()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, processes.interrupt)
    try:
        for name, command, env in _programs(settings, launcher):
            processes.start(name, [sys.executable, "-u", "-m", *command], {**os.environ, **env})
        processes.watch()
        threading.Thread(target=_announce, args=(settings,), daemon=True).start()
        return processes.wait()
    finally:
        processes.stop(STOP_S)


def _programs(settings: Settings, launcher: LauncherSettings) -> Iterator[tuple[str, list[str], dict[str, str]]]:
    """Name, arguments and further environment of each program."""
    env = {}
    if not settings.switches:
        password = settings.secret("esl_password")
        env = {"ZUOXI_SWITCHES": f"simulated=esl://:{password}@127.0.0.1:{launcher.port}"}
        yield "switch", _simulator(settings, launcher), {}
    yield "orchestrator", ["orchestrator"], env
    yield "reports", ["workers", QueueName.REPORTS], env  # exports take minutes: records must not wait for them
    yield "worker", ["workers", *(name for name in QueueName if name is not QueueName.REPORTS)], env
    yield "web", ["webui"], env
    if not settings.switches:
        yield "demo", ["webui.cli", "demo-shift"], env


def _simulator(settings: Settings, launcher: LauncherSettings) -> list[str]:
    keys = agent_keys()
    return [
        "simulator",
        *("--listen", f"127.0.0.1:{launcher.port}"),
        *("--password-file", str(settings.data_dir / "esl_password")),
        *("--domain", settings.sip_domain),
        *("--agents", str(len(keys)), "--first-agent", keys[0], "--user-format", device("{n}")),
        *("--numbers", ",".join(DIALLED)),
        *("--calls-per-second", str(launcher.calls_per_second)),
        "--write-recordings",
    ]


def _announce(settings: Settings) -> None:
    """Say where to look and who can log in, once the pages answer."""
    host = "127.0.0.1" if settings.web_host in ("0.0.0.0", "::") else settings.web_host
    url = f"http://{host}:{settings.web_port}"
    pause, waited = threading.Event(), 0.0
    while not _answers(f"{url}/healthz") and waited < ANSWER_S:
        pause.wait(0.3)
        waited += 0.3
    if waited >= ANSWER_S:
        click.echo(f"The pages at {url} do not answer: the lines of web say why.", err=True)
        return
    click.echo(f"\n{_logins(settings.data_dir)}\n\nZuoxi 坐席 is at {url}  (Ctrl-C stops everything)\n")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own address
            return int(answer.status) == 200
    except OSError:
        return False


def _logins(data_dir: Path) -> str:
    path = data_dir / LOGINS
    return path.read_text(encoding="utf-8").rstrip() if path.exists() else ""
