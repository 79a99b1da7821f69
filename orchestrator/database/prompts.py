"""Prompts, music and pieces, with their versions: always one tenant's (SAFE-3)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from peewee import Expression

from orchestrator.database.models import Prompt, PromptVersion


class Kind(StrEnum):
    """What a sound is for."""

    PROMPT = "prompt"
    MUSIC = "music"
    PIECE = "piece"


class Status(StrEnum):
    """How far a version is."""

    PENDING = "pending"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


class UnknownPromptError(LookupError):
    """There is no such prompt, or no such version of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a version is to be made of: a text with its language and voice, or an uploaded file."""

    text: str = ""
    language: str = ""
    voice: str = ""
    upload: str = ""
    file_name: str = ""

    @property
    def source(self) -> str:
        """Which of the two it is."""
        return "file" if self.upload else "text"


@dataclass(frozen=True, slots=True)
class PromptView:
    """A prompt with the version in use and the one that may replace it."""

    prompt: Prompt
    current: PromptVersion | None
    draft: PromptVersion | None


def list_prompts(tenant: str, kinds: Iterable[Kind]) -> list[PromptView]:
    """Read all prompts of these kinds, by name."""
    found = Prompt.select().where(Prompt.tenant == tenant, Prompt.kind.in_(list(kinds))).order_by(Prompt.name)
    prompts = list(found)
    versions: dict[int, list[PromptVersion]] = {prompt.id: [] for prompt in prompts}
    for version in _wanted_versions(PromptVersion.prompt.in_(list(versions))):
        versions[version.prompt_id].append(version)
    return [_view(prompt, versions[prompt.id]) for prompt in prompts]


def prompt_view(tenant: str, key: str) -> PromptView:
    """Read one prompt; raises UnknownPromptError."""
    prompt = Prompt.get_or_none(Prompt.tenant == tenant, Prompt.key == key)
    if prompt is None:
        raise UnknownPromptError(f"there is no prompt {key!r}")
    return _view(prompt, list(_wanted_versions(PromptVersion.prompt == prompt)))


def add_prompt(tenant: str, key: str, name: str, kind: Kind, content: Content, now: int) -> Prompt:
    """Add a prompt whose first version is a draft; raises peewee.IntegrityError for a name or key that is taken."""
    with Prompt._meta.database.atomic():
        prompt = Prompt.create(tenant=tenant, key=key, name=name, kind=kind.value, created=now, updated=now)
        _add_version(prompt, 1, content, now)
    return prompt


def replace_draft(view: PromptView, content: Content, now: int) -> PromptVersion:
    """Make a new draft in place of the one there may be."""
    with Prompt._meta.database.atomic():
        newest = PromptVersion.select(PromptVersion.number).where(PromptVersion.prompt == view.prompt)
        number = max((row.number for row in newest), default=0) + 1
        version = _add_version(view.prompt, number, content, now)
        PromptVersion.delete().where(
            PromptVersion.prompt == view.prompt,
            PromptVersion.number != number,
            PromptVersion.number != (view.prompt.current or 0),
        ).execute()
    return version


def publish_draft(view: PromptView, now: int) -> bool:
    """Put the draft into use if it is ready and still the draft; tells whether it did."""
    if view.draft is None or view.draft.status != Status.READY:
        return False
    with Prompt._meta.database.atomic():
        same = PromptVersion.select().where(PromptVersion.id == view.draft.id).exists()
        if same:
            Prompt.update(current=view.draft.number, updated=now).where(Prompt.id == view.prompt.id).execute()
            old = (PromptVersion.prompt == view.prompt) & (PromptVersion.number < view.draft.number)
            PromptVersion.delete().where(old).execute()
    return same


def discard_draft(view: PromptView) -> None:
    """Forget the draft; a prompt that has nothing else goes with it."""
    if view.current is None:
        view.prompt.delete_instance()
    elif view.draft is not None:
        view.draft.delete_instance()


def rename_prompt(view: PromptView, name: str, now: int) -> None:
    """Give a prompt another name; raises peewee.IntegrityError for one that is taken."""
    with Prompt._meta.database.atomic():
        Prompt.update(name=name, updated=now).where(Prompt.id == view.prompt.id).execute()


def delete_prompt(view: PromptView) -> None:
    """Forget a prompt with all versions."""
    view.prompt.delete_instance()


def shas_in_use(tenant: str) -> set[str]:
    """Name all sounds and uploads that versions refer to."""
    found = PromptVersion.select(PromptVersion.sha, PromptVersion.upload).join(Prompt).where(Prompt.tenant == tenant)
    return {name for row in found for name in (row.sha, row.upload) if name}


def current_sounds(tenant: str) -> list[tuple[Prompt, PromptVersion]]:
    """Read the prompts in use with their versions, by key: what the call path may play."""
    found = (
        PromptVersion.select(PromptVersion, Prompt)
        .join(Prompt)
        .where(
            Prompt.tenant == tenant,
            PromptVersion.number == Prompt.current,
            PromptVersion.status == Status.READY.value,
        )
        .order_by(Prompt.key)
    )
    return [(version.prompt, version) for version in found]


def pieces_in_use() -> Iterator[tuple[str, str]]:
    """Name every tenant's pieces in use, each with its tenant."""
    in_use = (Prompt.kind == Kind.PIECE.value) & Prompt.current.is_null(False)
    return iter(Prompt.select(Prompt.tenant, Prompt.key).where(in_use).tuples())


def version_to_make(tenant: str, key: str, number: int) -> PromptVersion | None:
    """Find a version that isn't ready yet, with its prompt; None when it is, or is gone."""
    found = PromptVersion.select(PromptVersion, Prompt).join(Prompt).where(Prompt.tenant == tenant, Prompt.key == key)
    version: PromptVersion | None = found.where(
        PromptVersion.number == number, PromptVersion.status != Status.READY.value
    ).first()
    return version


def mark_version(version: PromptVersion, now: int, **values: object) -> bool:
    """Write what became of a version, unless it is ready or gone; tells whether it did."""
    unfinished = (PromptVersion.id == version.id) & (PromptVersion.status != Status.READY.value)
    return bool(PromptVersion.update({**values, "updated": now}).where(unfinished).execute())


def _wanted_versions(condition: Expression) -> Iterable[PromptVersion]:
    return PromptVersion.select().where(condition).order_by(PromptVersion.number)


def _view(prompt: Prompt, versions: list[PromptVersion]) -> PromptView:
    current = next((version for version in versions if version.number == prompt.current), None)
    draft = next((version for version in reversed(versions) if version.number > (prompt.current or 0)), None)
    return PromptView(prompt, current, draft)


def _add_version(prompt: Prompt, number: int, content: Content, now: int) -> PromptVersion:
    return PromptVersion.create(
        prompt=prompt,
        number=number,
        source=content.source,
        text=content.text,
        language=content.language,
        voice=content.voice,
        upload=content.upload,
        file_name=content.file_name,
        created=now,
        updated=now,
    )
