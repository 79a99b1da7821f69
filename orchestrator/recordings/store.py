"""Where recordings and exports are kept, named by a URL.

Folders now; another kind of store is another class and a line below.
"""

import os
import re
import shutil
import tempfile
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from orchestrator.recordings.errors import NotKeptError

#: Keys look like `TENANT/20261128/UUID.ogg`: ids only, so that none leaves its tenant's folder.
KEY = re.compile(r"[A-Za-z0-9_-]{1,64}/[0-9]{8}/[0-9a-f-]{36}\.(ogg|wav|json|csv|xlsx)")


class Store(Protocol):
    """Keeps files by keys. Raises ValueError for keys that could leave a tenant's folder."""

    def put(self, key: str, source: Path) -> None:
        """Keep a copy of a file: whole, or not at all; what was under the key is replaced."""

    def open(self, key: str) -> BufferedReader:
        """Open what is kept, to be read from any place; raises NotKeptError."""

    def size(self, key: str) -> int:
        """Return the length in bytes; raises NotKeptError."""

    def delete(self, key: str) -> None:
        """Forget a key, whether it is there or not."""


class FolderStore:
    """Keeps files below a folder that workers and web processes share."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made when the first file comes."""
        self._folder = folder

    def put(self, key: str, source: Path) -> None:
        """Copy beside the final name, reach the disk, then take that name."""
        path = self._path(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as part:
            try:
                with source.open("rb") as whole:
                    shutil.copyfileobj(whole, part)
                part.flush()
                os.fsync(part.fileno())
                os.replace(part.name, path)
            except OSError as error:
                os.unlink(part.name)
                raise OSError(error.errno, error.strerror or str(error), str(path.parent)) from error
            except BaseException:
                os.unlink(part.name)
                raise

    def open(self, key: str) -> BufferedReader:
        """Open the file."""
        try:
            return self._path(key).open("rb")
        except FileNotFoundError as missing:
            raise NotKeptError(key) from missing

    def size(self, key: str) -> int:
        """Ask the file system."""
        try:
            return self._path(key).stat().st_size
        except FileNotFoundError as missing:
            raise NotKeptError(key) from missing

    def delete(self, key: str) -> None:
        """Remove the file; its folders stay."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ValueError(f"{key!r} names nothing that is kept")
        return self._folder / key


def checksum(file: BufferedReader) -> str:
    """Return the SHA-256 of what a file holds, in hex."""
    return file_digest(file, "sha256").hexdigest()


def open_store(url: str) -> Store:
    """Open the store of a URL: `file:///FOLDER`; raises ValueError for other kinds."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc or not parts.path.startswith("/"):
        raise ValueError(f"recordings_store is {url!r}: use file:///FOLDER")
    return FolderStore(Path(unquote(parts.path)))
