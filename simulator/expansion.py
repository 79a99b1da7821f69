"""`${variable}` and `${api(arguments)}` in application arguments are expanded, as the real switch does
(and must be
feared for, docs/freeswitch.md section 14)."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.switch import Switch

_REFERENCE = re.compile(r"\$\{([A-Za-z0-9_.-]+)(?:\(([^)]*)\))?\}")
_DEEPEST = 4


def expand(text: str, variables: Mapping[str, str], switch: "Switch") -> str:
    """Replace every reference, also those that appear in what was inserted (a few levels deep)."""
    for _ in range(_DEEPEST):
        if "${" not in text:
            break
        text = _REFERENCE.sub(lambda found: _value(found, variables, switch), text)
    return text


def _value(found: re.Match[str], variables: Mapping[str, str], switch: "Switch") -> str:
    name, argument = found.group(1), found.group(2)
    if argument is not None:
        return switch.api(f"{name} {argument}")
    return variables.get(name) or switch.globals.get(name, "")
