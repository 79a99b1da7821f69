"""Announcements of position and wait, composed of pieces prepared beforehand: nothing is synthesised during a call.

A piece's name holds for both languages where the thing is the same; what it says is in PIECES.
"""

from tts.engine import Language

DIGITS_ZH = "零一二三四五六七八九"
ONES_EN = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS_EN = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

#: What each piece says.
PIECES: dict[Language, dict[str, str]] = {
    Language.ZH: {
        **{str(n): digit for n, digit in enumerate(DIGITS_ZH)},
        "two": "两",
        "10": "十",
        "100": "百",
        "1000": "千",
        "ahead": "您前面还有",
        "callers": "位",
        "next": "您是下一位",
        "wait": "预计等待",
        "minutes": "分钟",
        "under_a_minute": "预计等待不到一分钟",
    },
    Language.EN: {
        **{str(n): word for n, word in enumerate(ONES_EN)},
        **{str(20 + 10 * n): word for n, word in enumerate(TENS_EN)},
        "100": "hundred",
        "1000": "thousand",
        "position": "you are number",
        "in_line": "in the queue",
        "next": "you are next in the queue",
        "wait": "the estimated wait is",
        "minute": "minute",
        "minutes": "minutes",
        "under_a_minute": "the estimated wait is less than a minute",
    },
}

LARGEST = 9999

Pieces = tuple[str, ...]


def spoken_number(n: int, language: Language) -> Pieces:
    """Name the pieces that say how many, 0 to 9999 (larger numbers are said as 9999); raises ValueError below 0."""
    if n < 0:
        raise ValueError(f"{n} is no count")
    n = min(n, LARGEST)
    return _english(n) if language is Language.EN else _chinese(n)


def position_pieces(position: int, language: Language) -> Pieces:
    """Name the pieces that tell a caller's place, 1 = next; raises ValueError below 1."""
    if position < 1:
        raise ValueError(f"{position} is no place")
    if position == 1:
        return ("next",)
    if language is Language.EN:
        return ("position", *spoken_number(position, language), "in_line")
    return ("ahead", *spoken_number(position - 1, language), "callers")


def wait_pieces(minutes: int, language: Language) -> Pieces:
    """Name the pieces that tell the estimated wait in whole minutes."""
    if minutes < 1:
        return ("under_a_minute",)
    unit = "minute" if language is Language.EN and minutes == 1 else "minutes"
    return ("wait", *spoken_number(minutes, language), unit)


def _chinese(n: int) -> Pieces:
    """Before a measure word a lone two is 两, and so it is before 千; one ten is 十; zeros between are said once."""
    if n == 2:
        return ("two",)
    if n < 10:
        return (str(n),)
    said: list[str] = []
    for unit in (1000, 100, 10, 1):
        digit, below = n // unit % 10, n % unit
        if digit:
            said += _chinese_digit(digit, unit, first=not said)
        elif said and below and said[-1] != "0":
            said.append("0")
        if not below:
            break
    return tuple(said)


def _chinese_digit(digit: int, unit: int, *, first: bool) -> Pieces:
    if unit == 1:
        return (str(digit),)
    if unit == 10 and digit == 1 and first:
        return ("10",)
    return ("two" if (digit, unit) == (2, 1000) else str(digit), str(unit))


def _english(n: int) -> Pieces:
    if n >= 1000:
        return (*_english(n // 1000), "1000", *_rest(n % 1000))
    if n >= 100:
        return (str(n // 100), "100", *_rest(n % 100))
    if n < 20:
        return (str(n),)
    return (str(n // 10 * 10), *_rest(n % 10))


def _rest(n: int) -> Pieces:
    return _english(n) if n else ()
