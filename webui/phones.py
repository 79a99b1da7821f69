"""Web phones' passwords: short-lived, of one log-in and one page, worth nothing once that log-in has ended (WEB-1)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import md5

from peewee import Database

from orchestrator.database.audit import note_change
from orchestrator.database.models import Agent, SipCredential
from orchestrator.domain.commands import DropDevice
from orchestrator.service.ports import Clock, Telephony
from webui.errors import PhoneElsewhereError, SoftPhoneError

#: How long a password holds unless its page renews it, and how long a registration does: seconds.
LIFETIME_S, REGISTER_S = 300, 120


@dataclass(frozen=True, slots=True)
class PhoneLogin:
    """What a page registers with; `expires` is microseconds UTC."""

    user: str
    domain: str
    password: str
    expires: int


class Phones:
    """Gives out passwords and takes them back. Who had the device before loses it: the newest page rings."""

    def __init__(
        self, database: Database, clock: Clock, telephony: Telephony, switches: Sequence[str], domain: str
    ) -> None:
        """`switches` are told to forget devices; `domain` is the SIP domain, which is the realm too."""
        self._database, self._clock, self._telephony = database, clock, telephony
        self._switches, self._domain = switches, domain

    def issue(self, tenant: str, agent: str, login: str, page: str) -> PhoneLogin:
        """Make a password for a page; raises SoftPhoneError where the device is not a browser's."""
        user = _device(tenant, agent)
        password, now = secrets.token_urlsafe(24), self._clock.now()
        expires = now + LIFETIME_S * 1_000_000
        with self._database.atomic():
            known = SipCredential.get_or_none(SipCredential.sip_user == user)
            if known and known.expires is None:
                raise SoftPhoneError(device=user)
            held = {
                SipCredential.a1_hash: _a1(user, self._domain, password),
                SipCredential.issued: now,
                SipCredential.expires: expires,
                SipCredential.login: login,
                SipCredential.page: page,
            }
            row = {SipCredential.sip_user: user, **held}
            SipCredential.insert(row).on_conflict(conflict_target=[SipCredential.sip_user], update=held).execute()
        return PhoneLogin(user, self._domain, password, expires)

    def soft_phone(self, tenant: str, agent: str) -> str:
        """Return the agent's device if a soft phone has a password for it, else empty."""
        user = _device(tenant, agent)
        known = SipCredential.get_or_none(SipCredential.sip_user == user, SipCredential.expires.is_null())
        return user if known else ""

    def renew(self, tenant: str, agent: str, login: str, page: str) -> int:
        """Let a page's password live on and return until when (us); raises PhoneElsewhereError if it is not its own."""
        now = self._clock.now()
        expires = now + LIFETIME_S * 1_000_000
        mine = (SipCredential.login == login) & (SipCredential.page == page) & (SipCredential.expires > now)
        changed = SipCredential.update(expires=expires).where((SipCredential.sip_user == _device(tenant, agent)) & mine)
        if not changed.execute():
            raise PhoneElsewhereError
        return expires

    def end(self, login: str) -> None:
        """The log-in has ended: its passwords are dead at once, and its devices ring no more."""
        self._drop([row.sip_user for row in SipCredential.select().where(SipCredential.login == login)])

    def end_agent(self, tenant: str, agent: str, but: str | None = None) -> None:
        """All log-ins of an agent have ended, except for one if it is named."""
        user = _device(tenant, agent)
        found = SipCredential.select().where(
            (SipCredential.sip_user == user) & SipCredential.login.is_null(is_null=False) & (SipCredential.login != but)
        )
        self._drop([row.sip_user for row in found])

    def give_soft_phone(self, tenant: str, agent: str, who: str) -> PhoneLogin:
        """Make a lasting password for a SIP soft phone, in place of any before; the browser's phone is off."""
        user, password, now = _device(tenant, agent), secrets.token_urlsafe(18), self._clock.now()
        self.end_agent(tenant, agent)
        held = {
            SipCredential.a1_hash: _a1(user, self._domain, password),
            SipCredential.issued: now,
            SipCredential.expires: None,
            SipCredential.login: None,
            SipCredential.page: None,
        }
        row = {SipCredential.sip_user: user, **held}
        with self._database.atomic():
            SipCredential.insert(row).on_conflict(conflict_target=[SipCredential.sip_user], update=held).execute()
            note_change(tenant, "soft_phone", agent, who, now, None, {"device": user})
        return PhoneLogin(user, self._domain, password, 0)

    def take_soft_phone(self, tenant: str, agent: str, who: str) -> None:
        """The soft phone's password is dead at once, and it rings no more."""
        user = _device(tenant, agent)
        with self._database.atomic():
            note_change(tenant, "soft_phone", agent, who, self._clock.now(), {"device": user}, None)
            self._drop([user])

    def _drop(self, devices: Sequence[str]) -> None:
        SipCredential.delete().where(SipCredential.sip_user.in_(devices)).execute()
        for switch in self._switches if devices else ():
            self._telephony.send(switch, [DropDevice(leg=device) for device in devices])


def _device(tenant: str, agent: str) -> str:
    """Return an agent's SIP user; raises peewee's DoesNotExist."""
    return str(Agent.get(Agent.tenant == tenant, Agent.key == agent).device)


def _a1(user: str, realm: str, password: str) -> str:
    """A1 of RFC 2617, 3.2.2.2; the password is random and long, so that MD5 gives nothing away."""
    return md5(f"{user}:{realm}:{password}".encode(), usedforsecurity=False).hexdigest()
