"""Making companies (SEAT-1): the company itself and the person who sets it up; all else is theirs."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from peewee import Database, IntegrityError

from orchestrator.database.audit import note_change
from orchestrator.database.models import Tenant, User
from orchestrator.domain.config import COUNTRY
from orchestrator.publishing import Publishing
from webui.accounts import Accounts
from webui.errors import InvalidSettingError
from webui.team.people import PASSWORD_BYTES
from webui.texts import Texts

#: What a company's id looks like: it names keys and folders, and is never changed.
COMPANY_ID = r"^[a-z0-9][a-z0-9-]{0,30}$"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCompany:
    """A company and its first administrator, who logs in as `login`; `country` is an ISO 3166 code."""

    id: str
    name: str
    timezone: str
    country: str = COUNTRY
    login: str
    admin: str


class Companies:
    """Adds companies."""

    def __init__(
        self,
        publishing: Publishing,
        database: Database,
        accounts: Accounts,
        now: Callable[[], int],
        texts: Texts,
    ) -> None:
        """`now` gives microseconds UTC; `texts` say what is wrong with a field."""
        self._publishing, self._database, self._accounts = publishing, database, accounts
        self._now, self._texts = now, texts

    def add(self, company: NewCompany, who: str) -> str:
        """Add a company, in force when it is done, and return the administrator's password, which is kept nowhere.

        Raises InvalidSettingError, naming `id` or `login`, when one of them is taken: then nothing was changed.
        """
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        hashed = self._accounts.hashed(password)
        with self._publishing.turn(company.id), self._database.atomic():
            tenant = self._tenant(company)
            self._admin(tenant, company, hashed)
            note_change(company.id, "company", company.id, who, self._now(), None, company)
        return password

    def _tenant(self, company: NewCompany) -> Tenant:
        if Tenant.get_or_none(Tenant.id == company.id):
            raise InvalidSettingError(fields={"id": self._texts.message("problems.key_taken", name=company.id)})
        return Tenant.create(id=company.id, name=company.name, timezone=company.timezone, country=company.country)

    def _admin(self, tenant: Tenant, company: NewCompany, hashed: str) -> None:
        try:
            with self._database.atomic():
                User.create(tenant=tenant, login=company.login, name=company.admin, role="admin", password=hashed)
        except IntegrityError as taken:
            message = self._texts.message("problems.login_taken", name=company.login)
            raise InvalidSettingError(fields={"login": message}) from taken
