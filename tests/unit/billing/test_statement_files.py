"""A month's statement as PDF: what stands where (BILL-1)."""

from reportlab.platypus import LongTable

from webui.statement_files import COLUMNS, Sheet, _story, pdf_bytes

TEXTS = {name: name for name in (*COLUMNS, "parts", "payments", "charges", "too_many", "sum")}
LINE = ("2026-10-01 00:00:00", "+8613800138000", "60 s", "standard v1", "1.0000", "0.0600", "1.0600")


def sheet(lines: int) -> Sheet:
    """A statement of so many charges."""
    return Sheet(
        title="月结单 2026-10", company="北京 <&> Co", facts=[], sums=[("closing", "-1.06")], parts=[], notes=[],
        payments=[], lines=[LINE] * lines, charged=["200.0000", "12.0000", "212.0000"],
    )  # fmt: skip


def test_charges_go_on_over_pages_and_end_with_their_sum() -> None:
    """BILL-1: a heading on each page; net, tax and total stand below the last charge, under their columns."""
    pdf = pdf_bytes(sheet(200), TEXTS)
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") > 3
    [table] = [part for part in _story(sheet(200), TEXTS) if isinstance(part, LongTable)]
    words = [[cell.text for cell in row] for row in table._cellvalues]
    assert (words[0], table.repeatRows) == (list(COLUMNS), 1)
    assert (len(words), words[1][-3:]) == (202, ["1.0000", "0.0600", "1.0600"])
    assert words[-1] == ["", "", "sum", "", "200.0000", "12.0000", "212.0000"]
