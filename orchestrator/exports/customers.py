"""Customers as a table, which can be brought in again: what its columns are called, in both languages."""

from collections.abc import Iterable, Iterator

from orchestrator.database.models import Customer

#: What each column may be called, as English and Chinese write it first; the order is that of files without a heading.
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("Name", "姓名", "客户", "customer", "客户姓名"),
    "company": ("Company", "公司", "单位", "organisation", "organization"),
    "numbers": ("Numbers", "号码", "number", "phone", "phone number", "电话", "手机", "电话号码"),
    "email": ("E-mail", "邮箱", "email", "mail", "电子邮件"),
    "tags": ("Tags", "标签", "tag"),
    "notes": ("Notes", "备注", "note", "说明"),
}


def to_table(rows: Iterable[tuple[Customer, list[str]]], language: str) -> Iterator[list[str]]:
    """Return customers as the lines of a table in a language (en, zh), heading first."""
    place = ("en", "zh").index(language)
    yield [names[place] for names in COLUMNS.values()]
    for row, numbers in rows:
        yield [row.name, row.company, "; ".join(numbers), row.email, "; ".join(row.tags), row.notes]
