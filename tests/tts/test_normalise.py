"""Digits become words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.engine import Language
from tts.normalise import normalise

CHINESE = {
    "您前面还有2位，预计等待12分钟": "您前面还有两位，预计等待十二分钟",
    "请拨13800138000": "请拨幺三八零零幺三八零零零",
    "热线400-820-8820": "热线四零零八二零八八二零",
    "+86 138 0013 8000": "加八六幺三八零零幺三八零零零",
    "０１０－６５５２９９８８": "零幺零六五五二九九八八",
    "请拨打10086": "请拨打幺零零八六",
    "10086元": "一万零八十六元",
    "2026-11-23 09:05": "二零二六年十一月二十三日 九点零五分",
    "2026/1/2": "二零二六年一月二日",
    "2026年11月3日下午2:30": "二零二六年十一月三日下午两点三十分",
    "9:00至18:00": "九点至十八点",
    "13:45:10": "十三点四十五分十秒",
    "余额¥12.50": "余额十二元五角",
    "100.05元": "一百元零五分",
    "0.50元": "五角",
    "￥0": "零元",
    "$3.5": "三点五美元",
    "共1,234元": "共一千二百三十四元",
    "25.5%": "百分之二十五点五",
    "温度-5度": "温度负五度",
    "5-10分钟": "五到十分钟",
    "3.14": "三点一四",
    "2号": "二号",
    "007": "零零七",
    "订单12345678901234567890": "订单幺二三四五六七八九零幺二三四五六七八九零",
}

ENGLISH = {
    "call 400-820-8820": "call four zero zero, eight two zero, eight eight two zero",
    "+1 212 555 0100": "plus one, two one two, five five five, zero one zero zero",
    "dial 10086": "dial one zero zero eight six",
    "2026-11-23": "November twenty-third, twenty twenty-six",
    "the 23rd of November 2026": "the twenty-third of November twenty twenty-six",
    "at 09:05": "at nine oh five",
    "9:00 to 13:45": "nine o'clock to thirteen forty-five",
    "$12.50": "twelve dollars and fifty cents",
    "$1.01": "one dollar and one cent",
    "£0.05": "five pence",
    "¥88": "eighty-eight yuan",
    "3 EUR": "three euros",
    "25.5%": "twenty-five point five percent",
    "-5": "minus five",
    "5-10 minutes": "five to ten minutes",
    "1,234": "one thousand, two hundred and thirty-four",
    "press 1": "press one",
}


@pytest.mark.parametrize(("text", "said"), CHINESE.items())
def test_chinese(text: str, said: str) -> None:
    """TTS-1: as a Chinese speaker reads it out."""
    assert normalise(text, Language.ZH) == said


@pytest.mark.parametrize(("text", "said"), ENGLISH.items())
def test_english(text: str, said: str) -> None:
    """TTS-1: as an English speaker reads it out."""
    assert normalise(text, Language.EN) == said


NUMERIC = st.text(alphabet="0123456789.,:-/%¥$€+() 年月日元位号分abc\n", max_size=40)


@pytest.mark.parametrize("language", list(Language))
@given(text=st.one_of(st.text(max_size=60), NUMERIC))
def test_no_digit_is_left(language: Language, text: str) -> None:
    """TTS-1: whatever is written, no digit reaches the engine, and saying it again changes nothing."""
    said = normalise(text, language)
    assert re.search("[0-9]", said) is None
    assert normalise(said, language) == said


@pytest.mark.parametrize("language", list(Language))
@given(text=st.text(alphabet="您好，欢迎致电！abc XYZ?'", max_size=60))
def test_text_without_digits_stays(language: Language, text: str) -> None:
    """TTS-1: nothing but numbers is touched, and blanks are made single."""
    assert normalise(text, language) == " ".join(text.split())
