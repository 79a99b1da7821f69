"""What is said to waiting callers in the middle of the music: their position and wait, the queue's prompt."""

from orchestrator.domain.announcements import announcement
from orchestrator.domain.call import Call
from orchestrator.domain.config import PromptConfig, QueueConfig
from orchestrator.domain.waiting_time import estimated_wait
from orchestrator.service.music import in_the_music
from orchestrator.service.work import Unit

#: At least so much music is heard between two things said (us).
PAUSE_US = 3_000_000


def first_dues(call: Call, queue: QueueConfig, now: int) -> Call:
    """Set when a caller who has entered the line hears something for the first time."""
    prompted = bool(queue.prompt and queue.prompt_every_s)
    announced = queue.announce_position or queue.announce_wait
    if not (prompted or announced):
        return call
    return call.said(
        now,
        prompt_due=_after(now, queue.prompt_every_s if prompted else None),
        announce_due=_after(now, queue.announce_after_s if announced else None),
    )


def say_due(unit: Unit, call: Call) -> None:
    """Play what is due. Pauses count from the end of what is said; nothing breaks into anything else said."""
    queue = unit.config.queues.get(call.queue or "")
    if queue is None:
        unit.save_call(call.said(unit.now, prompt_due=None, announce_due=None))
    elif call.announce_due and call.announce_due <= unit.now:
        _announce(unit, call, queue)
    else:
        _prompt(unit, call, queue)


def _announce(unit: Unit, call: Call, queue: QueueConfig) -> None:
    announced = queue.announce_position or queue.announce_wait
    sounds = _position_and_wait(unit, call, queue) if announced else []
    over = _play(unit, call, sounds)
    every = queue.announce_every_s if announced else None
    prompt_due = _not_before(call.prompt_due, over) if sounds else call.prompt_due
    unit.save_call(call.said(unit.now, prompt_due=prompt_due, announce_due=_after(over, every)))


def _prompt(unit: Unit, call: Call, queue: QueueConfig) -> None:
    prompt = unit.config.prompts.get(queue.prompt)
    over = _play(unit, call, [prompt] if prompt else [])
    every = queue.prompt_every_s if prompt else None
    announce_due = _not_before(call.announce_due, over) if prompt else call.announce_due
    unit.save_call(call.said(unit.now, prompt_due=_after(over, every), announce_due=announce_due))


def _position_and_wait(unit: Unit, call: Call, queue: QueueConfig) -> list[PromptConfig]:
    position = unit.store.position(unit.tenant, queue.id, call.id)
    if position is None:
        return []
    departures = unit.store.departures(unit.tenant, queue.id) if queue.announce_wait else ()
    wait = estimated_wait(position, call.entered or unit.now, departures, unit.now)
    return announcement(unit.config, queue, position, wait)


def _play(unit: Unit, call: Call, sounds: list[PromptConfig]) -> int:
    """Have sounds played, if any; returns when they are over."""
    if sounds:
        unit.tell(call.switch, in_the_music(unit, call, sounds))
    return unit.now + sum(sound.ms for sound in sounds) * 1000


def _after(moment: int, seconds: int | None) -> int | None:
    return None if seconds is None else moment + seconds * 1_000_000


def _not_before(due: int | None, over: int) -> int | None:
    return None if due is None else max(due, over + PAUSE_US)
