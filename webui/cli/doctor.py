"""Is everything there that the processes stand on? Each failing line says what to do."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from peewee import PeeweeException
from redis import Redis
from redis.exceptions import RedisError

from orchestrator.database.migrate import pending_migrations
from orchestrator.database.sqlite_file import DatabaseGoneError
from orchestrator.disks import MB, rooms
from orchestrator.job_board import JobBoard
from orchestrator.settings import Settings
from tts.default_music import default_sounds
from tts.engine import Language
from tts.engines import make_engine
from tts.errors import SoundError
from tts.settings import SpeechSettings
from webui.cli.errors import redis_advice, without_password
from webui.cli.event_socket import SwitchError, check_switch, switch_addresses
from webui.cli.secret_files import SECRETS, too_open
from webui.cli.tools import Tools

#: XAUTOCLAIM and LMOVE, by which no event and no job is lost, came with it.
OLDEST_REDIS = (6, 2)

PAGES = Path(__file__).parents[1] / "static" / "index.html"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `advice` is what to do about it, empty when it is well."""

    what: str
    advice: str = ""


@click.command
@click.pass_obj
def doctor(tools: Tools) -> None:
    """Look at everything that the processes need; exit status 1 when something is wrong."""
    well = True
    for finding in examine(tools):
        well = well and not finding.advice
        mark = "ok  " if not finding.advice else "FAIL"
        click.echo(f"{mark} {finding.what}" + (f": {finding.advice}" if finding.advice else ""))
    if not well:
        raise SystemExit(1)


def examine(tools: Tools) -> Iterator[Finding]:
    """Look at one thing after the other."""
    yield from _files(tools.settings)
    yield from _disks(tools.settings)
    yield from _guarded(lambda: _redis(tools), f"Redis at {without_password(tools.settings.redis_url)}")
    where = without_password(tools.settings.database_url)
    yield from _guarded(lambda: _database(tools), f"database {where}")
    yield from _guarded(lambda: _jobs(tools.settings.redis_url), "workers")
    yield Finding("pages", "" if PAGES.exists() else "not built: `make run` or `npm run build` in webui/frontend")
    yield from _sounds(tools.settings.sounds_dir)
    yield from _speech()
    yield from _switches(tools.settings)


def _guarded(look: Callable[[], Iterator[Finding]], what: str) -> Iterator[Finding]:
    try:
        yield from look()
    except DatabaseGoneError as error:
        yield Finding(what, f"{error}: put it back from where it was moved, or from a backup; `zuoxi init` begins anew")
    except RedisError as error:
        yield Finding(what, f"{error}: {redis_advice(error)}")
    except PeeweeException as error:
        yield Finding(what, f"{str(error).strip() or type(error).__name__}: start the database, or correct the setting")


def _files(settings: Settings) -> Iterator[Finding]:
    data_dir = settings.data_dir
    if not data_dir.is_dir():
        yield Finding(f"data directory {data_dir}", "missing: run `zuoxi init`")
        return
    for path, mode in [(data_dir, "700"), *((data_dir / name, "600") for name in SECRETS)]:
        if not path.exists():
            yield Finding(f"{path}", "missing: run `zuoxi init`")
        else:
            yield Finding(f"{path}", f"others can read it: chmod {mode} {path}" if too_open(path) else "")


def _disks(settings: Settings) -> Iterator[Finding]:
    """Each disk once, with all that lies on it."""
    found = rooms(settings)
    for device in dict.fromkeys(room.device for room in found):
        there = [room for room in found if room.device == device]
        free, places = there[0].free // MB, ", ".join(room.place for room in there)
        low = free < settings.disk_free_mb
        advice = f"less than {settings.disk_free_mb} MB (ZUOXI_DISK_FREE_MB): make room; what a full disk refuses waits"
        yield Finding(f"{free} MB free for {places} at {there[0].folder}", advice if low else "")


def _redis(tools: Tools) -> Iterator[Finding]:
    version = str(tools.redis.info("server")["redis_version"])
    new = tuple(int(part) for part in version.split(".")[:2]) >= OLDEST_REDIS
    yield Finding(f"Redis {version}", "" if new else "too old: 6.2 or newer is needed")
    persistence = tools.redis.info("persistence")
    kept = persistence["aof_enabled"]
    yield Finding("Redis append-only file", "" if kept else "off: set `appendonly yes` and `appendfsync everysec`")
    if kept and persistence["aof_last_write_status"] != "ok":
        yield Finding("Redis' disk", "can't be written, so Redis takes no change and no call is served: make room now")
    policy = tools.redis.info("memory")["maxmemory_policy"]
    safe = policy == "noeviction"
    yield Finding("Redis memory policy", "" if safe else f"{policy}: set `maxmemory-policy noeviction`")


def _database(tools: Tools) -> Iterator[Finding]:
    pending = pending_migrations(tools.database)
    yield Finding("database tables", f"{', '.join(pending)} pending: run `zuoxi init`" if pending else "")


def _jobs(url: str) -> Iterator[Finding]:
    # RQ wants responses as bytes.
    with Redis.from_url(url) as redis:
        queues = JobBoard(redis).queues()
    idle = [queue.name for queue in queues if not queue.workers]
    dead = sum(queue.dead for queue in queues)
    yield Finding("workers", f"none serves {', '.join(idle)}: start `python -m workers`" if idle else "")
    again = "`zuoxi jobs list` says why; `zuoxi jobs replay --all` does them again"
    yield Finding("jobs", f"{dead} failed: {again}" if dead else "")


def _sounds(folder: Path) -> Iterator[Finding]:
    """The directory is made with the first sound: until then its nearest parent is what counts."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    usable = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    yield Finding(f"sounds in {folder}", "" if usable else f"{there} can't be written: correct ZUOXI_SOUNDS_DIR")
    lacking = [str(path) for path in default_sounds(folder) if not path.exists()]
    yield Finding("default music", f"{', '.join(lacking)} missing: run `zuoxi init`" if lacking else "")


def _speech() -> Iterator[Finding]:
    try:
        engine = make_engine(SpeechSettings())
        for language in Language:
            engine.check(language)
    except SoundError as lacking:
        yield Finding("speech engine", " ".join([lacking.id, *lacking.details.values()]) + ": see docs/speech.md")
    except ValueError as wrong:
        yield Finding("speech engine", f"{wrong}: see docs/speech.md")
    else:
        yield Finding(f"speech engine {engine.name}")


def _switches(settings: Settings) -> Iterator[Finding]:
    try:
        addresses = list(switch_addresses(settings.switches))
    except SwitchError as error:
        yield Finding("switches", str(error))
        return
    if not addresses:
        yield Finding("switches (none is set: `zuoxi run` brings a simulated one)")
    for address in addresses:
        try:
            check_switch(address)
        except SwitchError as error:
            yield Finding(f"switch {address.name}", str(error))
        else:
            yield Finding(f"switch {address.name} at {address.host}:{address.port}")
