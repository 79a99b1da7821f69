"""What a tenant has set for all of its calls and agents."""

from dataclasses import dataclass

from orchestrator.database.documents import from_plain, to_plain
from orchestrator.database.models import Tenant
from orchestrator.domain.config import COUNTRY, DEVICE_GRACE_S
from orchestrator.domain.forms import FormSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class General:
    """The tenant's settings, as `TenantConfig` explains them; `form` is what agents' call forms offer."""

    timezone: str
    country: str
    break_reasons: tuple[str, ...]
    miss_limit: int
    device_grace_s: int
    call_form: bool
    wrap_up_s: int
    form: FormSettings


class GeneralArea:
    """The area `general`: one thing a tenant, named by the tenant's id."""

    name = "general"

    def all(self, tenant: str) -> list[General]:
        """Read it."""
        found = self.find(tenant, tenant)
        return [found] if found else []

    def find(self, tenant: str, key: str) -> General | None:
        """Read it, None for another key than the tenant's own."""
        row = Tenant.get_or_none(Tenant.id == tenant) if key == tenant else None
        return _general(row) if row else None

    def put(self, tenant: str, general: General) -> None:
        """Write it."""
        values = to_plain(general)
        values["form_settings"] = values.pop("form")
        Tenant.update(values).where(Tenant.id == tenant).execute()

    def remove(self, tenant: str, key: str) -> None:
        """A tenant without settings is none: raises NotImplementedError."""
        raise NotImplementedError(f"{tenant} needs its settings ({key})")


def form_settings(tenant: str) -> FormSettings:
    """Return what agents' call forms offer."""
    row = Tenant.get_or_none(Tenant.id == tenant)
    return _form(row) if row else FormSettings()


def _general(row: Tenant) -> General:
    return General(
        timezone=row.timezone,
        country=row.country or COUNTRY,
        break_reasons=tuple(row.break_reasons),
        miss_limit=row.miss_limit,
        device_grace_s=DEVICE_GRACE_S if row.device_grace_s is None else row.device_grace_s,
        call_form=row.call_form is not False,
        wrap_up_s=row.wrap_up_s,
        form=_form(row),
    )


def _form(row: Tenant) -> FormSettings:
    return from_plain(FormSettings, row.form_settings) if row.form_settings else FormSettings()
