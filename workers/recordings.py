"""Bringing what switches have recorded into the store (REC-1): checked, compressed, with its waveform."""

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

import structlog
from rq import get_current_job

from orchestrator.database.call_places import find_record
from orchestrator.database.models import Recording
from orchestrator.database.recordings import (
    UNSTORED,
    Kept,
    Kind,
    Status,
    begin_deletion,
    end_deletion,
    forgotten_recordings,
    mark_stored,
    mark_unstored,
    older_recordings,
    recording_of,
    retention,
    unfinished_deletions,
)
from orchestrator.domain.call_states import Outcome
from orchestrator.domain.message_rules import LEAST_S
from orchestrator.jobs import STORE_RECORDING, Jobs
from orchestrator.recordings.errors import BrokenSoundError, NotThereError
from orchestrator.recordings.sound import compress, peaks
from orchestrator.recordings.store import Store, checksum
from orchestrator.recordings.wav import Wav, read_wav
from orchestrator.store.news import News, voicemails_changed

DAY_US = 24 * 3600 * 1_000_000

#: What was not stored so long (us) after its call is enqueued again: its job was lost with Redis.
FORGOTTEN_US = 15 * 60 * 1_000_000

#: Recordings deleted at a time.
AT_ONCE = 500

#: Who deletes what is too old.
RETENTION = "retention"

#: Who deletes messages in which nothing is said.
EMPTY = "empty"

#: The loudest sample (0-127) of a line on which nobody speaks is below this.
QUIET = 3

#: Problem of a recording whose switch ended in the middle of it and left no file.
SWITCH_ENDED = "switch_ended"

#: A file may be so much shorter (ms) than the switch told before it counts as cut off.
SHORTER_MS = 1000


class RecordingKeeper:
    """Stores the files of recordings. Doing it twice, or being killed in between, changes nothing."""

    def __init__(self, folder: Path, store: Store, keep_wav: bool) -> None:
        """`folder` is where switches write; `keep_wav` keeps the file as it came beside the compressed one."""
        self._folder, self._store, self._keep_wav = folder, store, keep_wav
        self._log = structlog.get_logger("recordings")

    def keep(self, tenant: str, recording: str, now: int) -> None:
        """Store a recording unless it is stored or deleted, then remove the switch's file.

        Raises UnknownRecordingError; NotThereError, BrokenSoundError or OSError (a full disk), noted in its row, for a
        later try.
        """
        row = recording_of(tenant, recording)
        source = self._source(row)
        if row.status in UNSTORED and row.kind == Kind.VOICEMAIL and _is_empty(row, source):
            begin_deletion(tenant, recording, EMPTY, now)
            self.delete(tenant, recording)
            return
        if row.status in UNSTORED and not self._keep(row, source, now):
            return  # deleted meanwhile: whoever did has removed the files
        source.unlink(missing_ok=True)

    def delete(self, tenant: str, recording: str) -> None:
        """Remove what there is of a recording that is being deleted."""
        row = recording_of(tenant, recording)
        if row.status == Status.DELETING:
            self._forget(row.key, row.wav_key)
            self._source(row).unlink(missing_ok=True)
            end_deletion(tenant, recording)

    def _forget(self, *keys: str | None) -> None:
        for key in filter(None, keys):
            self._store.delete(key)
            self._store.delete(key.rpartition(".")[0] + ".json")

    def _source(self, row: Recording) -> Path:
        path = (self._folder / row.path).resolve()
        if not path.is_relative_to(self._folder.resolve() / row.tenant):
            raise ValueError(f"{row.path!r} is not in the folder of {row.tenant}")
        return path

    def _keep(self, row: Recording, source: Path, now: int) -> bool:
        try:
            kept = self._stored(row, read_wav(source))
        except (NotThereError, BrokenSoundError, OSError) as error:
            status, problem = _trouble(row, error)
            mark_unstored(row.tenant, row.recording, status, problem)
            self._log.warning("recording not stored", tenant=row.tenant, recording=row.recording, error=str(error))
            if problem == SWITCH_ENDED and _last_try():
                return False  # nobody can do anything about it: no dead letter
            raise
        if mark_stored(row.tenant, row.recording, kept, now):
            return True
        if recording_of(row.tenant, row.recording).status in (Status.DELETING, Status.DELETED):
            self._forget(kept.key, kept.wav_key)
            source.unlink(missing_ok=True)
        return False

    def _stored(self, row: Recording, wav: Wav) -> Kept:
        name = str(Path(row.path).with_suffix(""))
        with tempfile.TemporaryDirectory(prefix="zuoxi-") as folder:
            sound, wave = Path(folder) / "sound.ogg", Path(folder) / "peaks.json"
            compress(wav, sound)
            wave.write_text(json.dumps(peaks(wav), separators=(",", ":")))
            self._store.put(f"{name}.json", wave)
            self._store.put(f"{name}.ogg", sound)
            if self._keep_wav:
                self._store.put(f"{name}.wav", wav.path)
            return Kept(
                key=f"{name}.ogg",
                size=sound.stat().st_size,
                ms=wav.ms,
                channels=wav.channels,
                sha256=_checksum(sound),
                wav_key=f"{name}.wav" if self._keep_wav else None,
                wav_sha256=_checksum(wav.path) if self._keep_wav else None,
                problem=_problem(row, wav),
            )


def show_message(news: News, tenant: str, recording: str) -> None:
    """Tell pages that a recording which is a voicemail has come, or is none."""
    if recording_of(tenant, recording).kind == Kind.VOICEMAIL:
        news.tell(voicemails_changed(tenant))


def _trouble(row: Recording, error: Exception) -> tuple[Status, str]:
    """Return what a recording that was not stored is now, and why: the page says so in words."""
    if isinstance(error, BrokenSoundError):
        return Status.BROKEN, error.id
    if isinstance(error, NotThereError):
        record = find_record(row.tenant, row.call)
        return Status.MISSING, SWITCH_ENDED if record and record.outcome == Outcome.LOST else error.id
    return Status.EXPECTED, "storage"


def _last_try() -> bool:
    job = get_current_job()
    return job is not None and not job.retries_left


def _problem(row: Recording, wav: Wav) -> str:
    return "short" if row.told_ms and wav.ms + SHORTER_MS < row.told_ms else ""


def _is_empty(row: Recording, source: Path) -> bool:
    """Tell whether a message is none: the caller hung up at the tone, or has said nothing."""
    least_ms = LEAST_S * 1000 if row.least_ms is None else row.least_ms
    if row.told_ms is not None and row.told_ms <= least_ms:
        return True
    try:
        wav = read_wav(source)
    except NotThereError:
        return row.started is None
    except BrokenSoundError:
        return row.told_ms is None  # the folder was made, and nothing was recorded
    return wav.ms <= least_ms or max(max(channel) for channel in peaks(wav)) < QUIET


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return checksum(file)


def store_later(tenant: str, recordings: Iterable[str]) -> None:
    """Enqueue the storing of recordings whose calls have ended.

    Whoever dies before this does the whole job again, and `care_for_all` finds what was lost with Redis.
    """
    job = get_current_job()
    if job is not None:
        add_to_store(Jobs(job.connection), tenant, recordings)


def add_to_store(jobs: Jobs, tenant: str, recordings: Iterable[str]) -> None:
    """Enqueue the storing of recordings, each once as long as its job is there."""
    for recording in recordings:
        jobs.add(STORE_RECORDING, tenant, recording, job_id=f"recording_{tenant}_{recording}")


def care_for_all(keeper: RecordingKeeper, jobs: Jobs, now: int) -> None:
    """For every tenant: delete what is too old, end deletions that were begun, enqueue what nobody has stored.

    `now` is us UTC. Doing it again, or beside another, changes nothing.
    """
    for tenant, days in retention():
        if days:
            _delete_older(tenant, now - days * DAY_US, now)
        for recording in unfinished_deletions(tenant):
            keeper.delete(tenant, recording)
        add_to_store(jobs, tenant, forgotten_recordings(tenant, now - FORGOTTEN_US))


def _delete_older(tenant: str, before: int, now: int) -> None:
    while some := older_recordings(tenant, before, AT_ONCE):
        for recording in some:
            begin_deletion(tenant, recording, RETENTION, now)
