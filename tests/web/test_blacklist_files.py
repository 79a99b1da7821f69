"""The blacklist as a file: brought in line by line, taken away without a formula in it."""

from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from orchestrator.database.models import AuditRow
from orchestrator.exports.files import csv_text
from orchestrator.store import keys
from tests.web.conftest import LogIn, Person
from webui.api import downloads
from webui.app import Web
from webui.tables import LARGEST_INSIDE, MOST_LINES, read_table

#: 2030-01-02 18:30 in Shanghai, microseconds UTC.
SHANGHAI_EVENING = 1_893_580_200_000_000

#: What spreadsheets would run.
FORMULAS = ["=1+1", "+1+1", "-1+1", "-1e3", "@SUM(A1)", '=HYPERLINK("http://evil","x")', "\t=1", "＝1+1", "'=1"]


@pytest.fixture
def admin(log_in: LogIn) -> Person:
    return log_in("admin@acme")


def bring_in(person: Person, data: bytes, **form: str):  # noqa: ANN201 - a response
    return person.post("/blacklist/import", data={"file": (BytesIO(data), "numbers"), **form})


def outcome(answer) -> list[tuple[int, str]]:  # noqa: ANN001
    assert answer.status_code == 200, answer.text
    return [(line["line"], line["result"]) for line in answer.json["lines"]]


def xlsx(*lines: tuple[object, ...]) -> bytes:
    book, file = Workbook(), BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(file)
    return file.getvalue()


def listed(person: Person) -> dict[str, tuple[str, str, int | None]]:
    items = person.get("/blacklist").json["items"]
    return {item["entry"]: (item["direction"], item["description"], item["expires"]) for item in items}


def test_a_chinese_file_is_brought_in(admin: Person, web: Web) -> None:
    """BLACK-1: a heading in Chinese, as Excel in China saves it; moments are the tenant's; in force at once."""
    text = "号码,类型,描述,到期时间\n0138 0013 8000,呼入,骚扰,2030/1/2 18:30\n139*,呼出,,\n\n10086,双向,客服,\n"
    answer = bring_in(admin, text.encode("gb18030"))
    assert outcome(answer) == [(2, "added"), (3, "added"), (5, "added")]
    assert listed(admin) == {
        "+8613800138000": ("in", "骚扰", SHANGHAI_EVENING),
        "+86139*": ("out", "", None),
        "10086": ("both", "客服", None),
    }
    assert set(web.services.redis.zrange(keys.blacklist("acme", "out"), 0, -1)) == {"+86139*", "10086"}
    assert [row.after for row in AuditRow.select()] == [{"added": 3}]


@pytest.mark.parametrize("heading", [("phone", "expires", "type"), ("Number", "Expires", "Direction")])
def test_an_excel_file_is_brought_in(admin: Person, heading: tuple[str, ...]) -> None:
    """BLACK-1: columns in any order; numbers that Excel took for numbers, and its own moments."""
    data = xlsx(heading, (13800138000, datetime(2030, 1, 2, 18, 30), "in"), (13900139000.0, None, "OUT"))  # noqa: DTZ001
    assert outcome(bring_in(admin, data)) == [(2, "added"), (3, "added")]
    assert listed(admin) == {
        "+8613800138000": ("in", "", SHANGHAI_EVENING),
        "+8613900139000": ("out", "", None),
    }


def test_a_file_without_a_heading_is_a_list_of_numbers(admin: Person) -> None:
    """BLACK-1: columns are number, direction, description and expiry then; what is missing is empty."""
    assert outcome(bring_in(admin, b"13800138000\n13900139000;in;x;2030-01-02\n")) == [(1, "added"), (2, "refused")]
    assert outcome(bring_in(admin, b"13700137000;in;x;2030-01-02\n10086\n")) == [(1, "added"), (2, "added")]
    assert listed(admin).keys() == {"+8613800138000", "+8613700137000", "10086"}


MIXED = """number,direction,description,expires
13800138000,in,,
0138-0013-8000,out,,
abc,in,,
*,in,,
139*,sideways,,
13700137000,in,{long},
13600136000,in,,tomorrow
13500135000,in,,2001-01-01
13400134000,in,,2026-02-30
{digits},in,,
,in,no number,
13300133000,both,fine,
""".format(long="x" * 51, digits="1" * 21)

REFUSED = {4, 5, 6, 7, 8, 9, 10, 11, 12}


def test_each_line_has_its_own_answer(admin: Person) -> None:
    """BLACK-1: added, duplicate (however it is written, in the file or in the list), or refused with the reason."""
    assert bring_in(admin, b"number\n13300133000\n").json["added"] == 1
    answer = bring_in(admin, MIXED.encode())
    fates = dict(outcome(answer))
    assert (fates.pop(2), fates.pop(3), fates.pop(13)) == ("added", "duplicate", "duplicate")
    assert fates == dict.fromkeys(REFUSED, "refused")
    counts = {name: answer.json[name] for name in ("added", "duplicates", "refused", "skipped")}
    assert counts == {"added": 1, "duplicates": 2, "refused": 9, "skipped": 0}
    reasons = {line["line"]: line["reason"] for line in answer.json["lines"]}
    assert all(bool(reason) == (line in REFUSED) for line, reason in reasons.items())
    assert len(set(reasons.values())) >= 7


def test_all_or_nothing(admin: Person) -> None:
    """BLACK-1: one refused line and nothing is added; without one everything is."""
    answer = bring_in(admin, MIXED.encode(), all_or_nothing="true")
    assert dict(outcome(answer))[13] == "skipped"
    assert (answer.json["added"], answer.json["skipped"]) == (0, 2)
    assert listed(admin) == {}
    good = b"number,direction\n13800138000,in\n13800138000,in\n"
    assert outcome(bring_in(admin, good, all_or_nothing="true")) == [(2, "added"), (3, "duplicate")]


def bomb() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as inside:
        inside.writestr("xl/sharedStrings.xml", b"0" * (LARGEST_INSIDE + 1))
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\xff\xfe\x00\x01\xff\xff", 422),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, 422),
        (b"PK\x03\x04 is no archive", 422),
        (bomb(), 422),
        (b"number\n" + b"13800138000\n" * (MOST_LINES + 1), 422),
        (b'number\n"' + b"x" * 200_000, 422),
        (b"1" * 1_100_000, 413),
    ],
    ids=["binary", "xls", "no archive", "bomb", "too many lines", "endless cell", "too large"],
)
def test_files_that_can_not_be_read_are_refused_whole(admin: Person, data: bytes, status: int) -> None:
    """BLACK-1, SAFE-2: an error that names the file; nothing is added."""
    answer = bring_in(admin, data)
    assert answer.status_code == status, answer.text
    if status == 422:
        assert answer.json["error"]["fields"].keys() == {"file"}
    assert listed(admin) == {}


def test_a_file_is_needed(admin: Person) -> None:
    """BLACK-1: without one the answer says so; an empty one adds nothing."""
    answer = admin.post("/blacklist/import", data={"all_or_nothing": "true"})
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, ["file"])
    assert admin.post("/blacklist/import", data={"file": "text"}).status_code == 422
    assert bring_in(admin, b"").json == {"added": 0, "duplicates": 0, "refused": 0, "skipped": 0, "lines": []}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_taken_away_can_be_brought_in_again(admin: Person, log_in: LogIn, kind: str, language: str) -> None:
    """BLACK-1: the file of one company, brought in by another, gives the same list, in either language."""
    admin.patch("/session", json={"language": language})
    bring_in(admin, "13800138000,in,骚扰,2030-01-02 18:30:00\n+86139*,呼出,=cmd,\nanonymous,both,,\n".encode())
    saved = admin.get("/blacklist/export", query_string={"format": kind})
    assert saved.headers["Content-Disposition"] == f'attachment; filename="blacklist.{kind}"'
    other = log_in("admin@other")
    assert [fate for _, fate in outcome(bring_in(other, saved.data))] == ["added"] * 3
    assert listed(other) == listed(admin)
    heading = read_table(saved.data)[0][1]
    assert heading[0] == {"zh": "号码", "en": "Number"}[language]


def test_no_cell_becomes_a_formula(admin: Person) -> None:
    """SAFE-2: what a spreadsheet would take for a formula is marked as text in CSV and is text in XLSX."""
    for n, text in enumerate(["=1+1", "@x", "+1", "-2+3"]):
        answer = admin.post("/blacklist", json={"number": f"+861380013800{n}", "direction": "in", "description": text})
        assert answer.status_code == 201
    saved = admin.get("/blacklist/export").data.decode("utf-8-sig")
    cells = [cell for line in saved.splitlines()[1:] for cell in line.split(",") if cell]
    assert cells
    assert not [cell for cell in cells if cell[0] in "=+-@"]
    book = load_workbook(BytesIO(admin.get("/blacklist/export?format=xlsx").data))
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value}
    assert kinds == {"s"}


@pytest.mark.parametrize("text", FORMULAS)
def test_marked_cells_are_read_as_they_were(text: str) -> None:
    """SAFE-2: the mark before a formula is written and taken away again."""
    written = "".join(csv_text([["x", text]])).encode()
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in written.decode("utf-8-sig").strip().split(","))
    if "\t" not in text and not text.startswith("'"):
        assert read_table(written) == [(1, ["x", text])]


@pytest.mark.parametrize("amount", ["-1", "-12.50"])
def test_an_amount_below_zero_stays_a_number(amount: str) -> None:
    """BILL-1: whoever adds up a column of credits gets their sum; nothing can hide in digits."""
    written = "".join(csv_text([["x", amount]]))
    assert written.strip().endswith(f"x,{amount}")
    assert read_table(written.encode()) == [(1, ["x", amount])]


def test_a_list_too_long_for_excel_is_saved_as_csv(admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """BLACK-1: an XLSX is made in memory, so it has a limit, and the answer says what to do."""
    bring_in(admin, b"13800138000\n13800138001\n13800138002\n")
    monkeypatch.setattr(downloads, "MOST_FOR_XLSX", 3)
    assert admin.get("/blacklist/export?format=xlsx").status_code == 200
    monkeypatch.setattr(downloads, "MOST_FOR_XLSX", 2)
    refused = admin.get("/blacklist/export?format=xlsx")
    assert (refused.status_code, list(refused.json["error"]["fields"])) == (422, ["format"])
    assert admin.get("/blacklist/export?format=csv").status_code == 200


def test_long_lists_are_saved_whole(admin: Person) -> None:
    """BLACK-1: more entries than are read at once."""
    numbers = [f"138{n:08}" for n in range(1200)]
    assert bring_in(admin, "\n".join(numbers).encode()).json["added"] == 1200
    saved = read_table(admin.get("/blacklist/export").data)
    assert [cells[0] for _, cells in saved[1:]] == numbers
