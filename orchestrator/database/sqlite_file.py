"""SQLite in a file that may be renamed, removed or exchanged while processes have it open."""

import os
from pathlib import Path
from typing import Any

from peewee import OperationalError, SqliteDatabase

MEMORY = ":memory:"

#: With less room (bytes) on its disk a batch of events, or what SQLite keeps beside the file, may not fit.
LEAST_ROOM = 8_000_000

#: What tells one file from another: device and inode.
FileId = tuple[int, int]


class DatabaseGoneError(OperationalError):
    """The file is not the one that was there: what would be written now would be lost."""


class FileDatabase(SqliteDatabase):
    """Makes no file unless told, and writes into the one that it has met first alone, as long as that is in its place.

    A file that was renamed or removed stays open, and all that is written into it is gone at the next start. So it is
    looked for before each transaction. Once it is back work goes on; another one in its place would be mixed with what
    SQLite keeps beside it of the first (`-wal`): it is not touched until the process is started again.
    """

    def __init__(self, path: str, **options: Any) -> None:  # noqa: ANN401 - peewee's own
        """`path` is a file, or `:memory:`; nothing is opened yet."""
        super().__init__(path, **options)
        self._met: FileId | None = None

    def make_file(self) -> None:
        """Make an empty file, in a folder that may be missing too, unless there is one."""
        if self.database != MEMORY:
            Path(self.database).parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.database, os.O_RDWR | os.O_CREAT, 0o644))

    def connect(self, reuse_if_open: bool = False) -> Any:  # noqa: ANN401 - peewee's own
        """Connect; raises DatabaseGoneError."""
        self._look()
        return super().connect(reuse_if_open)

    def begin(self, lock_type: str | None = None) -> None:
        """Begin a transaction; raises DatabaseGoneError."""
        self._look()
        super().begin(lock_type)

    def rollback(self) -> None:
        """Roll back; SQLite has done so itself when the disk is full, and its reason is what must be told."""
        if self.is_closed() or self.connection().in_transaction:  # type: ignore[no-untyped-call]
            super().rollback()

    def has_room(self) -> bool:
        """Tell whether there is room to write; raises DatabaseGoneError."""
        self._look()
        if self.database == MEMORY:
            return True
        disk = os.statvfs(self.database)
        return disk.f_bavail * disk.f_frsize >= LEAST_ROOM

    def execute_sql(self, sql: str, params: Any = None) -> Any:  # noqa: ANN401 - peewee's own
        """Run a statement; raises DatabaseGoneError, never within a transaction."""
        if not self.in_transaction():
            self._look()
        return super().execute_sql(sql, params)  # type: ignore[no-untyped-call]

    def _look(self) -> None:
        if self.database == MEMORY:
            return
        try:
            found = os.stat(self.database)
        except FileNotFoundError as gone:
            raise DatabaseGoneError(f"there is no database file {self.database}") from gone
        there = found.st_dev, found.st_ino
        self._met = self._met or there
        if there != self._met:
            raise DatabaseGoneError(f"another file than the one that was opened lies at {self.database}")
