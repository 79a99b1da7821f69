"""Keeping call forms: drafts while agents write, then closed; changes after that stand in the audit (WEB-2)."""

from collections.abc import Callable

from peewee import Database

from orchestrator.database.audit import note_change
from orchestrator.database.call_forms import content_of, find_form, form_saved, write_form
from orchestrator.database.call_records import call_detail
from orchestrator.database.general import form_settings
from orchestrator.database.models import CallForm
from orchestrator.domain.call_states import CallState
from orchestrator.domain.forms import FormContent, flaws
from orchestrator.domain.offer import OfferState
from orchestrator.service.close_form import NextState
from orchestrator.service.ports import Clock
from orchestrator.service.use_cases import UseCases
from webui.errors import InvalidSettingError, NotFoundError
from webui.texts import Texts

AREA = "call_form"


class Forms:
    """Writes the forms of a tenant's calls. A form is an agent's: of the call that rings, goes on or is wrapped up,
    or of one that the agent took before.
    """

    def __init__(self, database: Database, clock: Clock, use_cases: Callable[[], UseCases], texts: Texts) -> None:
        """`use_cases` makes a set that reads afresh."""
        self._database, self._clock, self._use_cases, self._texts = database, clock, use_cases, texts

    def save(self, tenant: str, call: str, agent: str, who: str, content: FormContent) -> CallForm:
        """Keep what an agent has written so far; raises NotFoundError, InvalidSettingError.

        A closed form is opened again while its call goes on; after that it stays closed and the change is audited.
        """
        living = self._is_in(tenant, agent, call)
        self._expect(tenant, call, agent, content, living)
        if living:
            self._use_cases().forms.open(tenant, agent, call, who)
        return self._write(tenant, call, agent, who, content, close=not living)

    def close(
        self, tenant: str, call: str, agent: str, who: str, content: FormContent, then: NextState | None
    ) -> CallForm:
        """Keep what an agent has written and close the form; wrap-up ends, or won't begin. Raises as `save` does.

        `then` is the state chosen for after wrap-up, None for the one before the call.
        """
        if then:
            self._use_cases().forms.expect(tenant, then)
        self._expect(tenant, call, agent, content, self._is_in(tenant, agent, call))
        return self._write(tenant, call, agent, who, content, close=True, then=then)

    def _write(
        self,
        tenant: str,
        call: str,
        agent: str,
        who: str,
        content: FormContent,
        *,
        close: bool,
        then: NextState | None = None,
    ) -> CallForm:
        with self._database.atomic():
            before, now = find_form(tenant, call, agent), self._clock.now()
            row = write_form(tenant, call, agent, content, saved=now, closed=now if close else None)
            if before and before.closed and content_of(before) != content:
                note_change(tenant, AREA, f"{call} {agent}", who, now, content_of(before), content)
        if close:
            self._use_cases().forms.close(tenant, form_saved(row, who), then)
        return row

    def _expect(self, tenant: str, call: str, agent: str, content: FormContent, living: bool) -> None:
        if not (living or self._took_part(tenant, agent, call)):
            raise NotFoundError
        kept = content_of(find_form(tenant, call, agent))
        found = dict(flaws(form_settings(tenant), content, kept, self._queue(tenant, call)))
        if found:
            fields = {field: self._texts.message(f"form.{reason}") for field, reason in found.items()}
            raise InvalidSettingError(fields=fields)

    def _is_in(self, tenant: str, agent: str, call: str) -> bool:
        held = self._use_cases().work.store.agent(tenant, agent)
        return held is not None and held.document.call == call

    def _took_part(self, tenant: str, agent: str, call: str) -> bool:
        """Tell whether the agent took the call, as far as is known already."""
        if find_form(tenant, call, agent):
            return True
        detail = call_detail(tenant, call)
        took = OfferState.ACCEPTED.value
        return detail is not None and agent in {
            detail.record.agent, *(offer.agent for offer in detail.offers if offer.result == took)
        }  # fmt: skip

    def _queue(self, tenant: str, call: str) -> str | None:
        held = self._use_cases().work.store.call(tenant, call)
        if held and held.document.state is not CallState.ENDED:
            return held.document.queue
        detail = call_detail(tenant, call)
        return detail.record.queue if detail else None
