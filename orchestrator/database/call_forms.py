"""Call forms in the database: always one tenant's (WEB-2)."""

from collections.abc import Collection, Iterator
from typing import Any

from peewee import SQL, Expression, Function, PostgresqlDatabase, fn

from orchestrator.database.connection import bound_database
from orchestrator.database.general import form_settings
from orchestrator.database.models import CallForm, CallFormTag, CallRecord
from orchestrator.database.report_marks import mark_calls
from orchestrator.domain.events import FormSaved
from orchestrator.domain.forms import FormContent

#: So many forms count as few.
FEW_FORMS = 5_000


def forms_of(tenant: str, calls: Collection[str]) -> list[CallForm]:
    """Read all forms of calls, in the order in which they were saved last."""
    found = CallForm.select().where(CallForm.tenant == tenant, CallForm.call.in_(list(calls)))
    return list(found.order_by(CallForm.saved, CallForm.id)) if calls else []


def find_form(tenant: str, call: str, agent: str) -> CallForm | None:
    """Read an agent's form of a call, None where nothing was written."""
    found: CallForm | None = CallForm.get_or_none(
        CallForm.tenant == tenant, CallForm.call == call, CallForm.agent == agent
    )
    return found


def content_of(row: CallForm | None) -> FormContent:
    """Return what a form says; a form that nobody has written says nothing."""
    if row is None:
        return FormContent()
    return FormContent(notes=row.notes, disposition=row.disposition, tags=tuple(row.tags))


def write_form(tenant: str, call: str, agent: str, content: FormContent, *, saved: int, closed: int | None) -> CallForm:
    """Write an agent's form of a call, new or not; times are us UTC, `closed` None = it is a draft.

    Call it in a transaction: sums of reports by tag and by disposition hold no more for the time of the call.
    """
    row = _locked(tenant, call, agent, saved)
    before, disposition = {given.tag for given in CallFormTag.select().where(CallFormTag.form == row)}, row.disposition
    row.notes, row.disposition, row.tags = content.notes, content.disposition, list(content.tags)
    row.saved, row.closed = saved, closed
    row.save()
    if before != set(content.tags):
        CallFormTag.delete().where(CallFormTag.form == row).execute()
        if content.tags:
            CallFormTag.insert_many([{"form": row.id, "tag": tag} for tag in content.tags]).execute()
    if (before, disposition) != (set(content.tags), content.disposition):
        mark_calls(tenant, [call])
    return row


def _locked(tenant: str, call: str, agent: str, saved: int) -> CallForm:
    """Return an agent's form of a call, made if it was not there; nobody else writes it until the transaction ends."""
    CallForm.insert(tenant=tenant, call=call, agent=agent, saved=saved).on_conflict_ignore().execute()
    mine = CallForm.select().where(CallForm.tenant == tenant, CallForm.call == call, CallForm.agent == agent)
    row: CallForm = (mine.for_update() if isinstance(bound_database(), PostgresqlDatabase) else mine).get()
    return row


def left_drafts(before: int) -> list[CallForm]:
    """Read all tenants' drafts that were saved last before a moment (us UTC), the oldest first, 1,000 at most."""
    found = CallForm.select().where(CallForm.closed.is_null(), CallForm.saved < before)
    return list(found.order_by(CallForm.saved, CallForm.id).limit(1000))


def close_draft(row: CallForm, at: int) -> bool:
    """Close a draft as it was read, at a moment (us UTC); tell whether nobody has changed it meanwhile."""
    same = (CallForm.id == row.id) & CallForm.closed.is_null() & (CallForm.saved == row.saved)
    return bool(CallForm.update(closed=at).where(same).execute())


def form_saved(row: CallForm, by: str) -> FormSaved:
    """Return the event that tells what a closed form says; `by` is a user's id."""
    return FormSaved(
        at=row.saved,
        call=row.call,
        agent=row.agent,
        notes=row.notes,
        disposition=form_settings(row.tenant_id).named(row.disposition) if row.disposition else "",
        tags=tuple(row.tags),
        by=by,
    )


def written(
    dispositions: tuple[str, ...] | None, tags: tuple[str, ...] | None, *, tagged: bool = False
) -> Iterator[Function]:
    """Yield the conditions on a call record that some agent's form has one of these, None = any or none.

    `tagged`: some form has any tag.
    """
    if dispositions is not None:
        yield _some_form(CallForm.disposition.in_(dispositions))
    if tags is not None:
        has = CallFormTag.select().where(CallFormTag.form == CallForm.id, CallFormTag.tag.in_(tags))
        yield _some_form(fn.EXISTS(has))
    if tagged:
        yield _some_form(fn.EXISTS(CallFormTag.select().where(CallFormTag.form == CallForm.id)))


def listed(
    tenant: str, dispositions: tuple[str, ...] | None, tags: tuple[str, ...] | None
) -> Iterator[Expression | Function]:
    """Yield the conditions of `written` for a list of a tenant's calls, newest first.

    A page is soon full where many forms are meant. Few are found before their calls are, else all calls would be read
    for them.
    """
    if dispositions is not None:
        yield _few(tenant, CallForm.disposition.in_(dispositions)) or next(written(dispositions, None))
    if tags is not None:
        forms = CallFormTag.select(CallFormTag.form).where(CallFormTag.tag.in_(tags))
        yield _few(tenant, CallForm.id.in_(forms)) or next(written(None, tags))


def _few(tenant: str, condition: Expression) -> Expression | None:
    """Return the condition on a call to be one of those whose forms are meant, None where these are many."""
    meant = CallForm.select(CallForm.call).where(CallForm.tenant == tenant, condition)
    if meant.limit(FEW_FORMS + 1).count() > FEW_FORMS:
        return None
    found: Expression = CallRecord.call.in_(meant)
    return found


def with_tags(query: Any) -> Any:  # noqa: ANN401 - a query
    """Return a query of calls' records with a row for each tag that any agent gave the call, once."""
    form, given = CallForm.alias("other"), CallFormTag.alias("given")
    before = (form.tenant == CallForm.tenant) & (form.call == CallForm.call) & (form.id < CallForm.id)
    earlier = form.select(SQL("1")).join(given, on=given.form == form.id).where(before, given.tag == CallFormTag.tag)
    of_call = (CallForm.tenant == CallRecord.tenant) & (CallForm.call == CallRecord.call)
    return query.join(CallForm, on=of_call).join(CallFormTag).where(~fn.EXISTS(earlier)).switch(CallRecord)


def with_dispositions(query: Any) -> Any:  # noqa: ANN401 - a query
    """Return a query of calls' records with a row for each disposition that any agent gave the call, once."""
    form = CallForm.alias("other")
    before = (form.tenant == CallForm.tenant) & (form.call == CallForm.call) & (form.id < CallForm.id)
    earlier = form.select(SQL("1")).where(before, form.disposition == CallForm.disposition)
    of_call = (CallForm.tenant == CallRecord.tenant) & (CallForm.call == CallRecord.call)
    given = (CallForm.disposition != "") & ~fn.EXISTS(earlier)
    return query.join(CallForm, on=of_call).where(given).switch(CallRecord)


def _some_form(condition: Expression | Function) -> Function:
    forms = CallForm.select().where(CallForm.tenant == CallRecord.tenant, CallForm.call == CallRecord.call, condition)
    return fn.EXISTS(forms)


def disposition_used(tenant: str, key: str) -> bool:
    """Tell whether any form says that this came of a call."""
    return bool(CallForm.select().where(CallForm.tenant == tenant, CallForm.disposition == key).exists())
