"""What becomes of the lines of a file that is added to a list."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic, TypeVar

import gevent

from orchestrator.service.numbers import BadNumberError

Entry = TypeVar("Entry")

#: Lines that are read before others in this process get their turn.
TURN = 100


class Fate(StrEnum):
    """What became of a line that was brought in; `skipped`: it was good, but another one was refused."""

    ADDED = "added"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    SKIPPED = "skipped"


class BadEntryError(ValueError):
    """An entry can't be taken: `reason` (a key of texts) says why, `field` where."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Generic[Entry]):
    """A line of a file: what it asks for, or the reason why that can't be told."""

    number: int
    written: str
    wish: Entry | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineResult:
    """What became of a line of a file; `reason` names why it was refused."""

    line: int
    number: str
    fate: Fate
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Judged(Generic[Entry]):
    """What becomes of each line, and what is to be added."""

    results: list[LineResult]
    added: list[Entry]


def read_lines(lines: Iterable[Line[Entry]], read: Callable[[Entry], Entry]) -> list[Line[Entry]]:
    """Return lines with their wishes as `read` makes them, or the reason of the ValueError why it can't."""
    return [_read(line, read, turn) for turn, line in enumerate(lines)]


def judge(
    lines: Sequence[Line[Entry]], keys: Callable[[Entry], Collection[str]], known: set[str], *, whole: bool = False
) -> Judged[Entry]:
    """Tell what becomes of lines when `known` keys are listed already; `whole`: of all, or of none."""
    results, added = [], []
    for line, fate in _fates(lines, keys, known):
        results.append(LineResult(line=line.number, number=line.written, fate=fate, reason=line.reason))
        if fate is Fate.ADDED and line.wish is not None:
            added.append(line.wish)
    if whole and any(result.fate is Fate.REFUSED for result in results):
        return Judged([_skipped(result) for result in results], [])
    return Judged(results, added)


def keys_of(lines: Iterable[Line[Entry]], keys: Callable[[Entry], Collection[str]]) -> set[str]:
    """Return the keys of all that lines ask for."""
    return {key for line in lines if line.wish is not None for key in keys(line.wish)}


def _read(line: Line[Entry], read: Callable[[Entry], Entry], turn: int) -> Line[Entry]:
    if turn % TURN == 0:
        gevent.sleep(0)
    if line.wish is None:
        return line
    try:
        return replace(line, wish=read(line.wish))
    except (BadNumberError, BadEntryError) as error:
        return replace(line, wish=None, reason=error.reason)


def _fates(
    lines: Sequence[Line[Entry]], keys: Callable[[Entry], Collection[str]], known: set[str]
) -> Iterator[tuple[Line[Entry], Fate]]:
    seen = set(known)
    for line in lines:
        if line.wish is None:
            yield line, Fate.REFUSED
            continue
        own = keys(line.wish)
        yield line, Fate.DUPLICATE if seen.intersection(own) else Fate.ADDED
        seen.update(own)


def _skipped(result: LineResult) -> LineResult:
    return replace(result, fate=Fate.SKIPPED) if result.fate is Fate.ADDED else result
