"""Notices by e-mail: who wants which, and the messages that wait (API-1). Always one tenant's (SAFE-3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from orchestrator.database.models import Mail, NoticeSetting, Tenant


class Notice(StrEnum):
    """What tenants can be told by e-mail."""

    VOICEMAIL = "voicemail"
    BALANCE_LOW = "balance_low"
    WEBHOOK_PAUSED = "webhook_paused"
    CALLING_LIMIT = "calling_limit"
    CALLING_REFUSED = "calling_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Addresses by kind of notice, and the language (zh, en) of the messages."""

    language: str
    recipients: dict[Notice, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message: the same key and address get it once; `file` goes with it."""

    key: str
    recipient: str
    subject: str
    text: str
    html: str
    file_name: str | None = None
    file: bytes | None = None


class NoticeArea:
    """The area `notices`: one thing a tenant, named by the tenant's id."""

    name = "notices"

    def all(self, tenant: str) -> list[Notices]:
        """Read it."""
        found = self.find(tenant, tenant)
        return [found] if found else []

    def find(self, tenant: str, key: str) -> Notices | None:
        """Read it, None for another key than the tenant's own or a tenant that there isn't."""
        if key != tenant or Tenant.get_or_none(Tenant.id == tenant) is None:
            return None
        row = NoticeSetting.get_or_none(NoticeSetting.tenant == tenant)
        known = row.recipients if row else {}
        recipients = {notice: tuple(known.get(notice.value, ())) for notice in Notice}
        return Notices(language=row.language if row else "zh", recipients=recipients)

    def put(self, tenant: str, notices: Notices) -> None:
        """Write it."""
        recipients = {notice.value: list(addresses) for notice, addresses in notices.recipients.items()}
        values = {"tenant": tenant, "language": notices.language, "recipients": recipients}
        columns = [NoticeSetting.language, NoticeSetting.recipients]
        NoticeSetting.insert(values).on_conflict(conflict_target=[NoticeSetting.tenant], preserve=columns).execute()

    def remove(self, tenant: str, key: str) -> None:
        """Tell nobody any more."""
        if key == tenant:
            NoticeSetting.delete().where(NoticeSetting.tenant == tenant).execute()


def add_letters(tenant: str, letters: Iterable[Letter], now: int) -> None:
    """Write messages to be sent, each once however often it is asked."""
    rows = [
        {"tenant": tenant, "created": now, **{name: getattr(one, name) for name in Letter.__slots__}} for one in letters
    ]
    if rows:
        Mail.insert_many(rows).on_conflict_ignore().execute()


def find_mail(id_: int) -> Mail | None:
    """Read a message, None when there is none."""
    found: Mail | None = Mail.get_or_none(Mail.id == id_)
    return found


def unsent(since: int, most: int = 1000) -> list[tuple[str, int]]:
    """Name (tenant, id) messages made since a moment (us UTC) that no server has taken yet, the oldest first."""
    waiting = Mail.sent.is_null() & (Mail.created >= since)
    found = Mail.select(Mail.tenant, Mail.id).where(waiting).order_by(Mail.created, Mail.id).limit(most)
    return [(row.tenant, row.id) for row in found]


def note_sent(mail: Mail, now: int) -> None:
    """Note that a server has taken it."""
    Mail.update(sent=now, error="").where(Mail.id == mail.id).execute()


def note_failed(mail: Mail, error: str) -> None:
    """Note why it wasn't sent."""
    Mail.update(error=error[:500]).where(Mail.id == mail.id, Mail.sent.is_null()).execute()
