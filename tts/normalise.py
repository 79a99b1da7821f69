"""Numbers, dates, times, amounts and telephone numbers to words: engines would guess, each differently."""

import re

from tts.engine import Language
from tts.normalise_en import RULES as ENGLISH
from tts.normalise_zh import RULES as CHINESE
from tts.rules import Rule

RULES: dict[Language, tuple[Rule, ...]] = {Language.ZH: CHINESE, Language.EN: ENGLISH}

#: Full-width digits and signs that belong to numbers; other Chinese punctuation stays.
NARROW = str.maketrans("０１２３４５６７８９％＋－．：￥", "0123456789%+-.:¥")


def normalise(text: str, language: Language) -> str:
    """Return the text without any digit 0-9, blanks and line ends made single blanks."""
    text = re.sub(r"\s+", " ", text.translate(NARROW)).strip()
    for pattern, speak in RULES[language]:
        text = pattern.sub(speak, text)
    return text
