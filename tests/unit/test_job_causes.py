"""Why jobs failed, from what their last try ended with (OPS-1)."""

import json
import smtplib
import traceback
from collections.abc import Callable

import peewee
import pytest

from orchestrator.job_causes import Cause, cause_of, last_words, without_folders
from tests.support.real_centre import ROOT

MAIL, EXPORT = "workers.jobs.send_mail", "workers.jobs.make_export"


@pytest.mark.parametrize(
    ("function", "error", "cause"),
    [
        (EXPORT, "", Cause.KILLED),
        (EXPORT, "Moved to FailedJobRegistry, due to AbandonedJobError, at 2026-11-28", Cause.KILLED),
        (EXPORT, "rq.timeouts.JobTimeoutException: Task exceeded maximum timeout value", Cause.OVERTIME),
        (EXPORT, "OSError: [Errno 28] No space left on device: '/tmp/x'", Cause.DISK_FULL),
        (EXPORT, "peewee.OperationalError: database or disk is full", Cause.DISK_FULL),
        (EXPORT, 'peewee.OperationalError: could not extend file "base/1": No space left on device', Cause.DISK_FULL),
        (EXPORT, "PermissionError: [Errno 13] Permission denied: '/store'", Cause.NOT_WRITABLE),
        (EXPORT, "OSError: [Errno 30] Read-only file system: '/store'", Cause.NOT_WRITABLE),
        (EXPORT, "peewee.OperationalError: attempt to write a readonly database", Cause.NOT_WRITABLE),
        (EXPORT, "orchestrator.database.sqlite_file.DatabaseGoneError: there is no database", Cause.DATABASE_GONE),
        (EXPORT, "peewee.OperationalError: database is locked", Cause.DATABASE_BUSY),
        (EXPORT, "peewee.OperationalError: connection failed: Connection refused", Cause.DATABASE),
        (EXPORT, "playhouse.pool.MaxConnectionsExceeded: Max connections exceeded", Cause.DATABASE_BUSY),
        (EXPORT, "redis.exceptions.ConnectionError: Error 111 connecting to 127.0.0.1:6379", Cause.REDIS),
        (EXPORT, "orchestrator.recordings.errors.NotThereError: /var/x.wav", Cause.FILE_MISSING),
        (EXPORT, "KeyError: 'type'", Cause.OTHER),
        (MAIL, "workers.mail.NotTakenError: login: (535, b'no')", Cause.MAIL_LOGIN),
        (MAIL, "workers.mail.NotTakenError: tls: certificate verify failed", Cause.MAIL_TLS),
        (MAIL, "workers.mail.NotTakenError: recipient: {'bad@example.com': (550, b'no')}", Cause.MAIL_RECIPIENT),
        (MAIL, "workers.mail.NotTakenError: sender: (550, b'no')", Cause.MAIL_SENDER),
        (MAIL, "workers.mail.NotTakenError: refused: (451, b'later')", Cause.MAIL_REFUSED),
        (MAIL, "workers.mail.NotTakenError: timeout: timed out", Cause.MAIL_TIMEOUT),
        (MAIL, "workers.mail.NotTakenError: connection: [Errno 111] Connection refused", Cause.MAIL_CONNECTION),
        (MAIL, "ValueError: ZUOXI_SMTP_URL or ZUOXI_MAIL_FROM make no sense", Cause.MAIL_SETTINGS),
        (MAIL, "peewee.OperationalError: the connection is closed", Cause.DATABASE),
    ],
)
def test_each_failure_has_its_cause(function: str, error: str, cause: Cause) -> None:
    """OPS-1: whoever looks after the platform is told what to do, not the name of an exception."""
    assert cause_of(function, error) is cause


def _raise_chained() -> None:
    try:
        raise OSError(28, "No space left on device")
    except OSError as error:
        raise peewee.OperationalError(
            "consuming input failed: server closed the connection unexpectedly\n"
            "\tThis probably means the server terminated abnormally\n\tbefore or while processing the request."
        ) from error


def _raise_without_words() -> None:
    raise smtplib.SMTPServerDisconnected


@pytest.mark.parametrize(
    ("fail", "words"),
    [
        (
            _raise_chained,
            "peewee.OperationalError: consuming input failed: server closed the connection unexpectedly "
            "This probably means the server terminated abnormally before or while processing the request.",
        ),
        (_raise_without_words, "smtplib.SMTPServerDisconnected"),
    ],
)
def test_the_last_words_are_the_whole_exception(fail: Callable[[], None], words: str) -> None:
    """OPS-1: its class and all it says, however many lines it takes; without the frames before it."""
    try:
        fail()
    except (peewee.PeeweeException, smtplib.SMTPException):
        assert last_words(traceback.format_exc()) == words


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_cause_has_words(language: str) -> None:
    """OPS-1: in both languages."""
    texts = json.loads((ROOT / f"webui/frontend/src/i18n/{language}/jobCauses.json").read_text(encoding="utf-8"))
    assert set(texts["jobCause"]) == {cause.value for cause in Cause}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("[Errno 2] No such file: '/var/lib/x/a b.wav'", "[Errno 2] No such file: 'a b.wav'"),
        ("OSError: /var/lib/zuoxi/store", "OSError: store"),
        ("https://example.com/a/b answered 500/501", "https://example.com/a/b answered 500/501"),
        ("/etc is no folder of ours; 1/2/3", "/etc is no folder of ours; 1/2/3"),
    ],
)
def test_pages_show_no_folders_of_the_server(said: str, shown: str) -> None:
    """OPS-1: the name of a file helps whoever reads it, where it lies does not."""
    assert without_folders(said) == shown
