"""Which numbers companies own, and by which trunk each goes out: the operator's business (NUM-1)."""

import re
import unicodedata
from collections.abc import Callable

from peewee import Database

from orchestrator.database.audit import note_change
from orchestrator.database.configuration import configuration
from orchestrator.database.models import Number, Tenant
from orchestrator.database.numbers import Numbers, NumberTakenError
from orchestrator.database.trunks import Trunks
from orchestrator.domain.config import COUNTRY
from orchestrator.publishing import Publishing
from orchestrator.service.numbers import normalise
from webui.configuring import Editor

#: As switches and trunks write numbers that are dialled: digits, with a plus before the country.
DIALLED = re.compile(r"\+?[0-9]{2,20}")

AREA = Numbers()


class NotDialledError(ValueError):
    """This is no number as it is dialled."""


class UnknownTrunkError(ValueError):
    """There is no trunk of this name."""


class OwnedNumbers:
    """Gives companies numbers and takes them back; in force for the next call when it is done."""

    def __init__(self, publishing: Publishing, database: Database, editor: Editor, now: Callable[[], int]) -> None:
        """`now` gives microseconds UTC."""
        self._publishing, self._database, self._editor, self._now = publishing, database, editor, now

    def give(self, tenant: str, written: str, trunk: str, who: str) -> str:
        """Give a tenant a number, and return it as it is kept; its calls are hung up until the tenant routes it.

        `trunk` is empty where no call shows the number. Raises NotDialledError, UnknownTrunkError,
        UnknownTenantError, and NumberTakenError, also when somebody else owns it in another spelling.
        """
        number = dialled(written)
        _known(trunk)
        with self._publishing.turn(tenant), self._database.atomic():
            _refuse_other_spellings(tenant, configuration(tenant).country, number)
            AREA.add(tenant, number)
            AREA.set_trunk(tenant, number, trunk)
            note_change(tenant, AREA.name, number, who, self._now(), None, AREA.find(tenant, number))
        return number

    def assign(self, tenant: str, number: str, trunk: str, who: str) -> None:
        """Let calls that show an owned number go out by a trunk, or by none (empty).

        Raises UnknownTrunkError, NotFoundError, and InUseError when calls show the number and it would have no trunk.
        """
        _known(trunk)
        with self._editor.change(AREA, tenant, number, who):
            AREA.set_trunk(tenant, number, trunk)

    def take_back(self, tenant: str, number: str, who: str) -> None:
        """Take a number from a tenant: nobody answers it from the next call on, running calls go on.

        Raises NotFoundError, and InUseError naming what shows the number or needs its trunk.
        """
        with self._editor.change(AREA, tenant, number, who):
            AREA.remove(tenant, number)


def dialled(written: str) -> str:
    """Return a number as it is dialled, without what people put between digits; raises NotDialledError."""
    plain = re.sub(r"[\s().\-/]", "", unicodedata.normalize("NFKC", written))
    if not DIALLED.fullmatch(plain):
        raise NotDialledError(written)
    return plain


def _known(trunk: str) -> None:
    if trunk and not Trunks().named([trunk]):
        raise UnknownTrunkError(trunk)


def _refuse_other_spellings(tenant: str, country: str, number: str) -> None:
    """One company may have a number in several spellings, for carriers differ; two companies never share one."""
    wanted = normalise(number, country)
    others = Number.select(Number, Tenant).join(Tenant).where(Number.tenant != tenant)
    for other in others:
        if normalise(other.number, other.tenant.country or COUNTRY) == wanted:
            raise NumberTakenError(other.number, other.tenant_id)
