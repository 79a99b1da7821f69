"""The words of tables: headings, states, outcomes, in Chinese and English."""

import json
from functools import cache
from pathlib import Path
from typing import Protocol

LOCALES = Path(__file__).parent / "locales"
LANGUAGES = ("zh", "en")


class Words(Protocol):
    """Texts in one language."""

    def message(self, key: str) -> str:
        """Return a text; raises KeyError for a key that there isn't."""

    def known(self, key: str, otherwise: str) -> str:
        """Return the text of a word of ours, `otherwise` for one that people have made up."""


@cache
def words_of(language: str) -> dict[str, str]:
    """Return all texts of a language (zh, en) by their keys."""
    found: dict[str, str] = json.loads((LOCALES / f"{language}.json").read_text(encoding="utf-8"))
    return found


class LanguageWords:
    """The words of a language, wherever nobody's request says which."""

    def __init__(self, language: str) -> None:
        """`language` is zh or en."""
        self._words = words_of(language)

    def message(self, key: str) -> str:
        """Return a text."""
        return self._words[key]

    def known(self, key: str, otherwise: str) -> str:
        """Return a text, or `otherwise`."""
        return self._words.get(key, otherwise)
