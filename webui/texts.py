"""The server's own messages in the user's language (zh, en)."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
from flask import g, has_request_context, request

from orchestrator.exports.words import LANGUAGES, words_of

LOCALES = Path(__file__).parent / "locales"


class Texts:
    """Messages by language and key; loaded once."""

    def __init__(self) -> None:
        """Reads every language's files: the web side's own, and the words of tables."""
        self._messages: dict[str, dict[str, str]] = {
            language: words_of(language) | orjson.loads((LOCALES / f"{language}.json").read_bytes())
            for language in LANGUAGES
        }

    def message(self, key: str, **details: str) -> str:
        """Return a message, its `{name}` places filled; details that have a text of their own are translated."""
        return self.message_in(language(), key, **details)

    def message_in(self, words: str, key: str, **details: str) -> str:
        """Return a message in one language (zh, en), whoever asks."""
        messages = self._messages[words]
        filled = {name: messages.get(f"{name}.{value}", value) for name, value in details.items()}
        return messages[key].format_map(_Filled(filled))

    def known(self, key: str, otherwise: str) -> str:
        """Return the text of a word of ours, `otherwise` for one that people have made up."""
        return self._messages[language()].get(key, otherwise)

    def flaw(self, kind: str, context: dict[str, Any]) -> str:
        """Return the message for one bad field; `kind` is pydantic's error type, `context` its figures."""
        messages = self._messages[language()]
        return messages.get(f"flaws.{kind}", messages["flaws.other"]).format_map(_Filled(_legible(context)))


def _legible(figures: dict[str, Any]) -> dict[str, Any]:
    """Return figures as people read them: thousands apart."""
    return {name: f"{one:,}" if isinstance(one, int | Decimal) else one for name, one in figures.items()}


class _Filled(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def language() -> str:
    """Return the user's setting, else what the browser prefers, else Chinese.

    Only a user who is known already is asked: finding out may be what has just failed.
    """
    if not has_request_context():
        return LANGUAGES[0]
    chosen = getattr(g.get("_login_user"), "language", "")  # where flask-login keeps whom it has loaded
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
