"""The pieces of announcements of position and wait, prepared beforehand, and what each says (QUEUE-5).

`orchestrator.domain.announcements` composes sentences of them, by their names; `press_one` is said whole to agents on
their mobiles (MOB-1).
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
        "press_one": "您有一个客户来电，接听请按1",
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
        "press_one": "you have a call from a customer, press one to take it",
    },
}
