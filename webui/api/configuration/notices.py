"""Who is told of what by e-mail (API-1)."""

from smtplib import SMTPException
from typing import Annotated, Literal
from uuid import uuid4

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from orchestrator.database.notices import Notice, NoticeArea, Notices
from orchestrator.postman import Message, Postman, failure_of
from webui.api.shapes import Input
from webui.errors import NotFoundError, WebError
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("notices", __name__, url_prefix="/api/v1/config/notices", tag="Configuration")

AREA = NoticeArea()

#: Addresses of one kind of notice.
MOST = 20

Address = Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]
Addresses = Annotated[list[Address], Field(max_length=MOST)]


class NoticesIn(Input):
    """Addresses by kind of notice, and the language of the messages."""

    language: Literal["zh", "en"]
    recipients: dict[Notice, Addresses]


class NoticesOut(BaseModel):
    """The setting; `set_up` tells whether this installation can send e-mail at all."""

    language: str
    recipients: dict[Notice, list[str]]
    set_up: bool


class TestIn(Input):
    """Where the test message goes."""

    address: Address


class MailNotSetUpError(WebError):
    """This installation can't send e-mail."""

    id, status = "mail_not_set_up", 409


class MailFailedError(WebError):
    """The mail server didn't take the message: `reason`, and what it said."""

    id, status = "mail_failed", 502


@bp.get("")
@requires(Permission.VIEW_CONFIG)
@bp.output(NoticesOut)
def show() -> NoticesOut:
    """Show who is told of what."""
    return _shown()


@bp.put("")
@requires(Permission.EDIT_CONFIG)
@bp.input(NoticesIn)
@bp.output(NoticesOut)
def change(json_data: NoticesIn) -> NoticesOut:
    """Change who is told of what; kinds that are not named are told to nobody."""
    recipients = {notice: tuple(dict.fromkeys(json_data.recipients.get(notice, ()))) for notice in Notice}
    with services().editor.change(AREA, tenant(), tenant(), identity().id):
        AREA.put(tenant(), Notices(language=json_data.language, recipients=recipients))
    return _shown()


@bp.post("/test")
@requires(Permission.EDIT_CONFIG)
@bp.input(TestIn)
@bp.output({}, status_code=204)
def test(json_data: TestIn) -> tuple[str, int]:
    """Send a test message now; the answer says what the mail server made of it."""
    settings, texts = services().settings, services().texts
    if not settings.smtp_url:
        raise MailNotSetUpError
    subject, body = texts.message("mail_test.subject"), texts.message("mail_test.body")
    letter = Message(
        name=f"test\n{uuid4()}", recipient=json_data.address, subject=subject, text=f"{body}\n",
        html=f"<p>{body}</p>", at=services().clock.now(),
    )  # fmt: skip
    try:
        Postman(settings.smtp_url, settings.mail_from).send(letter)
    except (SMTPException, OSError, ValueError) as error:
        said = texts.message(f"mail_failure.{failure_of(error)}")
        raise MailFailedError(reason=said, detail=" ".join(str(error).split())[:200]) from error
    return "", 204


def _shown() -> NoticesOut:
    found = AREA.find(tenant(), tenant())
    if found is None:
        raise NotFoundError
    recipients = {notice: list(addresses) for notice, addresses in found.recipients.items()}
    return NoticesOut(language=found.language, recipients=recipients, set_up=bool(services().settings.smtp_url))
