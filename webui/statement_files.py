"""A month's statement as files: CSV, and PDF with the fonts for Chinese that every PDF reader brings."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, Table

from orchestrator.database.models import Statement
from orchestrator.domain.billing.charge import plain

#: One of the fonts that PDF readers bring for Chinese (Adobe-GB1); it has Latin letters too.
FONT = "STSong-Light"

#: A line of a statement: moment, what, arithmetic, tariff version, net, tax, total.
Line = tuple[str, str, str, str, str, str, str]

Texts = dict[str, str]


def to_table(texts: Texts, lines: Iterable[Line]) -> Iterator[list[str]]:
    """Return heading and lines."""
    yield [texts[name] for name in ("moment", "what", "arithmetic", "tariff", "net", "tax", "total")]
    for line in lines:
        yield list(line)


def pdf_bytes(statement: Statement, company: str, texts: Texts, lines: Iterable[Line]) -> bytes:
    """Return a statement as PDF, A4."""
    registerFont(UnicodeCIDFont(FONT))
    body = ParagraphStyle("body", fontName=FONT, fontSize=8, leading=11, wordWrap="CJK")
    head = ParagraphStyle("head", parent=body, fontSize=16, leading=22)
    title = f"{texts['title']} {statement.month}"
    story: list[Any] = [Paragraph(escape(title), head), Paragraph(escape(company), body)]
    story += [Spacer(0, 5 * mm), _figures(statement, texts), Spacer(0, 5 * mm), _lines(texts, lines, body)]
    file = BytesIO()
    edge = 15 * mm
    document = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=edge, rightMargin=edge, topMargin=edge, bottomMargin=edge, title=title,
        author=company,
    )  # fmt: skip
    document.build(story, onFirstPage=_number, onLaterPages=_number)
    return file.getvalue()


def _figures(statement: Statement, texts: Texts) -> Table:
    names = ("opening", "paid", "net", "tax", "charged", "closing")
    rows = [[texts[name], f"{plain(getattr(statement, name))} {statement.currency}"] for name in names]
    style = [("FONT", (0, 0), (-1, -1), FONT, 9), ("ALIGN", (1, 0), (1, -1), "RIGHT")]
    return Table(rows, colWidths=[50 * mm, 50 * mm], hAlign="LEFT", style=style)


def _lines(texts: Texts, lines: Iterable[Line], body: ParagraphStyle) -> LongTable:
    rows = [[Paragraph(escape(cell), body) for cell in row] for row in to_table(texts, lines)]
    style = [("LINEBELOW", (0, 0), (-1, -1), 0.25, "#bbbbbb"), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    widths = [width * mm for width in (24, 24, 62, 20, 17, 15, 18)]
    return LongTable(rows, colWidths=widths, repeatRows=1, style=style)


def _number(canvas: Any, document: Any) -> None:  # noqa: ANN401 - reportlab has no types
    canvas.setFont(FONT, 8)
    text = str(document.page)
    canvas.drawString((A4[0] - stringWidth(text, FONT, 8)) / 2, 8 * mm, text)
