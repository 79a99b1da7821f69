"""Why a job failed, from what its last try ended with: an id that has words saying what to do about it."""

import re
from enum import StrEnum

#: How a traceback's last part begins: the exception's class, and what it says.
_RAISED = re.compile(r"([\w.]+)(?:: (.*))?", re.DOTALL)

#: The ids of `orchestrator.postman.failure_of`, which stand before what an e-mail's try ended with.
_MAIL = re.compile(r"(login|tls|recipient|sender|refused|timeout|connection)\b")

#: What systems and databases say when there is no room: errno ENOSPC and EDQUOT, SQLite, PostgreSQL.
_FULL = re.compile(r"\[Errno (28|122)\]|disk is full|[Nn]o space left|could not extend file")

#: What systems and SQLite say when something may not be written: errno EACCES, EPERM and EROFS.
_LOCKED_OUT = re.compile(r"\[Errno (1|13|30)\]|readonly database|unable to open database file")


#: A path from the root with a folder at least; of an address (`https://...`) nothing looks like one.
_PATH = re.compile(r"(?<![\w:/.])/(?:[^\s/'\":,;()]+/)+")


class Cause(StrEnum):
    """Why a job failed."""

    KILLED = "killed"
    OVERTIME = "overtime"
    DATABASE = "database"
    DATABASE_GONE = "database_gone"
    DATABASE_BUSY = "database_busy"
    REDIS = "redis"
    DISK_FULL = "disk_full"
    NOT_WRITABLE = "not_writable"
    FILE_MISSING = "file_missing"
    MAIL_SETTINGS = "mail_settings"
    MAIL_LOGIN = "mail_login"
    MAIL_TLS = "mail_tls"
    MAIL_RECIPIENT = "mail_recipient"
    MAIL_SENDER = "mail_sender"
    MAIL_REFUSED = "mail_refused"
    MAIL_TIMEOUT = "mail_timeout"
    MAIL_CONNECTION = "mail_connection"
    OTHER = "other"


#: By the exception's class, without its module.
_CLASSES = {
    "JobTimeoutException": Cause.OVERTIME,
    "DatabaseGoneError": Cause.DATABASE_GONE,
    "OperationalError": Cause.DATABASE,
    "InterfaceError": Cause.DATABASE,
    "MaxConnectionsExceeded": Cause.DATABASE_BUSY,
    "NotThereError": Cause.FILE_MISSING,
    "FileNotFoundError": Cause.FILE_MISSING,
}


def cause_of(function: str, error: str) -> Cause:
    """Return why a job of a function failed; `error` is what `last_words` gave, empty where its worker was killed."""
    found = _RAISED.match(error)
    if not found or "AbandonedJobError" in error:
        return Cause.KILLED
    name, said = found[1], found[2] or ""
    if _FULL.search(said):
        return Cause.DISK_FULL
    if _LOCKED_OUT.search(said):
        return Cause.NOT_WRITABLE
    if function.endswith(".send_mail"):
        return _mail(name, said)
    if name.startswith("redis."):
        return Cause.REDIS
    cause = _CLASSES.get(name.rpartition(".")[2], Cause.OTHER)
    return Cause.DATABASE_BUSY if cause is Cause.DATABASE and "locked" in said else cause


def _mail(name: str, said: str) -> Cause:
    told = _MAIL.match(said) if name.endswith("NotTakenError") else None
    if told:
        return Cause(f"mail_{told[1]}")
    return Cause.MAIL_SETTINGS if name == "ValueError" else _CLASSES.get(name.rpartition(".")[2], Cause.OTHER)


def last_words(traceback: str) -> str:
    """Return what a traceback ends with, on one line: the exception's class and all that it says."""
    lines = traceback.strip().splitlines()
    frames = [number for number, line in enumerate(lines) if line.startswith('  File "')]
    after = lines[frames[-1] + 1 :] if frames else lines[-1:]
    begin = next((number for number, line in enumerate(after) if not line.startswith("  ")), 0)
    return " ".join(" ".join(after[begin:]).split())


def without_folders(text: str) -> str:
    """Leave out where files lie on the server: of `/var/lib/zuoxi/x.wav` only `x.wav` is anybody's business."""
    return _PATH.sub("", text)
