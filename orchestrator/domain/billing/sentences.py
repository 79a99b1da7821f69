"""The arithmetic of a charge as sentences, in Chinese and English: what people read under an amount."""

from collections.abc import Iterable

from orchestrator.domain.billing.charge import Charge, Line, LineKind, plain

_TEXTS: dict[str, dict[LineKind, str]] = {
    "zh": {
        LineKind.USAGE: (
            "{rate}：通话 {seconds} 秒，按首 {first} 秒、其后每 {next} 秒计为 {billed} 秒，"
            "免费 {free} 秒，{paid} 秒 × {price} {currency}/分钟 = {amount} {currency}"
        ),
        LineKind.CONNECTION: "接通费 {amount} {currency}",
        LineKind.MINIMUM: "每次通话最低 {minimum} {currency}，补足 {amount} {currency}",
        LineKind.NO_RATE: "资费中没有号码 {number} 的价格：{amount} {currency}",
        LineKind.RENT: (
            "{item}月租：{quantity} × {price} {currency} × {days}/{in_month} 天（{first} 至 {last}）"
            "= {amount} {currency}"
        ),
        LineKind.CORRECTION: "资费更正：已收 {charged} {currency}，应收 {right} {currency}，差额 {amount} {currency}",
        LineKind.TAX: "税 {percent}% × {net} {currency} = {amount} {currency}",
        LineKind.TAX_CORRECTION: "税更正：已收 {charged} {currency}，应收 {right} {currency}，差额 {amount} {currency}",
    },
    "en": {
        LineKind.USAGE: (
            "{rate}: {seconds} s, charged as {billed} s (first {first} s, then each {next} s begun), {free} s free, "
            "{paid} s × {currency} {price} a minute = {currency} {amount}"
        ),
        LineKind.CONNECTION: "connection fee {currency} {amount}",
        LineKind.MINIMUM: "at least {currency} {minimum} a call: {currency} {amount} added",
        LineKind.NO_RATE: "the tariff has no rate for {number}: {currency} {amount}",
        LineKind.RENT: (
            "{item}, rent: {quantity} × {currency} {price} × {days}/{in_month} days ({first} to {last}) "
            "= {currency} {amount}"
        ),
        LineKind.CORRECTION: (
            "tariff corrected: charged {currency} {charged}, right {currency} {right}: {currency} {amount}"
        ),
        LineKind.TAX: "tax {percent}% of {currency} {net} = {currency} {amount}",
        LineKind.TAX_CORRECTION: (
            "tax corrected: charged {currency} {charged}, right {currency} {right}: {currency} {amount}"
        ),
    },
}

_ITEMS = {
    "zh": {"call_seat": "呼叫坐席", "chat_seat": "在线坐席", "number": "外显号码"},
    "en": {"call_seat": "Call seats", "chat_seat": "Chat seats", "number": "Numbers"},
}

_END = {"zh": ("。", "；"), "en": (".", "; ")}


def explain_line(line: Line, currency: str, language: str) -> str:
    """Return one line as a sentence in `zh` or `en`."""
    terms = {**line.terms, "item": _ITEMS[language].get(line.terms.get("item", ""), "")}
    return _TEXTS[language][line.kind].format_map({**terms, "amount": plain(line.amount), "currency": currency})


def explain(charge: Charge, language: str) -> str:
    """Return the whole arithmetic of a charge in `zh` or `en`."""
    sentences = [explain_line(line, charge.currency, language) for line in charge.lines]
    return joined(sentences, language) + _END[language][0]


def joined(sentences: Iterable[str], language: str) -> str:
    """Put sentences of `zh` or `en` into one line, without an end."""
    return _END[language][1].join(sentences)
