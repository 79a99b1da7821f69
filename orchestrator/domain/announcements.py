"""Announcements of position and wait, composed of prepared pieces: nothing is synthesised during a call (QUEUE-5).

A piece is a prompt of the configuration with the id `piece-<language>-<name>`; a name holds for both languages where
the thing is the same. Sentences are said whole or not at all.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache

from orchestrator.domain.config import PromptConfig, QueueConfig, TenantConfig
from orchestrator.domain.languages import SpokenLanguage

LARGEST = 9999

#: Longer waits are not told (us).
LONGEST_WAIT_US = 60 * 60_000_000

Pieces = tuple[str, ...]

#: Pieces that say one digit, in every language.
DIGITS = "0123456789"


def piece_id(language: StrEnum, name: str) -> str:
    """Return the id of a piece in the configuration."""
    return f"piece-{language.value}-{name}"


def announcement(config: TenantConfig, queue: QueueConfig, position: int, wait_us: int | None) -> list[PromptConfig]:
    """Return the sounds that tell a caller's position (1 = next) and wait, as far as the queue tells them.

    `wait_us` None = nothing is known. A sentence of which a piece isn't there is left out.
    """
    sentences = []
    if queue.announce_position:
        sentences.append(position_pieces(position, queue.announce_language))
    if queue.announce_wait and wait_us is not None and wait_us <= LONGEST_WAIT_US:
        sentences.append(wait_pieces(spoken_minutes(wait_us), queue.announce_language))
    return [sound for sentence in sentences for sound in _sounds(config, queue.announce_language, sentence)]


def pieces_of(queue: QueueConfig) -> frozenset[str]:
    """Return the ids of all pieces that a queue may need."""
    sentences = [
        *(_all_positions(queue.announce_language) if queue.announce_position else ()),
        *(_all_waits(queue.announce_language) if queue.announce_wait else ()),
        *(DIGITS if queue.callback and queue.callback.number_prompt else ()),
    ]
    return frozenset(piece_id(queue.announce_language, name) for name in sentences)


def digits_sounds(config: TenantConfig, language: SpokenLanguage, digits: str) -> list[PromptConfig]:
    """Return the sounds that read digits one by one, empty where a piece isn't there; raises ValueError for others."""
    if not digits or not set(digits) <= set(DIGITS):
        raise ValueError(f"{digits!r} are no digits")
    return _sounds(config, language, tuple(digits))


def spoken_minutes(wait_us: int) -> int:
    """Round a wait (us) for speech: 0 = less than a minute; to whole minutes, beyond 10 to fives, always up.

    Up, because who was told too much is served early, and who was told too little is disappointed.
    """
    if wait_us < 60_000_000:
        return 0
    minutes = -(-wait_us // 60_000_000)
    return minutes if minutes <= 10 else -(-minutes // 5) * 5


def spoken_number(n: int, language: StrEnum) -> Pieces:
    """Name the pieces that say how many, 0 to 9999 (larger numbers are said as 9999); raises ValueError below 0."""
    if n < 0:
        raise ValueError(f"{n} is no count")
    n = min(n, LARGEST)
    return _english(n) if language == SpokenLanguage.EN else _chinese(n)


def position_pieces(position: int, language: StrEnum) -> Pieces:
    """Name the pieces that tell a caller's place, 1 = next; raises ValueError below 1."""
    if position < 1:
        raise ValueError(f"{position} is no place")
    if position == 1:
        return ("next",)
    if language == SpokenLanguage.EN:
        return ("position", *spoken_number(position, language), "in_line")
    return ("ahead", *spoken_number(position - 1, language), "callers")


def wait_pieces(minutes: int, language: StrEnum) -> Pieces:
    """Name the pieces that tell the estimated wait in whole minutes."""
    if minutes < 1:
        return ("under_a_minute",)
    unit = "minute" if language == SpokenLanguage.EN and minutes == 1 else "minutes"
    return ("wait", *spoken_number(minutes, language), unit)


def _sounds(config: TenantConfig, language: SpokenLanguage, sentence: Pieces) -> list[PromptConfig]:
    ids = [piece_id(language, name) for name in sentence]
    return [config.prompts[id_] for id_ in ids] if all(id_ in config.prompts for id_ in ids) else []


@cache
def _all_positions(language: SpokenLanguage) -> frozenset[str]:
    """Numbers up to 120, then each way of saying larger ones."""
    counts: Iterator[int] = (n for numbers in (range(1, 121), range(200, LARGEST, 111)) for n in numbers)
    return frozenset(name for n in counts for name in position_pieces(n, language))


@cache
def _all_waits(language: SpokenLanguage) -> frozenset[str]:
    return frozenset(
        name for minute in range(61) for name in wait_pieces(spoken_minutes(minute * 60_000_000), language)
    )


def _chinese(n: int) -> Pieces:
    """Before a measure word a lone two is 两, and so it is before 千; one ten is 十; zeros between are said once."""
    if n == 2:
        return ("two",)
    if n < 10:
        return (str(n),)
    said: list[str] = []
    for unit in (1000, 100, 10, 1):
        digit, below = n // unit % 10, n % unit
        if digit:
            said += _chinese_digit(digit, unit, first=not said)
        elif said and below and said[-1] != "0":
            said.append("0")
        if not below:
            break
    return tuple(said)


def _chinese_digit(digit: int, unit: int, *, first: bool) -> Pieces:
    if unit == 1:
        return (str(digit),)
    if unit == 10 and digit == 1 and first:
        return ("10",)
    return ("two" if (digit, unit) == (2, 1000) else str(digit), str(unit))


def _english(n: int) -> Pieces:
    if n >= 1000:
        return (*_english(n // 1000), "1000", *_rest(n % 1000))
    if n >= 100:
        return (str(n // 100), "100", *_rest(n % 100))
    if n < 20:
        return (str(n),)
    return (str(n // 10 * 10), *_rest(n % 10))


def _rest(n: int) -> Pieces:
    return _english(n) if n else ()
