"""Where a number belongs: the place of its area code or its operator, from libphonenumber's metadata."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import Any

from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse, region_code_for_number

from orchestrator.service.numbers import normalise


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A number as people write it, and where it belongs; empty where that is not known.

    `carrier` is who gave the number out: it may have been taken along to another one.
    """

    number: str
    place: str = ""
    carrier: str = ""


class Places:
    """Knows the places of the world's numbers: 100 MB that take some seconds to read, so that is done once, beside."""

    def __init__(self, in_thread: Callable[..., Any]) -> None:
        """`in_thread(work)` runs something slow while others go on, and returns its result."""
        self._in_thread = in_thread
        self._lock = Lock()
        self._loaded: tuple[ModuleType, ModuleType] | None = None

    def load(self) -> tuple[ModuleType, ModuleType]:
        """Read what is known, unless it is there already."""
        if self._loaded is None:
            self._loaded = self._in_thread(self._read)
        return self._loaded

    def of(self, written: str, country: str, language: str) -> Place:
        """Tell where a number belongs; `country` is where those without a country's code do, `language` en or zh."""
        spelling = normalise(written, country)
        try:
            number = parse(spelling) if spelling.startswith("+") else None
        except NumberParseException:
            number = None
        if number is None:
            return Place(number=spelling)
        geocoder, carrier = self.load()
        home = region_code_for_number(number) == country
        style = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
        return Place(
            number=format_number(number, style),
            place=geocoder.description_for_number(number, language),
            carrier=carrier.safe_display_name(number, language) or carrier.name_for_number(number, language),
        )

    def _read(self) -> tuple[ModuleType, ModuleType]:
        """Whoever asks meanwhile waits here for the one who reads."""
        with self._lock:
            return import_module("phonenumbers.geocoder"), import_module("phonenumbers.carrier")
