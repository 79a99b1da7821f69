"""What people do with recordings: listen, download, keep, delete; each is in the audit (REC-1)."""

import json
from collections.abc import Callable
from io import BufferedReader
from typing import NamedTuple

from peewee import Database

from orchestrator.database import recordings as rows
from orchestrator.database.audit import note_change
from orchestrator.database.models import Recording
from orchestrator.database.recordings import Status, UnknownRecordingError
from orchestrator.jobs import DELETE_RECORDING, Jobs
from orchestrator.recordings.errors import NotKeptError
from orchestrator.recordings.links import LINK_S, Grant, Links, Purpose
from orchestrator.recordings.store import Store
from webui.errors import NotFoundError, RecordingHeldError, RecordingNotStoredError

#: What is done with recordings is noted under.
AREA = "recordings"


class Link(NamedTuple):
    """A grant with its signature."""

    grant: Grant
    signature: str


class Sound(NamedTuple):
    """The file of a recording, open; `size` in bytes, `tag` names its content."""

    file: BufferedReader
    size: int
    tag: str


class Recordings:
    """One tenant's at a time. Raises NotFoundError for recordings that the tenant has not."""

    def __init__(self, database: Database, store: Store, links: Links, jobs: Jobs, now: Callable[[], int]) -> None:
        """`now` returns us UTC."""
        self._database, self._store, self._links, self._jobs, self._now = database, store, links, jobs, now

    def of_call(self, tenant: str, call: str) -> list[Recording]:
        """Return what was recorded of a call, in order."""
        return rows.recordings_of_call(tenant, call)

    def one(self, tenant: str, recording: str) -> Recording:
        """Return one recording."""
        try:
            return rows.recording_of(tenant, recording)
        except UnknownRecordingError as unknown:
            raise NotFoundError from unknown

    def link(self, tenant: str, recording: str, purpose: Purpose, by: str) -> Link:
        """Make a link that works for some minutes, and note who asked for it; raises RecordingNotStoredError."""
        self._key(self.one(tenant, recording))
        grant = Grant(tenant=tenant, recording=recording, purpose=purpose, expires=self._now() // 1_000_000 + LINK_S)
        note_change(tenant, AREA, recording, by, self._now(), None, {"act": purpose.value})
        return Link(grant, self._links.sign(grant))

    def sound(self, grant: Grant, signature: str) -> Sound:
        """Open what a link leads to; raises NotFoundError for links that are not ours, or are over."""
        if not self._links.holds(grant, signature, self._now() / 1_000_000):
            raise NotFoundError
        row = self.one(grant.tenant, grant.recording)
        key = self._key(row)
        try:
            return Sound(self._store.open(key), self._store.size(key), row.sha256 or "")
        except NotKeptError as lost:
            raise RecordingNotStoredError from lost

    def peaks(self, tenant: str, recording: str) -> list[list[int]]:
        """Return the waveform: the loudest sample (0-127) of equal parts, for each channel."""
        key = self._key(self.one(tenant, recording)).rpartition(".")[0] + ".json"
        try:
            with self._store.open(key) as file:
                found: list[list[int]] = json.load(file)
        except NotKeptError as lost:
            raise RecordingNotStoredError from lost
        return found

    def hold(self, tenant: str, recording: str, held: bool, by: str) -> Recording:
        """Keep a recording from being deleted, or no longer."""
        with self._database.atomic():
            before = self.one(tenant, recording)
            if not rows.hold_recording(tenant, recording, held):
                raise RecordingNotStoredError
            if before.held != held:
                note_change(tenant, AREA, recording, by, self._now(), {"held": before.held}, {"held": held})
        return self.one(tenant, recording)

    def delete(self, tenant: str, recording: str, by: str) -> None:
        """Delete a recording's files for ever; that it was, and who deleted it, stays. Raises RecordingHeldError."""
        row = self.one(tenant, recording)
        with self._database.atomic():
            if not rows.begin_deletion(tenant, recording, by, self._now()):
                raise RecordingHeldError if row.held else RecordingNotStoredError
            note_change(tenant, AREA, recording, by, self._now(), {"status": row.status}, None)
        self._jobs.add(DELETE_RECORDING, tenant, recording)

    def _key(self, row: Recording) -> str:
        if row.status != Status.STORED or row.key is None:
            raise RecordingNotStoredError
        return row.key
