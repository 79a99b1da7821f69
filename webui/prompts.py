"""What people do with prompts and music: make drafts, listen, publish, delete (TTS-1)."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from peewee import Database, IntegrityError

from orchestrator.database import prompts as rows
from orchestrator.database.audit import note_change
from orchestrator.database.configuration import configuration
from orchestrator.database.connection import one_writer
from orchestrator.database.models import PromptVersion
from orchestrator.database.prompts import Content, Kind, PromptView, Status
from orchestrator.domain.prompt_uses import Use, prompt_uses
from orchestrator.publishing import Publishing
from orchestrator.speech import SpeechJobs
from tts.audio_limits import LARGEST_FILE, RATES
from tts.cache import Sounds
from tts.engine import Engine, Language, choose_voice
from tts.errors import EmptySoundError, TooLargeError
from tts.pieces import PIECES
from webui.errors import (
    DraftNotReadyError,
    NotFoundError,
    PromptInUseError,
    PromptNameTakenError,
    TooManyPromptsError,
)

#: What changes are noted under.
AREA = "prompts"

#: Prompts and music of a tenant.
MOST = 500

#: What pages play: the best there is.
LISTENING_RATE = max(RATES)


class Prompts:
    """One tenant's at a time; keys of other tenants don't exist. Raises NotFoundError for keys that don't."""

    def __init__(
        self,
        database: Database,
        sounds: Sounds,
        jobs: SpeechJobs,
        engine: Engine,
        now: Callable[[], int],
        publishing: Publishing,
    ) -> None:
        """`now` gives microseconds UTC."""
        self._database, self._sounds, self._jobs = database, sounds, jobs
        self.engine, self._now, self._publishing = engine, now, publishing

    def all(self, tenant: str, kinds: tuple[Kind, ...]) -> list[PromptView]:
        """List prompts and music, by name."""
        return rows.list_prompts(tenant, kinds)

    def one(self, tenant: str, key: str) -> PromptView:
        """Show one."""
        try:
            return rows.prompt_view(tenant, key)
        except rows.UnknownPromptError as unknown:
            raise NotFoundError from unknown

    def uses(self, tenant: str) -> dict[str, tuple[Use, ...]]:
        """Tell where prompts are played, by key, as configured now."""
        return dict(prompt_uses(configuration(tenant)))

    def spoken(self, text: str, language: Language, voice: str) -> Content:
        """Check what is to be spoken; raises EngineNotSetUpError, UnknownVoiceError."""
        choose_voice(self.engine, language, voice)
        return Content(text=text, language=language.value, voice=voice)

    def uploaded(self, tenant: str, file: bytes, file_name: str) -> Content:
        """Keep an uploaded file; raises EmptySoundError, TooLargeError. What it holds is for the worker to find out."""
        if not file:
            raise EmptySoundError
        if len(file) > LARGEST_FILE:
            raise TooLargeError(megabytes=str(LARGEST_FILE // 1024 // 1024))
        return Content(upload=self._sounds.keep_upload(tenant, file), file_name=file_name)

    def create(self, tenant: str, name: str, kind: Kind, content: Content) -> PromptView:
        """Add a prompt with its first draft; raises PromptNameTakenError, TooManyPromptsError."""
        key = f"p{secrets.token_hex(6)}"
        with one_writer(self._database, f"prompts of {tenant}"):
            if len(rows.list_prompts(tenant, (Kind.PROMPT, Kind.MUSIC))) >= MOST:
                raise TooManyPromptsError(most=str(MOST))
            try:
                rows.add_prompt(tenant, key, name, kind, content, self._now())
            except IntegrityError as taken:
                raise PromptNameTakenError(name=name) from taken
        self._jobs.make_prompt(tenant, key, 1)
        return self.one(tenant, key)

    def redraft(self, tenant: str, key: str, content: Content) -> PromptView:
        """Begin a new draft in place of the one there may be."""
        with one_writer(self._database, f"prompts of {tenant}"):
            draft = rows.replace_draft(self.one(tenant, key), content, self._now())
        self._jobs.make_prompt(tenant, key, draft.number)
        return self.one(tenant, key)

    def retry(self, tenant: str, key: str) -> PromptView:
        """Have a draft made that failed or that nobody took up; raises NotFoundError without a draft."""
        draft = self.one(tenant, key).draft
        if draft is None:
            raise NotFoundError
        if draft.status != Status.READY:
            rows.mark_version(draft, self._now(), status=Status.PENDING.value, error="", error_details={})
            self._jobs.make_prompt(tenant, key, draft.number)
        return self.one(tenant, key)

    def publish(self, tenant: str, key: str, who: str) -> PromptView:
        """Put the draft into use for the next call; raises DraftNotReadyError. Doing it again changes nothing."""
        with self._change(tenant, key, who):
            view = self.one(tenant, key)
            if (view.draft or not view.current) and not rows.publish_draft(view, self._now()):
                raise DraftNotReadyError
        return self.one(tenant, key)

    def discard(self, tenant: str, key: str) -> None:
        """Forget the draft, and with it a prompt that has nothing else."""
        rows.discard_draft(self.one(tenant, key))

    def rename(self, tenant: str, key: str, name: str, who: str) -> PromptView:
        """Give another name; raises PromptNameTakenError."""
        with self._change(tenant, key, who):
            try:
                rows.rename_prompt(self.one(tenant, key), name, self._now())
            except IntegrityError as taken:
                raise PromptNameTakenError(name=name) from taken
        return self.one(tenant, key)

    def delete(self, tenant: str, key: str, who: str) -> None:
        """Forget a prompt; raises PromptInUseError naming where it is played."""
        with self._change(tenant, key, who):
            view = self.one(tenant, key)
            uses = self.uses(tenant).get(key, ())
            if uses:
                raise PromptInUseError(places=", ".join(use.name for use in uses))
            rows.delete_prompt(view)

    def default_music(self) -> Path:
        """Find the music that every installation has; raises NotFoundError where `zuoxi init` has not made it."""
        file = self._sounds.default_music(LISTENING_RATE).absolute()
        if not file.is_file():
            raise NotFoundError
        return file

    def file(self, tenant: str, version: PromptVersion | None) -> Path:
        """Find what a version sounds like; raises NotFoundError while it isn't ready."""
        if version is None or version.status != Status.READY or self._sounds.find(tenant, version.sha) is None:
            raise NotFoundError
        return self._sounds.file(tenant, version.sha, LISTENING_RATE).absolute()

    def pieces(self, tenant: str, language: Language) -> list[PromptView]:
        """List the pieces of a language's announcements."""
        prefix = _piece(language, "")
        return [view for view in rows.list_prompts(tenant, (Kind.PIECE,)) if view.prompt.key.startswith(prefix)]

    def prepare_pieces(self, tenant: str, language: Language, voice: str) -> list[PromptView]:
        """Begin drafts of all pieces of a language; raises EngineNotSetUpError, UnknownVoiceError."""
        with one_writer(self._database, f"prompts of {tenant}"):
            known = {view.prompt.key: view for view in self.pieces(tenant, language)}
            for name, text in PIECES[language].items():
                key, content = _piece(language, name), self.spoken(text, language, voice)
                if key in known:
                    rows.replace_draft(known[key], content, self._now())
                else:
                    rows.add_prompt(tenant, key, f"{language} {name}", Kind.PIECE, content, self._now())
        views = self.pieces(tenant, language)
        # A job each: records that come meanwhile are written between them.
        for view in views:
            if view.draft is not None:
                self._jobs.make_prompt(tenant, view.prompt.key, view.draft.number)
        return views

    def publish_pieces(self, tenant: str, language: Language) -> list[PromptView]:
        """Put all pieces of a language into use at once; raises DraftNotReadyError unless every one is ready."""
        with self._publishing.turn(tenant), self._database.atomic():
            views = self.pieces(tenant, language)
            drafts = [view for view in views if view.draft is not None]
            if len(views) < len(PIECES[language]) or any(
                view.draft and view.draft.status != Status.READY for view in drafts
            ):
                raise DraftNotReadyError
            for view in drafts:
                rows.publish_draft(view, self._now())
        return self.pieces(tenant, language)

    @contextmanager
    def _change(self, tenant: str, key: str, who: str) -> Iterator[None]:
        """Let the block change what callers hear: while nobody else does, noted with `who`, in force afterwards."""
        with self._publishing.turn(tenant), self._database.atomic():
            before = configuration(tenant).prompts.get(key)
            yield
            after = configuration(tenant).prompts.get(key)
            if before != after:
                note_change(tenant, AREA, key, who, self._now(), before, after)


def _piece(language: Language, name: str) -> str:
    return f"piece-{language}-{name}"
