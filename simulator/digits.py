"""play_and_get_digits: one menu, as the real application behaves (docs/freeswitch.md, IVR)."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.playback import duration, play

if TYPE_CHECKING:
    from simulator.sessions import Session

_NO_RESPONSE = "_none_"


@dataclass(frozen=True, slots=True)
class _Menu:
    shortest: int
    longest: int
    tries: int
    first_digit_seconds: float
    terminators: str
    prompt: str
    invalid_sound: str
    variable: str
    pattern: str
    next_digit_seconds: float


def _parse(argument: str) -> _Menu:
    shortest, longest, tries, timeout, terminators, prompt, invalid, variable, pattern, *rest = argument.split()
    between = rest[0] if rest else timeout
    return _Menu(
        int(shortest),
        int(longest),
        int(tries),
        int(timeout) / 1000,
        terminators,
        prompt,
        invalid,
        variable,
        pattern,
        int(between) / 1000,
    )


async def play_and_get_digits(session: "Session", argument: str) -> str:
    """Ask, collect, check; the answer is in the channel variables only."""
    menu = _parse(argument)
    variables = session.channel.variables
    variables.pop(menu.variable, None)
    variables.pop("read_result", None)
    session.answer()
    for _ in range(menu.tries):
        keys = await _ask(session, menu)
        if session.is_cut:
            return _NO_RESPONSE
        variables["read_result"] = "success" if keys else "failure"
        if keys and re.search(menu.pattern, keys):
            variables[menu.variable] = keys
            return _NO_RESPONSE
        if keys:
            variables[f"{menu.variable}_invalid"] = keys
        await _play_if_there(session, menu.invalid_sound)
    return _NO_RESPONSE


async def _ask(session: "Session", menu: _Menu) -> str:
    session.digits.clear()
    session.collecting = True
    session.person.asked_for_digits()
    await _play_if_there(session, menu.prompt)
    keys = await _collect(session, menu)
    session.collecting = False
    session.digits.clear()
    return keys if len(keys) >= menu.shortest else ""


async def _collect(session: "Session", menu: _Menu) -> str:
    keys = ""
    while len(keys) < menu.longest and not session.is_cut:
        if not session.digits:
            ended = await session.wait(menu.next_digit_seconds if keys else menu.first_digit_seconds)
            if ended != "digit":
                break
        key = session.digits.popleft()
        if key in menu.terminators:
            break
        keys += key
    return keys


async def _play_if_there(session: "Session", path: str) -> None:
    try:
        seconds = duration(path)
    except FileNotFoundError:
        return
    await play(session, path, seconds)
