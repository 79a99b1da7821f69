"""The api commands, one table by name."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from simulator.commands import call_commands, leg_commands, media_commands, show_commands, system_commands

if TYPE_CHECKING:
    from simulator.switch import Switch

Command = Callable[["Switch", str], str | Awaitable[str]]

COMMANDS: Mapping[str, Command] = {
    **leg_commands.COMMANDS,
    **call_commands.COMMANDS,
    **media_commands.COMMANDS,
    **show_commands.COMMANDS,
    **system_commands.COMMANDS,
}


async def run(switch: "Switch", line: str) -> str:
    """Execute `name arguments`; the answer's text is byte for byte the real switch's."""
    name, _, arguments = line.strip().partition(" ")
    command = COMMANDS.get(name)
    if command is None:
        return f"-ERR {name} Command not found!\n"
    answer = command(switch, arguments.strip())
    return answer if isinstance(answer, str) else await answer
