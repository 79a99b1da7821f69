"""What agents write about their calls."""

from dataclasses import dataclass
from typing import ClassVar

from orchestrator.domain.events.base import CallEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSaved(CallEvent):
    """The call form of `agent` was closed, or changed later, by the user `by`; drafts are told to nobody.

    `disposition` is the name as it was then. May come after `call_ended`, and more than once: the last one counts.
    """

    type: ClassVar[str] = "form_saved"
    agent: str
    notes: str
    disposition: str
    tags: tuple[str, ...]
    by: str
