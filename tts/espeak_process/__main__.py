"""Speak the text on standard input: `python -m tts.espeak_process VOICE` writes a WAV file to standard output.

A process of its own, since espeak-ng keeps state for the whole process and is written in C.
"""

import io
import sys
import wave
from ctypes import CDLL, CFUNCTYPE, POINTER, c_char_p, c_int, c_short, c_size_t, c_uint, c_void_p, string_at

import espeakng_loader

from tts.child import confine

# speak_lib.h of espeak-ng
AUDIO_OUTPUT_SYNCHRONOUS = 2
CHARS_UTF8 = 1
EE_OK = 0

MEGABYTES = 512
CPU_S = 30

Receive = CFUNCTYPE(c_int, POINTER(c_short), c_int, c_void_p)


def speak(text: bytes, voice: str) -> tuple[int, bytes]:
    """Return the sample rate and 16-bit mono samples; exits when espeak-ng refuses."""
    library = CDLL(espeakng_loader.get_library_path())
    rate: int = library.espeak_Initialize(
        AUDIO_OUTPUT_SYNCHRONOUS, 0, c_char_p(espeakng_loader.get_data_path().encode()), 0
    )
    chunks: list[bytes] = []

    def receive(samples: "POINTER[c_short]", count: int, _: object) -> int:  # type: ignore[valid-type]
        if samples and count:
            chunks.append(string_at(samples, count * 2))
        return 0

    receiver = Receive(receive)
    library.espeak_SetSynthCallback(receiver)
    if rate <= 0 or library.espeak_SetVoiceByName(voice.encode()) != EE_OK:
        sys.exit(f"espeak-ng has no voice {voice!r}")
    said = library.espeak_Synth(text, c_size_t(len(text) + 1), c_uint(0), 0, c_uint(0), c_uint(CHARS_UTF8), None, None)
    if said != EE_OK or library.espeak_Synchronize() != EE_OK:
        sys.exit(f"espeak-ng failed with {said}")
    return rate, b"".join(chunks)


def as_wav(rate: int, samples: bytes) -> bytes:
    """Return a WAV file."""
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)
    return made.getvalue()


if __name__ == "__main__":
    confine(MEGABYTES, CPU_S)
    sys.stdout.buffer.write(as_wav(*speak(sys.stdin.buffer.read(), sys.argv[1])))
