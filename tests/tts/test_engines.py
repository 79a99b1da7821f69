"""The engines, and how the settings choose one."""

import io
import stat
import wave
from pathlib import Path

import pytest

from tests.tts.audio_files import encode
from tts.engine import Language, choose_voice
from tts.engines import make_engine
from tts.errors import EngineFailedError, EngineNotSetUpError, UnknownVoiceError
from tts.espeak import Espeak
from tts.http import HttpEngine
from tts.piper import Piper
from tts.settings import SpeechSettings


@pytest.mark.parametrize("language", list(Language))
def test_every_voice_of_espeak_speaks(language: Language) -> None:
    """TTS-1: each voice that is offered gives audio out of the box."""
    engine = Espeak(20)
    text = "您好，请稍候" if language is Language.ZH else "Hello, please wait"
    made = {engine.synthesize(text, language, voice) for voice in engine.voices[language]}
    assert len(made) == len(engine.voices[language])
    for file in made:
        with wave.open(io.BytesIO(file)) as sound:
            assert 0.4 < sound.getnframes() / sound.getframerate() < 4


def test_text_is_never_an_option_nor_markup() -> None:
    """SAFE-2: what looks like an option, a command or espeak-ng's markup is spoken, or silent, and nothing else."""
    for text in ("--help", "; rm -rf /", "$(id)", "<audio src='file:///etc/passwd'/>", "[[x]]", "a\0b", "\ud7ff"):
        assert Espeak(20).synthesize(text, Language.EN, "").startswith(b"RIFF")


def test_a_voice_that_is_not_offered_is_refused() -> None:
    """TTS-1, SAFE-2: only names of the list reach the engine."""
    engine = Espeak(20)
    assert choose_voice(engine, Language.ZH, "") == engine.voices[Language.ZH][0]
    for voice in ("british", "../../etc/passwd", "cmn", "female\n"):
        with pytest.raises(UnknownVoiceError):
            engine.synthesize("x", Language.ZH, voice)


def _program(folder: Path, body: str) -> str:
    program = folder / "piper"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


def test_piper_is_run_with_the_model_of_the_voice(tmp_path: Path) -> None:
    """TTS-1: a voice is a model; another model under the same name is told apart."""
    model, speech = tmp_path / "zh voice.onnx", tmp_path / "speech.wav"
    model.touch()
    speech.write_bytes(encode("wav"))
    engine = Piper(_program(tmp_path, f'[ "$2" = "{model}" ] && cp "{speech}" "$4"'), {Language.ZH: (model,)}, 20)
    assert engine.voices == {Language.ZH: ("zh voice",)}
    assert engine.synthesize("您好", Language.ZH, "zh voice") == speech.read_bytes()
    before = engine.name
    model.write_bytes(b"another model")
    assert engine.name != before


def test_piper_speaks_what_it_is_told(tmp_path: Path) -> None:
    """TTS-1: standard input is one line of text, the answer is the file the program wrote."""
    model = tmp_path / "v.onnx"
    model.touch()
    engine = Piper(_program(tmp_path, 'cat > "$4"'), {Language.EN: (model,)}, 20)
    assert engine.synthesize("--help\n$(id)", Language.EN, "v") == b"--help $(id)\n"


def test_piper_that_fails_or_hangs_is_told(tmp_path: Path) -> None:
    """TTS-1: what it said last is the reason; one that hangs is stopped."""
    model = tmp_path / "v.onnx"
    model.touch()
    models = {Language.EN: (model,)}
    with pytest.raises(EngineFailedError, match="no such model"):
        Piper(_program(tmp_path, "echo no such model >&2; exit 3"), models, 20).synthesize("x", Language.EN, "")
    with pytest.raises(EngineFailedError, match=r"0\.1 s"):
        Piper(_program(tmp_path, "exec tail -f /dev/null"), models, 0.1).synthesize("x", Language.EN, "")


def test_a_model_that_is_gone_is_named(tmp_path: Path) -> None:
    """TTS-1: the setting to look at is told."""
    engine = Piper(_program(tmp_path, "true"), {Language.EN: (tmp_path / "gone.onnx",)}, 20)
    for language in Language:
        with pytest.raises(EngineNotSetUpError, match="PIPER_MODELS"):
            engine.synthesize("x", language, "")


def test_settings_choose_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """TTS-1: espeak-ng unless another one is named."""
    assert isinstance(make_engine(SpeechSettings()), Espeak)
    monkeypatch.setenv("ZUOXI_SPEECH_ENGINE", "http")
    monkeypatch.setenv("ZUOXI_SPEECH_HTTP_URL", "file:///etc/passwd")
    engine = make_engine(SpeechSettings())
    assert isinstance(engine, HttpEngine)
    with pytest.raises(EngineNotSetUpError, match="HTTP_URL"):
        engine.synthesize("x", Language.EN, "")
    monkeypatch.setenv("ZUOXI_SPEECH_ENGINE", "piper")
    monkeypatch.setenv("ZUOXI_SPEECH_PIPER_MODELS", '{"zh": ["/models/a.onnx"]}')
    assert make_engine(SpeechSettings()).voices == {Language.ZH: ("a",)}
