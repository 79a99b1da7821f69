"""Bringing the messages that wait to the mail server."""

import mimetypes
import smtplib

from redis import Redis
from rq.timeouts import JobTimeoutException

from orchestrator.database.models import Mail
from orchestrator.database.notices import (
    find_mail,
    note_failed,
    note_sent,
    unsent,
)
from orchestrator.jobs import SEND_MAIL, Jobs
from orchestrator.postman import Attachment, Message, Postman, failure_of
from orchestrator.store import keys

DAY_US = 24 * 3600 * 1_000_000


#: A mail server that does not answer is left alone for so long (s): each try keeps the other jobs of a worker waiting.
REST_S = 60


class NotTakenError(Exception):
    """No server took the message; the text begins with why, an id of `failure_of`."""


class MailRest:
    """Whether the mail server is left alone, in all workers."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

    def on(self) -> bool:
        """Tell whether it is."""
        return bool(self._redis.exists(keys.MAIL_REST))

    def begin(self) -> None:
        """Leave it alone from now on; whoever has a job done by hand ends that (`orchestrator.job_board`)."""
        self._redis.set(keys.MAIL_REST, 1, ex=REST_S)


def post_letter(postman: Postman, id_: int, now: int, rest: MailRest) -> None:
    """Send a message unless that is done; what goes wrong is noted and raised as NotTakenError, for another try."""
    mail = find_mail(id_)
    if mail is None or mail.sent is not None:
        return
    if rest.on():
        raise _not_taken(mail, "timeout: the mail server did not answer a moment ago")
    try:
        postman.send(message_of(mail))
    except (smtplib.SMTPException, OSError, JobTimeoutException) as error:
        why = failure_of(error)
        if why == "timeout":
            rest.begin()
        raise _not_taken(mail, f"{why}: {error}") from error
    note_sent(mail, now)


def _not_taken(mail: Mail, error: str) -> NotTakenError:
    note_failed(mail, error)
    return NotTakenError(error)


def send_later(jobs: Jobs, now: int) -> None:
    """Enqueue what no server has taken yet, each once as long as its job is there; a day later it is no news."""
    for tenant, id_ in unsent(now - DAY_US):
        jobs.add(SEND_MAIL, tenant, id_, job_id=f"mail_{id_}")


def message_of(mail: Mail) -> Message:
    """Return a message as it is sent: the same at each try."""
    return Message(
        name=f"{mail.tenant}\n{mail.key}",
        recipient=mail.recipient,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        at=mail.created,
        attachment=_file_of(mail),
    )


def _file_of(mail: Mail) -> Attachment | None:
    if mail.file is None or mail.file_name is None:
        return None
    kind = mimetypes.guess_type(mail.file_name)[0] or "application/octet-stream"
    return Attachment(name=mail.file_name, type=kind, content=bytes(mail.file))
