"""What callers of a queue hear while they wait."""

from collections.abc import Sequence

from orchestrator.domain import direct
from orchestrator.domain.call import Call
from orchestrator.domain.commands import InterruptMusic, PlayMusic, PlayRinging
from orchestrator.domain.config import PromptConfig
from orchestrator.domain.music import DEFAULT_MUSIC, MUSIC, music_of, place_in
from orchestrator.service.seen import LegSeen
from orchestrator.service.work import Unit


def waiting_music(unit: Unit, call: Call, leg: str | None = None) -> PlayMusic:
    """Return the order to play the queue's music, from where it would be had it played since the caller came.

    `leg` hears it, the caller if there is none.
    """
    music = music_of(unit.config, call.queue)
    at_ms = place_in(music, call.entered or unit.now, unit.now)
    return PlayMusic(leg=leg or call.line, music=music.path, ms=music.ms, at_ms=at_ms)


def while_waiting(unit: Unit, call: Call) -> PlayMusic | PlayRinging:
    """Return the order to play what the caller of a line hears, or of a single agent that rings."""
    return PlayRinging(leg=call.line) if direct.rings(call) else waiting_music(unit, call)


def in_the_music(unit: Unit, call: Call, sounds: Sequence[PromptConfig]) -> InterruptMusic:
    """Return the order to play sounds in the middle of the queue's music, which goes on as if it had played beneath."""
    music = music_of(unit.config, call.queue)
    over = unit.now + sum(sound.ms for sound in sounds) * 1000
    return InterruptMusic(
        leg=call.line,
        sounds=tuple(sound.path for sound in sounds),
        music=music.path,
        ms=music.ms,
        at_ms=place_in(music, call.entered or unit.now, over),
    )


def hears_speech(unit: Unit, leg: LegSeen) -> bool:
    """Tell whether something is said on a leg, which comes to its end: neither a music nor a tone."""
    endless = "://" in leg.sound.removeprefix("file_string://")
    played = {queue.music for queue in unit.config.queues.values()}
    sounds = (DEFAULT_MUSIC, *unit.config.prompts.values())
    music = any(sound.path in leg.sound for sound in sounds if sound.kind == MUSIC or sound.id in played)
    return leg.playing and not endless and not music
