"""Passwords that people choose: their own anew, or the first one by a link from an administrator (ROLE-1)."""

from collections.abc import Callable
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer
from peewee import Database

from orchestrator.database.audit import note_change
from orchestrator.database.models import Mail, User
from orchestrator.database.notices import add_letters
from orchestrator.jobs import SEND_MAIL, Jobs
from orchestrator.letters import letter
from webui.accounts import Accounts
from webui.errors import WebError
from webui.identity import Identity
from webui.texts import Texts, language

#: Characters of a password.
SHORTEST, LONGEST = 10, 200

#: How long a link works, seconds.
LINK_S = 72 * 3600


class BadPasswordError(WebError):
    """The password is not taken: `fields` say which, and why."""

    id, status = "invalid", 422


class LinkOverError(WebError):
    """The link has been used, is too old, or never was one."""

    id, status = "link_over", 410


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordLink:
    """What a link lets do: choose the password of a person, until `expires` (us UTC)."""

    person: Identity
    expires: int


class Passwords:
    """Changes passwords; a changed one ends every log-in with the old one."""

    def __init__(
        self, database: Database, accounts: Accounts, jobs: Jobs, now: Callable[[], int], texts: Texts, secret: str
    ) -> None:
        """`secret` signs links; `now` gives microseconds UTC."""
        self._database, self._accounts, self._jobs, self._now, self._texts = database, accounts, jobs, now, texts
        self._links = URLSafeSerializer(secret, salt="password-link")

    def change_own(self, person: Identity, old: str, new: str) -> Identity:
        """Choose another password; raises BadPasswordError where the old one is wrong, or the new one won't do."""
        if self._accounts.by_password(person.login, old) is None:
            raise BadPasswordError(fields={"old": self._texts.message("passwords.wrong")})
        if old == new:
            raise BadPasswordError(fields={"new": self._texts.message("passwords.same")})
        self._expect_good(person, new, "new")
        current = self._accounts.by_id(person.id)
        if current is None or not self._write(current, new):
            raise BadPasswordError(fields={"old": self._texts.message("passwords.wrong")})
        return self._accounts.by_id(person.id) or person

    def link_for(self, person: Identity) -> tuple[str, int]:
        """Return the token of a link and when it is over (us UTC). It works until a password is chosen."""
        expires = self._now() + LINK_S * 1_000_000
        return str(self._links.dumps([person.id, person.fingerprint, expires])), expires

    def read(self, token: str) -> PasswordLink:
        """Return what a link is for; raises LinkOverError."""
        try:
            id_, fingerprint, expires = self._links.loads(token)
        except (BadSignature, ValueError, TypeError) as forged:
            raise LinkOverError from forged
        person = self._accounts.by_id(id_)
        if person is None or person.fingerprint != fingerprint or expires <= self._now():
            raise LinkOverError
        return PasswordLink(person=person, expires=expires)

    def use(self, token: str, new: str) -> Identity:
        """Choose the password by a link, which is over then; raises LinkOverError or BadPasswordError."""
        person = self.read(token).person
        self._expect_good(person, new, "password")
        if not self._write(person, new):
            raise LinkOverError
        return person

    def mail(self, person: Identity, address: str, url: str, expires: int) -> None:
        """Send a link to a person of a tenant, in the person's own language if known."""
        words = person.language or language()
        facts = {"name": person.name, "login": person.login, "url": url, "hours": str(LINK_S // 3600)}
        subject, body, footer = (
            self._texts.message_in(words, f"passwords.mail.{part}", **facts) for part in ("subject", "body", "footer")
        )
        key = f"password:{person.id}:{expires}"
        add_letters(person.tenant or "", [letter(key, address, subject, body, footer, words)], self._now())
        row = Mail.get(Mail.tenant == person.tenant, Mail.key == key, Mail.recipient == address)
        self._jobs.add(SEND_MAIL, person.tenant, row.id, job_id=f"mail_{row.id}")

    def _expect_good(self, person: Identity, new: str, field: str) -> None:
        if len(new) < SHORTEST:
            reason = self._texts.message("passwords.short", least=str(SHORTEST))
        elif person.login.lower() in new.lower() or len(set(new)) < SHORTEST // 2:
            reason = self._texts.message("passwords.easy")
        else:
            return
        raise BadPasswordError(fields={field: reason})

    def _write(self, person: Identity, new: str) -> bool:
        """Write it if nobody has changed it meanwhile: of two who use a link at once one has come too late."""
        hashed = self._accounts.hashed(new)
        with self._database.atomic():
            held = User.get_by_id(int(person.id))
            mine = (User.id == held.id) & (User.password == held.password)
            if self._accounts.fingerprint(held) != person.fingerprint:
                return False
            changed = bool(User.update(password=hashed).where(mine).execute())
            if changed and person.tenant:
                note_change(person.tenant, "password", person.id, person.id, self._now(), None, {"login": person.login})
        return changed
