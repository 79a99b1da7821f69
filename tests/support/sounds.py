"""Prompts for tests: plain tones, so that a test can tell which one is heard."""

import math
import struct
import wave
from dataclasses import replace
from pathlib import Path

from orchestrator.domain.config import Destination, Menu, NumberConfig, PromptConfig, QueueConfig, Way, to_queue
from tests.support.real_centre import NUMBER, QUEUE

#: What each prompt sounds like (Hz) and how long it is (ms).
PROMPTS = {"welcome": (900, 800), "patience": (1100, 800), "sorry": (1300, 800), "waltz": (700, 1500)}
#: Pieces of announcements in English that tests tell apart.
PIECES = {"next": (1500, 700), "under_a_minute": (1700, 700)}


def tone(folder: Path, name: str, ms: int = 0) -> PromptConfig:
    """Write a prompt, `ms` long if not as usual, where an orchestrator with the data directory `folder` has sounds."""
    hertz, usual = (PROMPTS | PIECES)[name]
    ms = ms or usual
    path = folder / "sounds" / f"{name}.wav"
    path.parent.mkdir(exist_ok=True, parents=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        samples = (int(9000 * math.sin(2 * math.pi * hertz * n / 8000)) for n in range(8 * ms))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return PromptConfig(id=name, name=name, path=f"{name}.wav", ms=ms)


def pieces(folder: Path) -> dict[str, PromptConfig]:
    """The pieces that the next caller in line hears."""
    return {f"piece-en-{name}": replace(tone(folder, name), id=f"piece-en-{name}", kind="piece") for name in PIECES}


def tenant_with_menu(folder: Path, patience_ms: int = 0, **queue: object) -> dict[str, object]:
    """A tenant whose number leads to a menu (1 = the queue), with what a test wants of the queue and of its prompt."""
    menu = Menu(id="main", name="Main", prompt="welcome", keys={"1": to_queue(QUEUE)}, timeout_s=1, tries=2)
    route = Destination(way=Way.MENU, target="main")
    return {
        "queues": {QUEUE: QueueConfig(id=QUEUE, name="Sales", **queue)},  # type: ignore[arg-type]
        "prompts": {name: tone(folder, name, patience_ms * (name == "patience")) for name in PROMPTS} | pieces(folder),
        "menus": {"main": menu},
        "numbers": {NUMBER: NumberConfig(number=NUMBER, route=route)},
    }
