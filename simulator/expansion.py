"""`${variable}` in application arguments is expanded, as the real switch does; `${api(arguments)}` is denied.

That is what the product's own configuration sets (freeswitch-conf, api_expansion off).
"""

import re
from collections.abc import Mapping

_REFERENCE = re.compile(r"\$\{([A-Za-z0-9_.-]+)(\([^)]*\))?\}")
_DENIED = "<API Execute Permission Denied>"
_DEEPEST = 4


def expand(text: str, variables: Mapping[str, str], global_variables: Mapping[str, str]) -> str:
    """Replace every reference, also those that appear in what was inserted (a few levels deep)."""

    def value(found: re.Match[str]) -> str:
        if found.group(2):
            return _DENIED
        return variables.get(found.group(1)) or global_variables.get(found.group(1), "")

    for _ in range(_DEEPEST):
        if "${" not in text:
            break
        text = _REFERENCE.sub(value, text)
    return text
