"""Sounds on disk, named by what they were made of: `SOUNDS_DIR/prompts/TENANT/RATE/SHA.wav`.

The switch is told `prompts/TENANT/SHA.wav`: mod_sndfile looks into the folder of the call's rate first, then into
those of the other rates (`sndfile_file_open` in FreeSWITCH's mod_sndfile.c), so every call gets the best fit.
Tenants have folders of their own: what one has made is never found by another.
"""

import io
import os
import re
import tempfile
import time
import wave
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tts.audio import Sound
from tts.audio_limits import RATES
from tts.default_music import music_file
from tts.engine import Engine, Language
from tts.errors import MissingFileError

PROMPTS = "prompts"
UPLOADS = "uploads"

TENANT = re.compile(r"[A-Za-z0-9_-]{1,64}")
SHA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Stored:
    """A sound on disk: length in milliseconds, bytes of all its files."""

    ms: int
    size: int


def sha_of_speech(engine: Engine, language: Language, voice: str, spoken: str) -> str:
    """Name the speech of a text in which no digit is left."""
    return sha256("\0".join((engine.name, language, voice, spoken)).encode()).hexdigest()


def sha_of_file(file: bytes) -> str:
    """Name what is made of a file."""
    return sha256(file).hexdigest()


class Sounds:
    """The sounds of all tenants. Raises ValueError for tenants and names that could leave a tenant's folder."""

    def __init__(self, folder: Path) -> None:
        """`folder` is SOUNDS_DIR."""
        self._folder = folder

    def file(self, tenant: str, sha: str, rate: int) -> Path:
        """Name the file of a sound at one rate."""
        return self._of(tenant) / str(rate) / f"{_checked(SHA, sha)}.wav"

    def default_music(self, rate: int) -> Path:
        """Name the file of the default music at one rate."""
        return music_file(self._folder, rate)

    def switch_path(self, tenant: str, sha: str) -> str:
        """Name a sound as switches do, below their sounds directory."""
        return f"{PROMPTS}/{_checked(TENANT, tenant)}/{_checked(SHA, sha)}.wav"

    def find(self, tenant: str, sha: str) -> Stored | None:
        """Find a sound that is there at every rate, and count it as used now."""
        files = [self.file(tenant, sha, rate) for rate in RATES]
        try:
            for file in files:
                os.utime(file)
            with wave.open(str(files[0])) as sound:
                ms = sound.getnframes() * 1000 // sound.getframerate()
            return Stored(ms, sum(file.stat().st_size for file in files))
        except FileNotFoundError:
            return None

    def put(self, tenant: str, sha: str, sound: Sound) -> Stored:
        """Write a sound; a file is there whole or not at all."""
        for rate, samples in sound.samples.items():
            _write_whole(self.file(tenant, sha, rate), _wav(rate, samples))
        stored = self.find(tenant, sha)
        if stored is None:
            raise FileNotFoundError(self.file(tenant, sha, RATES[0]))
        return stored

    def keep_upload(self, tenant: str, file: bytes) -> str:
        """Keep an uploaded file as it came, until it is converted; returns its name."""
        sha = sha_of_file(file)
        _write_whole(self._upload(tenant, sha), file)
        return sha

    def upload(self, tenant: str, sha: str) -> bytes:
        """Read an uploaded file; raises MissingFileError."""
        try:
            return self._upload(tenant, sha).read_bytes()
        except FileNotFoundError as missing:
            raise MissingFileError from missing

    def prune(self, tenant: str, used: Collection[str], older_s: float) -> int:
        """Remove a tenant's files that nobody uses and nobody touched for `older_s` seconds; returns their number."""
        before, removed = time.time() - older_s, 0
        for file in self._of(tenant).glob("*/*"):
            if file.stem not in used and file.stat().st_mtime < before:
                file.unlink(missing_ok=True)
                removed += 1
        return removed

    def _of(self, tenant: str) -> Path:
        return self._folder / PROMPTS / _checked(TENANT, tenant)

    def _upload(self, tenant: str, sha: str) -> Path:
        return self._of(tenant) / UPLOADS / _checked(SHA, sha)


def _checked(pattern: re.Pattern[str], name: str) -> str:
    if not pattern.fullmatch(name):
        raise ValueError(f"{name!r} names no sound")
    return name


def _wav(rate: int, samples: bytes) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)
    return made.getvalue()


def _write_whole(path: Path, content: bytes) -> None:
    """Write under the final name only when complete; the switch, another user, may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as part:
        try:
            part.write(content)
            part.flush()
            os.fchmod(part.fileno(), 0o644)
            os.replace(part.name, path)
        except BaseException:
            os.unlink(part.name)
            raise
