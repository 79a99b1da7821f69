"""Piper: neural voices offline, by a program and models that the operator installs."""

import re
import shutil
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from tts.child import ChildTimeoutError, run_program
from tts.engine import Language, Voices, choose_voice
from tts.errors import EngineFailedError, EngineNotSetUpError


class Piper:
    """One model (an .onnx file with its .onnx.json beside it) is one voice, named after the file."""

    def __init__(self, program: str, models: Mapping[Language, tuple[Path, ...]], timeout_s: float) -> None:
        """`program` is a path or a name on the PATH."""
        self._program, self._timeout_s = program, timeout_s
        self._models = {language: {path.stem: path for path in paths} for language, paths in models.items()}

    @property
    def name(self) -> str:
        """Changes with the models' files: another model under the same name is another voice."""
        files = [path for models in self._models.values() for path in models.values() if path.is_file()]
        known = "".join(f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns};" for path in sorted(files))
        return f"piper-{sha256(known.encode()).hexdigest()[:12]}"

    @property
    def voices(self) -> Voices:
        """One for each model."""
        return {language: tuple(models) for language, models in self._models.items() if models}

    def check(self, language: Language) -> None:
        """Raise EngineNotSetUpError unless program and models are there."""
        if not self._program or shutil.which(self._program) is None:
            raise EngineNotSetUpError(setting="ZUOXI_SPEECH_PIPER_PROGRAM")
        models = self._models.get(language, {})
        if not models or not all(path.is_file() for path in models.values()):
            raise EngineNotSetUpError(setting="ZUOXI_SPEECH_PIPER_MODELS")

    def synthesize(self, text: str, language: Language, voice: str) -> bytes:
        """Return a WAV file; raises EngineNotSetUpError, UnknownVoiceError, EngineFailedError."""
        chosen = choose_voice(self, language, voice)
        model = self._models[language][chosen]
        with TemporaryDirectory(prefix="piper") as folder:
            made = Path(folder) / "speech.wav"
            command = [self._program, "--model", str(model), "--output_file", str(made)]
            try:
                # Piper reads a line a text.
                done = run_program(command, re.sub(r"\s+", " ", text).encode() + b"\n", self._timeout_s)
            except (ChildTimeoutError, OSError) as failed:
                raise EngineFailedError(reason=str(failed)) from failed
            if done.returncode != 0 or not made.is_file():
                raise EngineFailedError(reason=done.stderr.decode(errors="replace").strip()[-200:])
            return made.read_bytes()
