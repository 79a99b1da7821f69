"""A month's statement as files: CSV, and PDF with the fonts for Chinese that every PDF reader brings."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.platypus import CondPageBreak, LongTable, Paragraph, SimpleDocTemplate, Spacer, Table

from webui.statement_pages import numbered_canvas

#: One of the fonts that PDF readers bring for Chinese (Adobe-GB1); it has Latin letters too.
FONT = "STSong-Light"

#: Charges that a PDF lists; a month with more has them in its CSV.
MOST_LINES = 5000

#: A line of a statement: moment, what, arithmetic, tariff version, net, tax, total.
Line = tuple[str, str, str, str, str, str, str]
COLUMNS = ("moment", "what", "arithmetic", "tariff", "net", "tax", "total")

Texts = dict[str, str]

_INK, _GREY, _RULE, _HEAD = "#16191f", "#5b6472", "#c9ced6", "#f1f3f6"
_EDGE = 15 * mm

#: What reportlab leaves free inside a page's frame, points: margins are less by it, so that all begins at the edge.
_FRAME = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a statement's PDF says, as text: `sums` are (name, amount), the last one is the balance at the end.

    `parts` have a heading and a line of totals; `notes` stand under them; `payments` have a heading, if there are any;
    `charged` is net, tax and total of all lines.
    """

    title: str
    company: str
    facts: Sequence[str]
    sums: Sequence[tuple[str, str]]
    parts: Sequence[Sequence[str]]
    notes: Sequence[str]
    payments: Sequence[Sequence[str]]
    lines: Sequence[Line]
    charged: Sequence[str] = ()


def to_table(texts: Texts, lines: Iterable[Line]) -> Iterator[list[str]]:
    """Return heading and lines."""
    yield [texts[name] for name in COLUMNS]
    for line in lines:
        yield list(line)


def pdf_bytes(sheet: Sheet, texts: Texts) -> bytes:
    """Return a statement as PDF, A4, with the number of pages on each."""
    registerFont(UnicodeCIDFont(FONT))
    file = BytesIO()
    document = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=_EDGE - _FRAME, rightMargin=_EDGE - _FRAME, topMargin=_EDGE,
        bottomMargin=_EDGE + 4 * mm,
        title=sheet.title, author=sheet.company,
    )  # fmt: skip
    footer = f"{sheet.company}  {sheet.title}"
    document.build(list(_story(sheet, texts)), canvasmaker=numbered_canvas(FONT, footer, _EDGE))
    return file.getvalue()


def _story(sheet: Sheet, texts: Texts) -> Iterator[Any]:
    yield Paragraph(escape(sheet.title), _style(16, 22))
    yield Paragraph(escape(sheet.company), _style(11, 16))
    for fact in sheet.facts:
        yield Paragraph(escape(fact), _style(8, 12, _GREY))
    yield Spacer(0, 5 * mm)
    yield _sums(sheet.sums)
    yield from _section(texts["parts"], sheet.parts, (58, 20, 26, 25, 25, 26), total=True)
    yield Spacer(0, 1.5 * mm)
    for note in sheet.notes:
        yield Paragraph(escape(note), _style(8, 12, _GREY))
    yield from _section(texts["payments"], sheet.payments, (34, 26, 46, 44, 30))
    yield from _charges(sheet, texts)


def _charges(sheet: Sheet, texts: Texts) -> Iterator[Any]:
    if len(sheet.lines) > MOST_LINES:
        yield Spacer(0, 5 * mm)
        yield Paragraph(escape(texts["too_many"]), _style(9, 13))
        return
    rows = list(to_table(texts, sheet.lines))
    if sheet.charged:
        rows.append(["", "", texts["sum"], "", *sheet.charged])
    yield from _section(texts["charges"], rows, (20, 27, 63, 20, 16, 15, 19), total=True, numbers=3)


def _section(
    title: str, rows: Sequence[Sequence[str]], widths: Sequence[float], total: bool = False, numbers: int = 0
) -> Iterator[Any]:
    """Yield a heading and its table, which goes on over pages; nothing for a table without lines.

    The last `numbers` columns are amounts, all but the first where it isn't said; with `total` the last line is a sum.
    """
    if len(rows) < 2:
        return
    yield CondPageBreak(30 * mm)
    yield Spacer(0, 6 * mm)
    yield Paragraph(escape(title), _style(11, 16))
    yield Spacer(0, 1 * mm)
    yield _table(rows, widths, total, numbers)


def _table(rows: Sequence[Sequence[str]], widths: Sequence[float], total: bool, numbers: int) -> LongTable:
    first_number = len(widths) - numbers if numbers else (1 if total else len(widths) - 1)
    texts, amounts = _style(7.5, 10), _style(7.5, 10, right=True)
    cells = [
        [Paragraph(escape(cell), amounts if at >= first_number else texts) for at, cell in enumerate(row)]
        for row in rows
    ]
    style = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, _RULE), ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BACKGROUND", (0, 0), (-1, 0), _HEAD), ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3), ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]  # fmt: skip
    if total:
        style.append(("LINEABOVE", (0, -1), (-1, -1), 0.8, _INK))
    return LongTable(cells, colWidths=[width * mm for width in widths], repeatRows=1, style=style, hAlign="LEFT")


def _sums(sums: Sequence[tuple[str, str]]) -> Table:
    style = [
        ("FONT", (0, 0), (-1, -1), FONT, 9.5), ("ALIGN", (1, 0), (1, -1), "RIGHT"),
        ("TEXTCOLOR", (0, 0), (0, -2), _GREY), ("LINEABOVE", (0, -1), (-1, -1), 0.8, _INK),
        ("FONTSIZE", (0, -1), (-1, -1), 11), ("LEFTPADDING", (0, 0), (0, -1), 0), ("RIGHTPADDING", (1, 0), (1, -1), 0),
    ]  # fmt: skip
    return Table(list(map(list, sums)), colWidths=[60 * mm, 45 * mm], hAlign="LEFT", style=style)


def _style(size: float, leading: float, colour: str = _INK, right: bool = False) -> ParagraphStyle:
    return ParagraphStyle(
        f"{size}{colour}{right}", fontName=FONT, fontSize=size, leading=leading, textColor=colour,
        wordWrap=None if right else "CJK", alignment=2 if right else 0,
    )  # fmt: skip
