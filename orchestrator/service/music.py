"""What callers of a queue hear while they wait."""

from orchestrator.domain import direct
from orchestrator.domain.call import Call
from orchestrator.domain.commands import InterruptMusic, PlayMusic, PlayRinging
from orchestrator.service.seen import LegSeen
from orchestrator.service.work import Unit

#: The kind of an uploaded music (`PromptConfig.kind`).
MUSIC = "music"

#: The music of queues that don't exist any more.
DEFAULT = "default"


def waiting_music(unit: Unit, queue: str | None, leg: str) -> PlayMusic:
    """Return the order to play the queue's music: its own upload, or a stream of the switch."""
    name, ms = _music(unit, queue)
    return PlayMusic(leg=leg, music=name, ms=ms)


def while_waiting(unit: Unit, call: Call) -> PlayMusic | PlayRinging:
    """Return the order to play what the caller of a line hears, or of a single agent that rings."""
    if direct.rings(call):
        return PlayRinging(leg=call.line)
    return waiting_music(unit, call.queue, call.line)


def in_the_music(unit: Unit, queue: str | None, leg: str, *sounds: str) -> InterruptMusic:
    """Return the order to play sounds in the middle of the queue's music."""
    name, ms = _music(unit, queue)
    return InterruptMusic(leg=leg, sounds=sounds, music=name, ms=ms)


def hears_speech(unit: Unit, leg: LegSeen) -> bool:
    """Tell whether something is said on a leg, which comes to its end: neither a music nor a tone."""
    endless = "://" in leg.sound.removeprefix("file_string://")
    played = {queue.music for queue in unit.config.queues.values()}
    sounds = unit.config.prompts.values()
    music = any(sound.path in leg.sound for sound in sounds if sound.kind == MUSIC or sound.id in played)
    return leg.playing and not endless and not music


def _music(unit: Unit, queue: str | None) -> tuple[str, int]:
    configured = unit.config.queues.get(queue or "")
    name = configured.music if configured else DEFAULT
    upload = unit.config.prompts.get(name)
    return (upload.path, upload.ms) if upload else (name, 0)
