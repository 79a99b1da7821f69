"""Earlier calls from the same numbers, with what agents wrote about them (WEB-2)."""

from collections.abc import Iterable

from pydantic import BaseModel

from orchestrator.database.call_forms import forms_of
from orchestrator.database.call_records import calls_from
from orchestrator.database.general import form_settings
from orchestrator.service.numbers import spellings
from webui.api.forms import FormOut, shown
from webui.identity import tenant
from webui.number_lists import country_of


class EarlierCall(BaseModel):
    """A call that is over, and the forms that agents filled in."""

    call: str
    arrived: int
    queue: str | None
    agent: str | None
    outcome: str
    talk_us: int
    forms: list[FormOut]


class EarlierCalls(BaseModel):
    """Calls, newest first; `more` tells that there are older ones."""

    items: list[EarlierCall]
    more: bool


def earlier_calls(numbers: Iterable[str], most: int, but: str = "") -> EarlierCalls:
    """Return the latest `most` calls from any of the numbers, however switches wrote them, without the call `but`."""
    country = country_of(tenant())
    ways = tuple({way for number in numbers for way in spellings(number, country)})
    rows = calls_from(tenant(), ways, most + 1, but=but)
    forms, settings = forms_of(tenant(), [row.call for row in rows]), form_settings(tenant())
    items = [
        EarlierCall(
            call=row.call,
            arrived=row.arrived,
            queue=row.queue,
            agent=row.agent,
            outcome=row.outcome,
            talk_us=row.talk_us,
            forms=[shown(form, settings) for form in forms if form.call == row.call],
        )
        for row in rows[:most]
    ]
    return EarlierCalls(items=items, more=len(rows) > most)
