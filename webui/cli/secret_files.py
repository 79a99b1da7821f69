"""Generated secrets: files of the data directory that only their owner can read."""

import os
import secrets
from pathlib import Path

#: `secret_key` signs sessions; `esl_password` opens the event socket of a switch of our own; `directory_secret` is
#: what a switch shows to be told of phones; `media_secret` signs links to recordings;
#: what webhooks are signed with is made of `webhook_secret`.
SECRETS = ("secret_key", "esl_password", "directory_secret", "media_secret", "webhook_secret")


def make_data_dir(data_dir: Path) -> list[str]:
    """Make the data directory and the secrets that are missing; return the names of those made."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [name for name in SECRETS if write_secret(data_dir / name, secrets.token_urlsafe(32))]


def write_secret(path: Path, text: str) -> bool:
    """Write a file with mode 0600 unless it exists; tell whether it was written."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    return True


def too_open(path: Path) -> bool:
    """Tell whether others than the owner may read or change a file or directory."""
    return bool(path.stat().st_mode & 0o077)
