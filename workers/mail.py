"""Bringing the messages that wait to the mail server."""

import mimetypes
import smtplib

from orchestrator.database.models import Mail
from orchestrator.database.notices import (
    find_mail,
    note_failed,
    note_sent,
    unsent,
)
from orchestrator.jobs import SEND_MAIL, Jobs
from orchestrator.postman import Attachment, Message, Postman

DAY_US = 24 * 3600 * 1_000_000


def post_letter(postman: Postman, id_: int, now: int) -> None:
    """Send a message unless that is done; what goes wrong is noted and raised, for another try."""
    mail = find_mail(id_)
    if mail is None or mail.sent is not None:
        return
    try:
        postman.send(message_of(mail))
    except (smtplib.SMTPException, OSError) as error:
        note_failed(mail, repr(error))
        raise
    note_sent(mail, now)


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
