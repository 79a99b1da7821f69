"""One spelling for every phone number, whatever way it was written (BLACK-1).

How numbers of a country are written comes from libphonenumber's metadata. The one spelling is E.164 with its `+`;
short codes (10086, 95588, an extension) stay bare digits, and callers who hide their number are all `anonymous`.
`country` is an ISO 3166 code of two letters; one that is unknown has no national spelling, only `+...` ones.
"""

import re
import unicodedata

from phonenumbers import (
    NumberParseException,
    PhoneMetadata,
    PhoneNumberFormat,
    PhoneNumberType,
    country_code_for_region,
    format_number,
    is_possible_number,
    is_valid_number,
    national_significant_number,
    number_type,
    parse,
    region_code_for_number,
)

#: Whoever hides the number.
ANONYMOUS = "anonymous"

#: What switches and carriers show in place of a hidden number (RFC 3323, RFC 3325, Q.731), and what people write.
_HIDDEN = {"", ANONYMOUS, "unavailable", "unknown", "private", "restricted", "withheld", "匿名", "隐藏"}

#: Characters of an entry, and of what is looked up of a number.
LONGEST = 20

#: National numbers of at most so many digits are short codes: they have no international spelling.
SHORT = 6

#: A number with its country's code has at most so many digits (E.164).
E164_DIGITS = 15

_ENTRY = re.compile(r"[0-9+\s().·/\-‐-―]*\*?")
_DIALLABLE = re.compile(r"\+?[0-9]+")


class BadNumberError(ValueError):
    """This can't be an entry of a list of numbers; `reason` is not_a_number, too_long, too_wide or ambiguous."""

    def __init__(self, written: str, reason: str) -> None:
        super().__init__(f"{written[:LONGEST]!r} is refused: {reason}")
        self.reason = reason


def normalise(written: str, country: str) -> str:
    """Return the one spelling of a number. Never fails: what is no number is kept in lower-case ASCII."""
    once = _once(_plain(written), country)
    return once if once == written else normalise(once, country)


def normalise_entry(written: str, country: str) -> str:
    """Return the one spelling of a number or a prefix (trailing `*`) that somebody entered; raises BadNumberError."""
    text = _clean(written).strip()
    if len(text) > LONGEST:
        raise BadNumberError(written, "too_long")
    if text and text in _HIDDEN:
        return ANONYMOUS
    plain = _plain(text)
    if not _ENTRY.fullmatch(text) or not _DIALLABLE.fullmatch(plain or text.replace("*", "0")):
        raise BadNumberError(written, "not_a_number")
    return _prefix(written, plain, country) if text.endswith("*") else normalise(plain, country)


def candidates(number: str, country: str) -> tuple[str, ...]:
    """Return every entry that would match a number, the most exact first: itself and its prefixes, at most 21."""
    found = normalise(number, country)
    if not _DIALLABLE.fullmatch(found):
        return (found,)
    whole = found if found.startswith("+") else _code(country) + found
    return (found, *(f"{whole[:length]}*" for length in range(min(len(whole), LONGEST), 1, -1)))


def spellings(written: str, country: str) -> tuple[str, ...]:
    """Return the ways in which switches write a number: as it is, in its one spelling, without `+`, nationally."""
    found = normalise(written, country)
    if found == ANONYMOUS or not found.startswith("+"):
        return tuple(dict.fromkeys((written, found)))
    number = parse(found)
    national = national_significant_number(number)
    ways = [written, found, found[1:], f"00{found[1:]}"]
    if number.country_code == country_code_for_region(country):
        ways += [national, f"0{national}"]
    return tuple(dict.fromkeys(ways))


def searched(written: str, country: str) -> str:
    """Return what of a number (or of a part of one) every way of writing it holds, so that any of them finds it.

    Prefixes (0, 00, +) and what stands between digits are left out; what is no number is returned as it is.
    """
    plain = _plain(written)
    if not _DIALLABLE.fullmatch(plain):
        return written.strip()
    try:
        number = parse(plain, country)
    except NumberParseException:
        return plain.lstrip("+")
    national = national_significant_number(number)
    if number.country_code != country_code_for_region(country):
        return f"{number.country_code}{national}"
    metadata = PhoneMetadata.metadata_for_region(country)
    return national.removeprefix((metadata.national_prefix if metadata else None) or "") or national


def looked_for(written: str, country: str) -> tuple[tuple[str, ...] | None, str | None]:
    """Return what to look for where somebody writes a number or a part of one.

    First the ways of writing it, if it may be whole, else None; then what to find inside of numbers, None if it is
    surely whole: a mobile number, or any with its prefix. Other digits that make a number may be a longer one's.
    """
    plain = _plain(written)
    try:
        number = parse(plain, country)
    except NumberParseException:
        return None, searched(written, country)
    if not is_valid_number(number):
        return None, searched(written, country)
    whole = number_type(number) == PhoneNumberType.MOBILE or plain.startswith(("+", "0"))
    return spellings(plain, country), None if whole else searched(written, country)


def is_foreign(number: str, country: str) -> bool:
    """Tell whether a number in its one spelling belongs to another country."""
    if not number.startswith("+"):
        return False
    try:
        parsed = parse(number, country)
    except NumberParseException:
        return True
    region = region_code_for_number(parsed)  # several countries share a code: it alone would let Jamaica be called
    return parsed.country_code != country_code_for_region(country) or region not in (None, country)


def is_premium(number: str, country: str) -> bool:
    """Tell whether calling a number in its one spelling costs more than a talk does."""
    try:
        kind = number_type(parse(number, country))
    except NumberParseException:
        return False
    return bool(kind in (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST))


def _clean(written: str) -> str:
    """Full-width digits become digits; invisible marks, as copying from a contact list leaves them, are dropped."""
    text = unicodedata.normalize("NFKC", written).lower()
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def _plain(written: str) -> str:
    return re.sub(r"[^0-9a-z+@_]", "", _clean(written))


def _once(plain: str, country: str) -> str:
    if plain in _HIDDEN or not plain.strip("0"):
        return ANONYMOUS
    if not _DIALLABLE.fullmatch(plain):
        return plain
    try:
        number = parse(plain, country)
    except NumberParseException:
        return plain
    national = national_significant_number(number)
    if len(national) <= SHORT and number.country_code == country_code_for_region(country):
        return national
    return format_number(number, PhoneNumberFormat.E164) if is_possible_number(number) else plain


def _prefix(written: str, digits: str, country: str) -> str:
    metadata = PhoneMetadata.metadata_for_region(country)
    abroad = re.match(metadata.international_prefix or r"\+", digits) if metadata else None
    if digits.startswith("+"):
        begins = digits
    elif abroad:
        begins = "+" + digits[abroad.end() :]
    else:
        rest = digits.removeprefix((metadata.national_prefix if metadata else None) or "")
        if rest == digits and f"+{digits}".startswith(_code(country)) and len(_code(country)) > 1:
            raise BadNumberError(written, "ambiguous")
        begins = _code(country) + rest if rest else ""
    if len(begins) < 2:
        raise BadNumberError(written, "too_wide")
    if len(begins) > E164_DIGITS + 1:
        raise BadNumberError(written, "too_long")
    return f"{begins}*"


def _code(country: str) -> str:
    """The country's calling code; numbers of an unknown country get none."""
    return f"+{country_code_for_region(country) or ''}"
