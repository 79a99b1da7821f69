"""Any speech service that is asked by HTTP and answers with audio."""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import orjson

from tts.audio_limits import LARGEST_FILE
from tts.engine import Language, Voices, choose_voice
from tts.errors import EngineFailedError, EngineNotSetUpError


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How to ask. `{text}`, `{language}` and `{voice}` are filled in, in `url` and in the texts of `body`.

    Without a `body` it is a GET, with one a POST of JSON.
    """

    url: str
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    voices: Voices = field(default_factory=dict)


#: Where values go.
_PLACE = re.compile(r"(\{text\}|\{language\}|\{voice\})")


class _NoRedirect(HTTPRedirectHandler):
    """What the operator has set is asked, and nothing else."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


class HttpEngine:
    """Asks a service; its answer is converted like an uploaded file."""

    def __init__(self, service: Service, timeout_s: float) -> None:
        """`timeout_s` bounds each wait for the service."""
        self._service, self._timeout_s = service, timeout_s

    @property
    def name(self) -> str:
        """Changes with what is asked, but for the headers, which hold keys."""
        asked = self._service.url.encode() + orjson.dumps(self._service.body)
        return f"http-{sha256(asked).hexdigest()[:12]}"

    @property
    def voices(self) -> Voices:
        """As set; services don't tell."""
        return self._service.voices

    def check(self, language: Language) -> None:
        """Raise EngineNotSetUpError unless address and voices are set."""
        if urlsplit(self._service.url).scheme not in ("http", "https"):
            raise EngineNotSetUpError(setting="ZUOXI_SPEECH_HTTP_URL")
        if not self.voices.get(language):
            raise EngineNotSetUpError(setting="ZUOXI_SPEECH_HTTP_VOICES")

    def synthesize(self, text: str, language: Language, voice: str) -> bytes:
        """Return the service's answer; raises EngineNotSetUpError, UnknownVoiceError, EngineFailedError."""
        chosen = choose_voice(self, language, voice)
        values = {"{text}": text, "{language}": str(language), "{voice}": chosen}
        try:
            return self._ask(self._request(values))
        except HTTPError as refused:
            raise EngineFailedError(reason=f"HTTP {refused.code} {refused.reason}"[:200]) from refused
        except (URLError, OSError, http.client.HTTPException) as failed:
            raise EngineFailedError(reason=str(failed)[:200]) from failed

    def _request(self, values: Mapping[str, str]) -> Request:
        url = _filled(self._service.url, {name: quote(value, safe="") for name, value in values.items()})
        headers = dict(self._service.headers)
        if not self._service.body:
            return Request(url, headers=headers)  # noqa: S310 - the scheme is checked above
        body = orjson.dumps(_filled(self._service.body, values))
        return Request(url, body, {"Content-Type": "application/json", **headers})  # noqa: S310 - see above

    def _ask(self, request: Request) -> bytes:
        with build_opener(_NoRedirect).open(request, timeout=self._timeout_s) as answer:
            audio: bytes = answer.read(LARGEST_FILE + 1)
        if len(audio) > LARGEST_FILE:
            raise EngineFailedError(reason="the answer is too large")
        if not audio:
            raise EngineFailedError(reason="the answer is empty")
        return audio


def _filled(template: Any, values: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """Fill the places of all texts, each once: what a value holds is never taken for a place."""
    match template:
        case str():
            parts = _PLACE.split(template)
            return "".join(values.get(part, part) for part in parts)
        case dict():
            return {name: _filled(part, values) for name, part in template.items()}
        case list():
            return [_filled(part, values) for part in template]
        case _:
            return template
