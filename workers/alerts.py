"""What administrators should look at, seen in events: limits of calling out, calls refused again and again (SAFE-4)."""

from collections.abc import Sequence

from rq import get_current_job

from orchestrator.database.alerts import AlertKind, Sighting, note_sighting
from orchestrator.database.models import Tenant
from orchestrator.domain.config import COUNTRY
from orchestrator.domain.events import CallRefused
from orchestrator.service.errors import LimitReachedError, NotCallableError, NumberBlockedError
from orchestrator.service.numbers import normalise
from orchestrator.service.work import day_of
from orchestrator.store.news import News, alerts_changed
from workers.event_log import StoredEvent, decode

#: Refusals of what is called; others tell of who calls, or when.
DESTINATIONS = (NotCallableError.id, NumberBlockedError.id)


def note_alerts(tenant: str, stored: Sequence[StoredEvent]) -> bool:
    """Note what is worth a look among events of a tenant, each once; tell whether there was any."""
    refused = [row for row in stored if row.type == CallRefused.type]
    company = Tenant.get_or_none(Tenant.id == tenant) if refused else None
    noted = False
    for row in refused:
        event = decode(row.type, row.json)
        if company and isinstance(event, CallRefused) and (seen := _sighting(company, row, event)):
            note_sighting(tenant, seen)
            noted = True
    return noted


def show_alerts(tenant: str) -> None:
    """Have the pages of whoever looks after alerts ask for them. Outside of a job nobody listens."""
    if job := get_current_job():
        News(job.connection).tell(alerts_changed(tenant))


def _sighting(company: Tenant, row: StoredEvent, event: CallRefused) -> Sighting | None:
    """Return what was seen: a limit, of an agent where it is an agent's, or a number."""
    number = normalise(event.number, company.country or COUNTRY)
    agent: str | None = event.agent
    refusal, _, _ = event.reason.partition(".")  # what follows is the rule or the limit
    if refusal == LimitReachedError.id:
        agent = event.agent if event.limit.startswith("agent") else None
        kind, what, same = AlertKind.LIMIT_REACHED, event.limit, f"{event.limit}:{agent or ''}"
    elif refusal in DESTINATIONS:
        kind, what, same = AlertKind.REFUSED_OFTEN, refusal, number
    else:
        return None
    key = f"{kind}:{same}:{day_of(event.at, company.timezone)}"
    return Sighting(key=key, kind=kind, what=what, agent=agent, number=number, at=event.at, ms=row.ms, n=row.n)
