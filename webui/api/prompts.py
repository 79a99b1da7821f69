"""Prompts and music: texts and files become drafts, drafts are heard, then published (TTS-1, QUEUE-1)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from apiflask import APIBlueprint, FileSchema
from flask import Response, request, send_file
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from orchestrator.database.models import PromptVersion
from orchestrator.database.prompts import Content, Kind, PromptView, Status
from tts.audio_limits import LARGEST_FILE
from tts.engine import Language
from tts.errors import SoundError, TooLargeError
from tts.pieces import PIECES
from webui.api import prompt_shapes as shapes
from webui.errors import NotFoundError
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.prompts import Prompts
from webui.services import services

bp = APIBlueprint("prompts", __name__, url_prefix="/api/v1/prompts", tag="Prompts")

#: Bytes of a request beside its file: names, boundaries.
BESIDES = 64 * 1024

#: Characters kept of what the uploaded file was called.
FILE_NAME = 200

View = TypeVar("View", bound=Callable[..., Any])


def takes_file(view: View) -> View:
    """Let a request be as large as a file may be. Reading stops there; raises TooLargeError."""

    @wraps(view)
    def limited(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever the view takes and returns
        request.max_content_length = LARGEST_FILE + BESIDES
        try:
            return view(*args, **kwargs)
        except RequestEntityTooLarge as large:
            raise TooLargeError(megabytes=str(LARGEST_FILE // 1024 // 1024)) from large

    return limited  # type: ignore[return-value]


@bp.get("")
@requires(Permission.VIEW_PROMPTS)
@bp.input(shapes.PromptQuery, location="query")
@bp.output(shapes.PromptList)
def index(query_data: shapes.PromptQuery) -> shapes.PromptList:
    """List prompts and music."""
    kinds = (Kind(query_data.kind),) if query_data.kind else (Kind.PROMPT, Kind.MUSIC)
    uses = _prompts().uses(tenant())
    views = _prompts().all(tenant(), kinds)
    return shapes.PromptList(items=[shapes.prompt_out(view, uses.get(view.prompt.key, ())) for view in views])


@bp.post("")
@requires(Permission.EDIT_PROMPTS)
@bp.input(shapes.NewPrompt)
@bp.output(shapes.PromptOut, status_code=201)
def create(json_data: shapes.NewPrompt) -> shapes.PromptOut:
    """Make a draft of a text, to be heard before it is published."""
    content = _prompts().spoken(json_data.text, json_data.language, json_data.voice)
    return _out(_prompts().create(tenant(), json_data.name, Kind(json_data.kind), content))


@bp.post("/upload")
@requires(Permission.EDIT_PROMPTS)
@takes_file
@bp.input(shapes.NewUpload, location="files")
@bp.output(shapes.PromptOut, status_code=201)
def create_from_file(files_data: shapes.NewUpload) -> shapes.PromptOut:
    """Make a draft of an uploaded file."""
    content = _uploaded(files_data.file)
    return _out(_prompts().create(tenant(), files_data.name, Kind(files_data.kind), content))


@bp.get("/voices")
@requires(Permission.VIEW_PROMPTS)
@bp.output(shapes.VoiceList)
def voices() -> shapes.VoiceList:
    """Tell which voices there are."""
    engine = _prompts().engine
    return shapes.VoiceList(engine=engine.name, items=[_voices(language) for language in Language])


@bp.get("/pieces")
@requires(Permission.VIEW_PROMPTS)
@bp.output(shapes.PiecesList)
def list_pieces() -> shapes.PiecesList:
    """Tell how far the pieces are that announcements of position and wait are put together from (QUEUE-5)."""
    return shapes.PiecesList(items=[_pieces(language) for language in Language])


@bp.post("/pieces/<language>")
@requires(Permission.EDIT_PROMPTS)
@bp.input(shapes.VoiceChoice)
@bp.output(shapes.PiecesOut, status_code=202)
def prepare_pieces(language: str, json_data: shapes.VoiceChoice) -> shapes.PiecesOut:
    """Have all pieces of a language (zh, en) spoken, as drafts."""
    _prompts().prepare_pieces(tenant(), _language(language), json_data.voice)
    return _pieces(_language(language))


@bp.post("/pieces/<language>/publish")
@requires(Permission.EDIT_PROMPTS)
@bp.output(shapes.PiecesOut)
def publish_pieces(language: str) -> shapes.PiecesOut:
    """Put all pieces of a language into use at once; refused with 409 until every one is ready."""
    _prompts().publish_pieces(tenant(), _language(language))
    return _pieces(_language(language))


@bp.get("/<prompt>")
@requires(Permission.VIEW_PROMPTS)
@bp.output(shapes.PromptOut)
def show(prompt: str) -> shapes.PromptOut:
    """Show a prompt: how far its draft is, what is in use, and where."""
    return _out(_prompts().one(tenant(), prompt))


@bp.patch("/<prompt>")
@requires(Permission.EDIT_PROMPTS)
@bp.input(shapes.Rename)
@bp.output(shapes.PromptOut)
def rename(prompt: str, json_data: shapes.Rename) -> shapes.PromptOut:
    """Give it another name."""
    return _out(_prompts().rename(tenant(), prompt, json_data.name, identity().id))


@bp.delete("/<prompt>")
@requires(Permission.EDIT_PROMPTS)
@bp.output({}, status_code=204)
def delete(prompt: str) -> tuple[str, int]:
    """Delete it; refused with 409 while something plays it."""
    _prompts().delete(tenant(), prompt, identity().id)
    return "", 204


@bp.get("/default-music/audio")
@requires(Permission.VIEW_PROMPTS)
@bp.output(FileSchema(), content_type="audio/wav", description="A WAV file; parts by Range")
def default_music() -> Response:
    """Listen to the music of queues that have none of their own."""
    return send_file(_prompts().default_music(), mimetype="audio/wav")


@bp.get("/<prompt>/audio")
@requires(Permission.VIEW_PROMPTS)
@bp.input(shapes.AudioQuery, location="query")
@bp.output(FileSchema(), content_type="audio/wav", description="A WAV file; parts by Range")
def audio(prompt: str, query_data: shapes.AudioQuery) -> Response:
    """Listen to it, or download it."""
    view = _prompts().one(tenant(), prompt)
    file = _prompts().file(tenant(), _wanted(view, query_data.version))
    return send_file(
        file, mimetype="audio/wav", as_attachment=query_data.download, download_name=f"{view.prompt.name}.wav"
    )


@bp.put("/<prompt>/draft")
@requires(Permission.EDIT_PROMPTS)
@bp.input(shapes.Speech)
@bp.output(shapes.PromptOut)
def redraft(prompt: str, json_data: shapes.Speech) -> shapes.PromptOut:
    """Begin a new draft with a text; what callers hear stays."""
    content = _prompts().spoken(json_data.text, json_data.language, json_data.voice)
    return _out(_prompts().redraft(tenant(), prompt, content))


@bp.post("/<prompt>/draft/upload")
@requires(Permission.EDIT_PROMPTS)
@takes_file
@bp.input(shapes.Upload, location="files")
@bp.output(shapes.PromptOut)
def redraft_from_file(prompt: str, files_data: shapes.Upload) -> shapes.PromptOut:
    """Begin a new draft with a file; what callers hear stays."""
    _prompts().one(tenant(), prompt)
    return _out(_prompts().redraft(tenant(), prompt, _uploaded(files_data.file)))


@bp.post("/<prompt>/draft/retry")
@requires(Permission.EDIT_PROMPTS)
@bp.output(shapes.PromptOut)
def retry(prompt: str) -> shapes.PromptOut:
    """Have a draft made again that failed."""
    return _out(_prompts().retry(tenant(), prompt))


@bp.delete("/<prompt>/draft")
@requires(Permission.EDIT_PROMPTS)
@bp.output({}, status_code=204)
def discard(prompt: str) -> tuple[str, int]:
    """Discard the draft; a prompt that was never published goes with it."""
    _prompts().discard(tenant(), prompt)
    return "", 204


@bp.post("/<prompt>/publish")
@requires(Permission.EDIT_PROMPTS)
@bp.output(shapes.PromptOut)
def publish(prompt: str) -> shapes.PromptOut:
    """Put the draft into use for the next call; refused with 409 until it is ready."""
    return _out(_prompts().publish(tenant(), prompt, identity().id))


def _prompts() -> Prompts:
    return services().prompts


def _out(view: PromptView) -> shapes.PromptOut:
    return shapes.prompt_out(view, _prompts().uses(tenant()).get(view.prompt.key, ()))


def _uploaded(file: FileStorage) -> Content:
    printable = "".join(letter for letter in file.filename or "" if letter.isprintable())
    return _prompts().uploaded(tenant(), file.read(LARGEST_FILE + 1), printable[-FILE_NAME:])


def _wanted(view: PromptView, version: str | None) -> PromptVersion | None:
    match version:
        case "draft":
            return view.draft
        case "current":
            return view.current
        case _:
            return view.draft if view.draft and view.draft.status == Status.READY else view.current


def _language(name: str) -> Language:
    try:
        return Language(name)
    except ValueError as unknown:
        raise NotFoundError from unknown


def _voices(language: Language) -> shapes.VoicesOut:
    engine, error = _prompts().engine, None
    try:
        engine.check(language)
    except SoundError as lacking:
        error = shapes.error_out(lacking.id, lacking.details)
    return shapes.VoicesOut(language=language, voices=list(engine.voices.get(language, ())), error=error)


def _pieces(language: Language) -> shapes.PiecesOut:
    return shapes.pieces_out(language, _prompts().pieces(tenant(), language), len(PIECES[language]))
