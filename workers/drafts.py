"""Drafts of call forms whose agent has gone without closing them: closed as they stand, and told once (WEB-2)."""

import orjson
from peewee import Database

from orchestrator.database.call_forms import close_draft, form_saved, left_drafts
from orchestrator.database.call_records import call_story
from orchestrator.database.models import Agent, CallForm, User
from orchestrator.domain.events import FormSaved
from orchestrator.service.use_cases import UseCases

#: A draft that was written to so lately may have its page still, us: pages save each second, and once more as they go.
LEFT_US = 60_000_000


def close_drafts(database: Database, use: UseCases, now: int) -> int:
    """Close drafts whose agent is neither in the call any more nor wrapping it up; returns how many."""
    return sum(_close(database, use, row, now) for row in left_drafts(now - LEFT_US) if not _open(use, row))


def _open(use: UseCases, row: CallForm) -> bool:
    held = use.work.store.agent(row.tenant_id, row.agent)
    return held is not None and held.document.call == row.call


def _close(database: Database, use: UseCases, row: CallForm, now: int) -> bool:
    """Tell first, then write: whoever dies in between finds the event, and tells no more."""
    with database.atomic():
        closed = close_draft(row, now)
        if closed and not _told(row):
            use.forms.close(row.tenant_id, form_saved(row, _writer(row)))
    return closed


def _told(row: CallForm) -> bool:
    story = (one for one in call_story(row.tenant_id, row.call) if one.type == FormSaved.type)
    told = [orjson.loads(one.json) for one in story]
    return any(event["agent"] == row.agent and event["at"] == row.saved for event in told)


def _writer(row: CallForm) -> str:
    """Return the user who is the agent, empty when nobody is any more."""
    found = User.select(User.id).join(Agent).where(Agent.tenant == row.tenant_id, Agent.key == row.agent).first()
    return str(found.id) if found else ""
