"""What callers are asked after the call, by the keys of their telephones."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What callers are asked when their agent has hung up: `prompt`, then `thanks` for a score (1-5).

    `timeout_s` (1-30) counts from the end of the prompt; a wrong or missing key is asked again up to `tries` (1-5).
    """

    prompt: str
    thanks: str = ""
    timeout_s: int = 5
    tries: int = 2
