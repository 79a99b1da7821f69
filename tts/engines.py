"""The engine that the settings name."""

from tts.engine import Engine
from tts.espeak import Espeak
from tts.http import HttpEngine, Service
from tts.piper import Piper
from tts.settings import SpeechSettings


def make_engine(settings: SpeechSettings) -> Engine:
    """Make the engine; one that lacks settings is made too, and says what it lacks when it is to speak."""
    match settings.engine:
        case "piper":
            return Piper(settings.piper_program, settings.piper_models, settings.timeout_s)
        case "http":
            service = Service(
                url=settings.http_url,
                body=settings.http_body,
                headers=settings.http_headers,
                voices=settings.http_voices,
            )
            return HttpEngine(service, settings.timeout_s)
        case "espeak":
            return Espeak(settings.timeout_s)
