"""How rules of normalising are written."""

import re
from collections.abc import Callable

#: What is found, and what is said instead.
Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


def rule(pattern: str, speak: Callable[[re.Match[str]], str]) -> Rule:
    """Make a rule; blanks in the pattern mean nothing. A number inside a longer one is never found."""
    return re.compile(rf"(?<![0-9]) (?: {pattern} ) (?![0-9])", re.VERBOSE | re.IGNORECASE), speak


#: Parts of patterns. Groups: y, m, d; hh, mm, ss; whole, part (of an amount).
ISO_DATE = r"(?P<y>[12][0-9]{3}) [-/.] (?P<m>0?[1-9]|1[0-2]) [-/.] (?P<d>3[01]|[12][0-9]|0?[1-9])"
TIME = r"(?P<hh>2[0-4]|1[0-9]|0?[0-9]) : (?P<mm>[0-5][0-9]) (?: : (?P<ss>[0-5][0-9]))?"
AMOUNT = r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12}) (?: \.(?P<part>[0-9]{1,2}) )?"
NUMBER = r"(?P<sign>(?<![0-9a-z)])-)? (?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+) (?: \.(?P<part>[0-9]+) )?"

#: Telephone numbers: +86 138 0013 8000, 010-6552-9988, 400-820-8820, (021) 5555 6666; also any long row of digits.
TELEPHONE = (
    r"\+ [0-9]{1,3} (?:[\s-]?[0-9]{2,11}){1,4} | \(?0[0-9]{2,3}\)?[\s-]?[0-9]{3,4}[\s-]?[0-9]{4}"
    r"| [48]00[\s-][0-9]{3,4}[\s-][0-9]{3,4} | 1[3-9][0-9][\s-][0-9]{4}[\s-][0-9]{4} | [0-9]{3}-[0-9]{3}-[0-9]{4}"
    r"| [0-9]{7,} | 95[0-9]{3} | 0[0-9]+"
)

#: From one whole number to another.
RANGE = r"(?<!\.) (?P<low>[0-9]{1,6}) \s?[-~]\s? (?P<high>[0-9]{1,6}) (?!\.[0-9])"


def cents(part: str | None) -> int:
    """Return hundredths of the digits behind the point."""
    return int((part or "").ljust(2, "0"))


def plain(digits: str) -> str:
    """Return digits without the commas that group them."""
    return digits.replace(",", "")
