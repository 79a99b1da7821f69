"""Settings of speech: environment variables named ZUOXI_SPEECH_..."""

from pathlib import Path
from typing import Any, Literal

from pydantic_settings import BaseSettings, SettingsConfigDict

from tts.engine import Language


class SpeechSettings(BaseSettings):
    """Which engine speaks, and what it needs. Mappings are JSON, by language (`zh`, `en`)."""

    model_config = SettingsConfigDict(env_prefix="ZUOXI_SPEECH_")

    engine: Literal["espeak", "piper", "http"] = "espeak"
    timeout_s: float = 60.0
    piper_program: str = "piper"
    piper_models: dict[Language, tuple[Path, ...]] = {}
    http_url: str = ""
    http_body: dict[str, Any] = {}
    http_headers: dict[str, str] = {}
    http_voices: dict[Language, tuple[str, ...]] = {}
