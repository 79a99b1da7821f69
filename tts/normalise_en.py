"""English words for what is written in digits."""

import re

from num2words import num2words

from tts.rules import AMOUNT, ISO_DATE, NUMBER, RANGE, TELEPHONE, TIME, Rule, cents, plain, rule

DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

#: One, several, and one or several of the hundredths.
CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "usd": ("dollar", "dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "eur": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "gbp": ("pound", "pounds", "penny", "pence"),
    "¥": ("yuan", "yuan", "fen", "fen"),
    "cny": ("yuan", "yuan", "fen", "fen"),
    "rmb": ("yuan", "yuan", "fen", "fen"),
}

#: Longer rows of digits are said digit by digit.
LONGEST = 15


def count(digits: str) -> str:
    """Say a whole number."""
    return _words(int(digits)) if len(digits) <= LONGEST else spelt(digits)


def spelt(digits: str) -> str:
    """Say digits one by one."""
    return " ".join(DIGITS[int(digit)] for digit in digits)


def number(found: re.Match[str]) -> str:
    """Say a number with sign and places behind the point."""
    part = " point " + spelt(found["part"]) if found["part"] else ""
    return ("minus " if found["sign"] else "") + count(plain(found["whole"])) + part


def date(found: re.Match[str]) -> str:
    """Say a date as month, day, year."""
    return f"{MONTHS[int(found['m']) - 1]} {_words(int(found['d']), 'ordinal')}, {year(found)}"


def year(found: re.Match[str]) -> str:
    """Say a year in pairs of digits."""
    return _words(int(found["y"]), "year")


def time(found: re.Match[str]) -> str:
    """Say a time of day."""
    hour, minute = _words(int(found["hh"])), int(found["mm"])
    past = "o'clock" if not minute else f"oh {_words(minute)}" if minute < 10 else _words(minute)
    return f"{hour} {past}" + (f" and {_words(int(found['ss']))} seconds" if found["ss"] else "")


def money(found: re.Match[str]) -> str:
    """Say an amount with its hundredths."""
    one, several, one_part, parts = CURRENCIES[found["currency"].lower()]
    whole, rest = plain(found["whole"]), cents(found["part"])
    said = f"{count(whole)} {one if int(whole) == 1 else several}" if int(whole) or not rest else ""
    hundredths = f"{_words(rest)} {one_part if rest == 1 else parts}" if rest else ""
    return " and ".join(filter(None, (said, hundredths)))


def called(found: re.Match[str]) -> str:
    """Say a telephone number or another long row of digits, with a pause where it is divided."""
    groups = re.findall(r"[0-9]+", found[0])
    return ("plus " if found[0].startswith("+") else "") + ", ".join(map(spelt, groups))


def dialled(found: re.Match[str]) -> str:
    """Say a short number that is to be dialled."""
    return found["word"] + spelt(found["digits"])


def _words(n: int, to: str = "cardinal") -> str:
    return str(num2words(n, lang="en", to=to))


RULES: tuple[Rule, ...] = (
    rule(ISO_DATE, date),
    rule(rf"(?<=(?:{'|'.join(name[-3:] for name in MONTHS)})\s) (?P<y>[12][0-9]{{3}})", year),
    rule(TIME, time),
    rule(rf"(?P<currency>\$|€|£|¥|(?<![a-z])(?:usd|eur|gbp|cny|rmb)) \s? {AMOUNT}", money),
    rule(rf"{AMOUNT} \s? (?P<currency>€|usd|eur|gbp|cny|rmb)(?![a-z])", money),
    rule(rf"{NUMBER} \s? %", lambda found: f"{number(found)} percent"),
    rule(r"(?P<word>(?: call | dial | phone | hotline ) [:\s]+) (?P<digits>[0-9]{3,6}) (?!-?[0-9])", dialled),
    rule(TELEPHONE, called),
    rule(RANGE, lambda found: f"{count(found['low'])} to {count(found['high'])}"),
    rule(r"(?P<n>[0-9]{1,4}) (?:st|nd|rd|th)(?![a-z])", lambda found: _words(int(found["n"]), "ordinal")),
    rule(NUMBER, number),
    (re.compile("[0-9]+"), lambda found: f" {spelt(found[0])} "),
)
