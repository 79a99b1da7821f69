"""What requests about prompts hold, and what their answers look like."""

from typing import Annotated, Literal

from apiflask.fields import UploadFile
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.database.models import PromptVersion
from orchestrator.database.prompts import Kind, PromptView, Status
from orchestrator.domain.prompt_uses import Use
from tts.engine import Language
from webui.api.shapes import PRINTABLE, Input, Query
from webui.errors import ErrorDetail
from webui.services import services

#: What people upload and name; pieces are made by the product.
OwnKind = Literal["prompt", "music"]
PromptName = Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTABLE)]
#: Letters of any language, line ends, no other control characters.
Spoken = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]*$")]
VoiceName = Annotated[str, Field(max_length=100, pattern=PRINTABLE)]


class PromptQuery(Query):
    """Which prompts; prompts and music without `kind`."""

    kind: OwnKind | Literal["piece"] | None = None


class Speech(Input):
    """A text to be spoken; `voice` is one of `/prompts/voices`, empty for the default."""

    text: Spoken
    language: Language
    voice: VoiceName = ""


class NewPrompt(Speech):
    """A prompt made of a text."""

    name: PromptName
    kind: OwnKind = "prompt"


class NewUpload(BaseModel):
    """A prompt or music made of a file: wav, mp3, ogg, flac, m4a; at most 20 MB."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    name: PromptName
    kind: OwnKind = "prompt"
    file: UploadFile


class Upload(BaseModel):
    """Another file for a prompt."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: UploadFile


class Rename(Input):
    """Another name."""

    name: PromptName


class VoiceChoice(Input):
    """Who speaks the pieces; empty for the default."""

    voice: VoiceName = ""


class AudioQuery(Query):
    """Which version: the draft if it is ready, otherwise the one in use, unless named."""

    version: Literal["draft", "current"] | None = None
    download: bool = False


class VersionOut(BaseModel):
    """A version and how far it is; `error` tells why it failed, `ms` is its length, `size` its bytes."""

    number: int
    source: Literal["text", "file"]
    text: str
    language: str
    voice: str
    file_name: str
    status: Status
    error: ErrorDetail | None
    ms: int
    size: int
    created: int
    updated: int


class UseOut(BaseModel):
    """A queue, menu or number that plays it."""

    where: str
    id: str
    name: str


class PromptOut(BaseModel):
    """A prompt: `current` is what callers hear, `draft` what may replace it once published."""

    id: str
    name: str
    kind: Kind
    current: VersionOut | None
    draft: VersionOut | None
    used_by: list[UseOut]
    created: int
    updated: int


class PromptList(BaseModel):
    """Prompts and music, by name."""

    items: list[PromptOut]


class VoicesOut(BaseModel):
    """The voices of a language, the default first; `error` tells what the engine lacks."""

    language: Language
    voices: list[str]
    error: ErrorDetail | None


class VoiceList(BaseModel):
    """Which engine speaks, and with what voices."""

    engine: str
    items: list[VoicesOut]


class PiecesOut(BaseModel):
    """How far the pieces of a language are: counts of drafts by status, and of pieces in use."""

    language: Language
    voice: str
    total: int
    in_use: int
    waiting: int
    ready: int
    failed: int
    error: ErrorDetail | None


class PiecesList(BaseModel):
    """Every language's pieces."""

    items: list[PiecesOut]


def prompt_out(view: PromptView, uses: tuple[Use, ...]) -> PromptOut:
    """Describe a prompt."""
    return PromptOut(
        id=view.prompt.key,
        name=view.prompt.name,
        kind=Kind(view.prompt.kind),
        current=version_out(view.current) if view.current else None,
        draft=version_out(view.draft) if view.draft else None,
        used_by=[UseOut(where=use.where, id=use.id, name=use.name) for use in uses],
        created=view.prompt.created,
        updated=view.prompt.updated,
    )


def version_out(version: PromptVersion) -> VersionOut:
    """Describe a version."""
    return VersionOut(
        number=version.number,
        source="file" if version.upload else "text",
        text=version.text,
        language=version.language,
        voice=version.voice,
        file_name=version.file_name,
        status=Status(version.status),
        error=error_out(version.error, version.error_details) if version.error else None,
        ms=version.ms,
        size=version.size,
        created=version.created,
        updated=version.updated,
    )


def error_out(id_: str, details: dict[str, str]) -> ErrorDetail:
    """Tell a sound's error in the user's language."""
    return ErrorDetail(id=id_, message=services().texts.message(f"errors.{id_}", **details), fields={})


def pieces_out(language: Language, views: list[PromptView], total: int) -> PiecesOut:
    """Count a language's pieces."""
    drafts = [view.draft for view in views if view.draft]
    failed = [draft for draft in drafts if draft.status == Status.FAILED]
    newest = [view.draft or view.current for view in views]
    return PiecesOut(
        language=language,
        voice=next((version.voice for version in newest if version), ""),
        total=total,
        in_use=sum(view.current is not None for view in views),
        waiting=sum(draft.status in (Status.PENDING, Status.WORKING) for draft in drafts),
        ready=sum(draft.status == Status.READY for draft in drafts),
        failed=len(failed),
        error=error_out(failed[0].error, failed[0].error_details) if failed else None,
    )
