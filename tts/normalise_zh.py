"""Chinese words for what is written in digits."""

import re

from cn2an import an2cn

from tts.rules import AMOUNT, ISO_DATE, NUMBER, RANGE, TELEPHONE, TIME, Rule, cents, plain, rule

#: Digit by digit; in telephone numbers one is said yāo, so that it can't be mistaken for seven.
DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
CALLED = str.maketrans("0123456789", "零幺二三四五六七八九")

CURRENCIES = {"¥": "元", "rmb": "元", "cny": "元", "$": "美元", "usd": "美元", "€": "欧元", "eur": "欧元", "£": "英镑"}

#: Two of these are 两.
MEASURES = "位|个|次|分钟|小时|天|名|台|件|家|条|张|遍|周|年(?!级)|点|层|倍"

#: Beyond this many digits cn2an knows no unit.
LONGEST = 16


def count(digits: str) -> str:
    """Say a whole number."""
    digits = digits.lstrip("0") or "0"
    return str(an2cn(digits)) if len(digits) <= LONGEST else digits.translate(DIGITS)


def number(found: re.Match[str]) -> str:
    """Say a number with sign and places behind the point."""
    part = "点" + found["part"].translate(DIGITS) if found["part"] else ""
    return ("负" if found["sign"] else "") + count(plain(found["whole"])) + part


def date(found: re.Match[str]) -> str:
    """Say a date: the year digit by digit."""
    return f"{found['y'].translate(DIGITS)}年{count(found['m'])}月{count(found['d'])}日"


def time(found: re.Match[str]) -> str:
    """Say a time of day; two o'clock is 两点."""
    hour = "两" if int(found["hh"]) == 2 else count(found["hh"])
    said = f"{hour}点"
    if int(found["mm"]) or found["ss"]:
        said += _two_digits(found["mm"]) + "分"
    return said + (_two_digits(found["ss"]) + "秒" if found["ss"] else "")


def money(found: re.Match[str]) -> str:
    """Say an amount: yuan with jiao and fen, other currencies with a point."""
    unit = CURRENCIES[found["currency"].lower()] if found["currency"] else "元"
    whole, rest = count(plain(found["whole"])), cents(found["part"])
    if unit != "元":
        point = "点" + f"{rest:02}".rstrip("0").translate(DIGITS) if rest else ""
        return whole + point + unit
    jiao, fen = divmod(rest, 10)
    said = f"{whole}元" if whole != "零" or not rest else ""
    said += f"{count(str(jiao))}角" if jiao else "零" if fen and said else ""
    return said + (f"{count(str(fen))}分" if fen else "")


def called(found: re.Match[str]) -> str:
    """Say a telephone number or another long row of digits."""
    return re.sub(r"[\s()-]", "", found[0]).replace("+", "加").translate(CALLED)


def _two_digits(digits: str) -> str:
    return ("零" if digits.startswith("0") and digits != "00" else "") + count(digits)


RULES: tuple[Rule, ...] = (
    rule(ISO_DATE, date),
    rule(r"(?P<y>[12][0-9]{3}) \s? (?=年)", lambda found: found["y"].translate(DIGITS)),
    rule(TIME, time),
    rule(rf"(?P<currency>¥|\$|€|£|(?<![a-z])(?:rmb|cny|usd|eur)) \s? {AMOUNT} \s? 元?", money),
    rule(rf"{AMOUNT} (?P<currency>) \s? 元", money),
    rule(rf"{NUMBER} \s? %", lambda found: f"百分之{number(found)}"),
    rule(r"(?: 拨打? | 致电 | 电话 | 热线 | 号码 ) [为是:\s]* [0-9](?:-?[0-9]){2,14}", called),
    rule(TELEPHONE, called),
    rule(RANGE, lambda found: f"{count(found['low'])}到{count(found['high'])}"),
    rule(rf"(?<![.]) 2 \s? (?={MEASURES})", lambda _: "两"),
    rule(NUMBER, number),
    (re.compile("[0-9]+"), lambda found: found[0].translate(DIGITS)),
)
