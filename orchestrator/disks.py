"""How much room is left where the processes write: told early, for what a full disk refuses has to wait."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from orchestrator.settings import Settings

MB = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What is left (bytes) for a place; `folder` is where it lies, or its nearest parent that is there already."""

    place: str
    folder: Path
    device: int
    free: int


def rooms(settings: Settings) -> list[Room]:
    """Look at every place that this machine's processes may write to."""
    return [_room(place, folder.absolute()) for place, folder in _places(settings)]


def scarce(settings: Settings) -> list[Room]:
    """Return the places with less room than `disk_free_mb`, each disk once."""
    found = {room.device: room for room in reversed(rooms(settings)) if room.free < settings.disk_free_mb * MB}
    return list(found.values())


def _places(settings: Settings) -> Iterator[tuple[str, Path]]:
    """A database server and a Redis of one's own look after their disks themselves."""
    yield "data", settings.data_dir
    database = urlsplit(settings.database_url)
    if database.scheme == "sqlite":
        yield "database", Path(unquote(database.path.removeprefix("/"))).parent
    redis = settings.data_dir / "redis"
    if redis.is_dir():
        yield "redis", redis
    yield "sounds", settings.sounds_dir
    yield "recordings", settings.recordings_dir
    yield "store", Path(unquote(urlsplit(settings.store_url).path))
    yield "temporary", Path(tempfile.gettempdir())


def _room(place: str, folder: Path) -> Room:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    disk = os.statvfs(there)
    return Room(place=place, folder=there, device=there.stat().st_dev, free=disk.f_bavail * disk.f_frsize)
