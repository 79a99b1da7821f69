"""How a tenant takes messages: what callers hear before the tone, what ends a message, what is too short (QUEUE-1)."""

from dataclasses import dataclass

from orchestrator.domain.languages import SpokenLanguage

#: What a message takes unless a tenant says otherwise: seconds, the tone in milliseconds.
LONGEST_S, SILENCE_S, LEAST_S, BEEP_MS = 180, 5, 2, 500

#: What is said where neither the destination nor the tenant has a greeting: a piece (`announcements.piece_id`).
GREETING = "message_greeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRules:
    """A tenant's rules for messages.

    A message ends after `longest_s` (10-900) or `silence_s` (2-30) of silence; what isn't longer than `least_s`
    (1-9) is none, for the caller has hung up at the tone of `beep_ms` (100-2000). `greeting` (a prompt's id, empty =
    the piece in `language`) is said before it where a destination has none.
    """

    longest_s: int = LONGEST_S
    silence_s: int = SILENCE_S
    least_s: int = LEAST_S
    beep_ms: int = BEEP_MS
    greeting: str = ""
    language: SpokenLanguage = SpokenLanguage.ZH
