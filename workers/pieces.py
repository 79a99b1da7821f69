"""Completing announcement pieces (TTS-1): what a newer version of the product says needs no one to press a button.

Who has begun a language, by putting pieces of it into use, gets the ones that are missing, in the voice of the others.
First versions go into use as they are made: nothing was heard in their place. Later ones are heard and published by
people, and a language that nobody has begun stays as it is.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

import structlog
from peewee import Database

from orchestrator.database.connection import one_writer
from orchestrator.database.prompts import (
    Content,
    Kind,
    PromptView,
    Status,
    add_prompt,
    list_prompts,
    pieces_in_use,
    prompt_view,
    publish_draft,
)
from orchestrator.domain.announcements import piece_id
from orchestrator.jobs import COMPLETE_PIECES, Jobs
from orchestrator.publishing import Publishing
from tts.engine import Engine, Language
from tts.pieces import PIECES
from workers.prompts import PromptMaker


def complete_later(jobs: Jobs) -> None:
    """Enqueue a job for each language of each tenant that has pieces of it in use, but not all."""
    for tenant, language in _incomplete():
        jobs.add(COMPLETE_PIECES, tenant, language.value, job_id=f"pieces_{tenant}_{language}")


def _incomplete() -> Iterator[tuple[str, Language]]:
    used = defaultdict[str, set[str]](set)
    for tenant, key in pieces_in_use():
        used[tenant].add(key)
    for tenant, keys in used.items():
        for language in Language:
            wanted = set(_wanted(language))
            if wanted & keys and wanted - keys:
                yield tenant, language


class PieceKeeper:
    """Makes what is missing, one piece after the other, and puts it into use. Doing it again changes nothing."""

    def __init__(
        self, database: Database, maker: PromptMaker, engine: Engine, publishing: Publishing, now: Callable[[], int]
    ) -> None:
        """`now` gives microseconds UTC."""
        self._database, self._maker, self._engine = database, maker, engine
        self._publishing, self._now = publishing, now
        self._log = structlog.get_logger("pieces")

    def complete(self, tenant: str, language: Language) -> None:
        """Make and publish first versions until one fails: its reason stands in the list, the next period tries again.

        What is made before a failure is put into use all the same.
        """
        voice = self._voice(tenant, language)
        for name in self._missing(tenant, language):
            if not self._make(tenant, language, name, voice):
                break
        self._publish(tenant, language)

    def _missing(self, tenant: str, language: Language) -> list[str]:
        known = _views(tenant, language)
        return [name for key, name in _wanted(language).items() if key not in known or _is_new(known[key])]

    def _make(self, tenant: str, language: Language, name: str, voice: str) -> bool:
        key = piece_id(language, name)
        self._add(tenant, language, name, voice)
        self._maker.make(tenant, key, 1)
        draft = prompt_view(tenant, key).draft
        return draft is None or draft.status == Status.READY

    def _add(self, tenant: str, language: Language, name: str, voice: str) -> None:
        content = Content(text=PIECES[language][name], language=language.value, voice=voice)
        with one_writer(self._database, f"prompts of {tenant}"):
            key = piece_id(language, name)
            if key not in _views(tenant, language):
                add_prompt(tenant, key, f"{language} {name}", Kind.PIECE, content, self._now())

    def _publish(self, tenant: str, language: Language) -> None:
        if not _made(tenant, language):
            return
        with self._publishing.turn(tenant), self._database.atomic():
            done = [view.prompt.key for view in _made(tenant, language) if publish_draft(view, self._now())]
        self._log.info("missing pieces are in use", tenant=tenant, pieces=done)

    def _voice(self, tenant: str, language: Language) -> str:
        """Return what most pieces in use are spoken with, if it can still be had; else the default ("")."""
        voices = Counter(
            view.current.voice for view in _views(tenant, language).values() if view.current and view.current.text
        )
        most = max(voices, key=lambda voice: voices[voice], default="")
        return most if most in self._engine.voices.get(language, ()) else ""


def _wanted(language: Language) -> dict[str, str]:
    """Return the names of a language's pieces by their keys."""
    return {piece_id(language, name): name for name in PIECES[language]}


def _views(tenant: str, language: Language) -> dict[str, PromptView]:
    wanted = _wanted(language)
    return {view.prompt.key: view for view in list_prompts(tenant, (Kind.PIECE,)) if view.prompt.key in wanted}


def _is_new(view: PromptView) -> bool:
    """Tell whether a piece has never been in use, nor been made anew by people."""
    return view.current is None and view.draft is not None and view.draft.number == 1


def _made(tenant: str, language: Language) -> list[PromptView]:
    views = _views(tenant, language).values()
    return [view for view in views if _is_new(view) and view.draft and view.draft.status == Status.READY]
