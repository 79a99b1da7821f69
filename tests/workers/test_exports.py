"""Exports made by a worker: whole, once, cancellable, without formulas, in bounded memory (API-1, CDR-1, LOG-1)."""

import csv
import tracemalloc
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from peewee import Database, chunked
from playhouse.shortcuts import model_to_dict
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from orchestrator.database.call_records import CallFilter
from orchestrator.database.customers import Card, CustomerFilter, add_customer
from orchestrator.database.documents import to_plain
from orchestrator.database.exports import cancel_export
from orchestrator.database.models import CallForm, CallRecord, Export, Tenant
from orchestrator.database.models import Queue as QueueRow
from orchestrator.database.state_log import StateFilter
from orchestrator.exports import files, kinds
from orchestrator.exports.charges import ChargeFilter
from orchestrator.exports.files import write_csv, write_xlsx
from orchestrator.exports.kinds import ExportKind
from orchestrator.jobs import Jobs
from orchestrator.recordings.store import FolderStore
from orchestrator.store.connection import connect
from orchestrator.store.news import News, Told
from tests.workers.bills import DAY, NOVEMBER, billed_tenant, ended_call
from tests.workers.stories import NINE, changes, connected_call, stream
from workers import exports, rating
from workers.exports import FORGOTTEN_US, ExportMaker, care_for_exports_of_all, key_of
from workers.jobs import write_events


class NotedNews(News):
    """Notes what is told; `react` does what somebody does on hearing it."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.react = lambda: None

    def tell(self, told: Told) -> None:
        self.told.append(told)
        self.react()


@pytest.fixture
def demo(database: Database) -> Tenant:  # noqa: ARG001
    """A tenant, of each kind of database."""
    return Tenant.create(id="demo", name="Demo", timezone="Asia/Shanghai")


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


@pytest.fixture
def news() -> NotedNews:
    return NotedNews()


@pytest.fixture
def maker(store: FolderStore, news: NotedNews) -> ExportMaker:
    return ExportMaker(store, news, lambda: NINE)


def asked(kind: ExportKind, wanted: object, format_: str = "csv", language: str = "en") -> Export:
    """What somebody has asked for."""
    number = Export.select().count()
    return Export.create(
        tenant="demo", export=f"00000000-0000-4000-8000-{number:012}", asked_by="7", kind=kind.value,
        wanted=to_plain(wanted), format=format_, language=language, created=NINE, expires=NINE + 7 * DAY,
    )  # fmt: skip


def lines_of(store: FolderStore, row: Export) -> list[dict[str, str]]:
    """The lines of a CSV that was made, by their headings."""
    with store.open(key_of(row)) as file:
        return list(csv.DictReader(TextIOWrapper(file, encoding="utf-8-sig", newline="")))


def calls(count: int) -> None:
    """The records of calls a second apart, of 61 seconds each."""
    ended_call("c00000", NOVEMBER, 61)
    like = model_to_dict(CallRecord.get(), exclude=[CallRecord.id])
    rows = [
        like | {"call": f"c{number:05}", "arrived": NOVEMBER + number * 1_000_000, "caller": f"1380013{number:04}"}
        for number in range(1, count)
    ]
    for some in chunked(rows, 500):
        CallRecord.insert_many(some).execute()


@pytest.mark.usefixtures("demo")
def test_a_call_list_is_made_whole(maker: ExportMaker, store: FolderStore, news: NotedNews) -> None:
    """CDR-1, API-1: every call of the filter once, newest first, over many pages, in the tenant's zone and words."""
    calls(1103)
    QueueRow.create(tenant="demo", key="sales", name="Sales, =1+1")
    CallRecord.update(queue="sales", caller_name="=HYPERLINK(1)", outcome="abandoned", short=True).where(
        CallRecord.call == "c00001"
    ).execute()
    CallForm.create(
        tenant="demo", call="c00001", agent="1", notes="@note", disposition="", tags=["vip", "late"], saved=1
    )
    row = asked(ExportKind.CALLS, CallFilter(since=NOVEMBER + 1_000_000))
    maker.make("demo", row.export)
    lines = lines_of(store, row)
    assert [line["Call id"] for line in lines] == [f"c{number:05}" for number in range(1102, 0, -1)]
    last = lines[-1]
    assert (last["Arrived"], last["Talked"], last["Direction"]) == ("2026-11-01 00:00:01", "0:01:01", "in")
    assert (last["Queue"], last["Outcome"], last["Short abandon"]) == ("Sales, =1+1", "Abandoned", "yes")
    assert (last["Name"], last["Notes"], last["Tags"]) == ("'=HYPERLINK(1)", "'@note", "vip; late")
    made = Export.get_by_id(row.id)
    assert (made.status, made.lines, made.total, made.size) == ("done", 1102, 1102, store.size(key_of(row)))
    assert {(told.tenant, told.person, told.event) for told in news.told} == {("demo", "7", "export")}
    assert len(news.told) >= 3


@pytest.mark.usefixtures("demo")
def test_every_kind_is_made_in_chinese(maker: ExportMaker, store: FolderStore) -> None:
    """LOG-1, BILL-1: the state log, charges with their arithmetic, customers that can be brought in again."""
    billed_tenant()
    ended_call("c1", NOVEMBER, 61)
    rating.rate_call("demo", "c1", NOVEMBER + DAY)
    write_events("demo", stream([*connected_call("c2", NINE), *changes("1001", [("online", 1), ("busy", 5)])]))
    add_customer("demo", Card(name="=王", numbers=("+8613800138000",), tags=("vip",)), "7", NINE)
    wanted: dict[ExportKind, Any] = {
        ExportKind.STATES: StateFilter(),
        ExportKind.CHARGES: ChargeFilter(month="2026-11"),
        ExportKind.CUSTOMERS: CustomerFilter(text="王"),
    }
    lines = {}
    for kind, filter_ in wanted.items():
        row = asked(kind, filter_, language="zh")
        maker.make("demo", row.export)
        lines[kind] = lines_of(store, row)
    assert lines[ExportKind.STATES][0]["客服"] == "1001"
    [charge] = lines[ExportKind.CHARGES]
    assert (charge["账期"], charge["类型"], charge["币种"]) == ("2026-11", "通话", "CNY")
    assert "6" in charge["计算过程"]
    assert lines[ExportKind.CUSTOMERS][0]["姓名"] == "'=王"
    assert lines[ExportKind.CUSTOMERS][0]["号码"] == "'+8613800138000"


@pytest.mark.usefixtures("demo")
def test_excel_gets_text_and_as_many_sheets_as_it_needs(maker: ExportMaker, store: FolderStore, tmp_path: Path) -> None:
    """API-1, SAFE-2: what begins with = is text; what no sheet can hold goes on in the next, with the heading."""
    calls(3)
    CallRecord.update(caller_name="=1+1").execute()
    row = asked(ExportKind.CALLS, CallFilter(), "xlsx")
    maker.make("demo", row.export)
    with store.open(key_of(row)) as file:
        sheet = load_workbook(file).worksheets[0]
        assert sheet.title == "Calls"
        assert [(cell.value, cell.data_type) for cell in sheet["D"]] == [("Name", "s"), *[("=1+1", "s")] * 3]
    path = tmp_path / "long.xlsx"
    write_xlsx(path, "Calls", ([text] for text in ("Name", "a", "b\x07", "c")), most=3)
    long = load_workbook(path)
    shown = {sheet.title: [cell.value for cell in sheet["A"]] for sheet in long.worksheets}
    assert shown == {"Calls": ["Name", "a", "b"], "Calls 2": ["Name", "c"]}


@pytest.mark.usefixtures("demo")
def test_one_that_is_given_up_leaves_no_file(
    maker: ExportMaker, store: FolderStore, news: NotedNews, monkeypatch: pytest.MonkeyPatch
) -> None:
    """API-1: cancelled while it is made, it stops; cancelled before, it is not begun; its job may come again."""
    monkeypatch.setattr(exports, "NOTE_S", -1.0)
    calls(600)
    row = asked(ExportKind.CALLS, CallFilter())
    news.react = lambda: Export.get_by_id(row.id).lines >= 200 and cancel_export(row, NINE)
    maker.make("demo", row.export)
    cancelled = Export.get_by_id(row.id)
    assert (cancelled.status, cancelled.lines, cancelled.total, cancelled.key) == ("cancelled", 200, 600, None)
    news.told.clear()
    maker.make("demo", row.export)
    assert (news.told, Export.get_by_id(row.id).status) == ([], "cancelled")
    assert not list(store._folder.rglob("*"))


@pytest.mark.usefixtures("demo")
def test_a_job_that_runs_again_makes_the_same(maker: ExportMaker, store: FolderStore, news: NotedNews) -> None:
    """SAFE-1: a worker that was killed has left it begun; made anew it is whole; made, it is not made again."""
    calls(5)
    row = asked(ExportKind.CALLS, CallFilter())
    Export.update(status="running", lines=4).execute()
    maker.make("demo", row.export)
    first = lines_of(store, row)
    assert len(first) == 5
    calls_before = len(news.told)
    ended_call("later", NOVEMBER, 1)
    maker.make("demo", row.export)
    assert (lines_of(store, row), len(news.told)) == (first, calls_before)


@pytest.mark.usefixtures("demo")
def test_what_goes_wrong_is_told_and_tried_again(
    maker: ExportMaker, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """API-1: a disk that is full fails the job; without another try the export has failed, and says why."""
    row = asked(ExportKind.CALLS, CallFilter())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(store, "put", full)
        with pytest.raises(OSError, match="No space"):
            maker.make("demo", row.export)
    failed = Export.get_by_id(row.id)
    assert (failed.status, failed.error) == ("failed", "storage")
    maker.make("demo", row.export)
    again = Export.get_by_id(row.id)
    assert (again.status, again.error, lines_of(store, row)) == ("done", "", [])


@pytest.mark.usefixtures("demo")
def test_one_whose_last_try_was_killed_has_failed(store: FolderStore, redis: "Redis") -> None:
    """API-1: a job that could not say so itself, such as without a database, leaves nobody waiting for ever."""
    row = asked(ExportKind.CALLS, CallFilter())
    queue = Queue("reports", connection=redis, serializer=JSONSerializer)
    for status in ("waiting", "failed"):
        care_for_exports_of_all(store, Jobs(redis), NINE + 2 * FORGOTTEN_US)
        assert Export.get_by_id(row.id).status == status
        job = queue.fetch_job(f"export_{row.export}")
        assert job is not None
        queue.remove(job)
        queue.failed_job_registry.add(job, ttl=1000)


@pytest.mark.usefixtures("demo")
def test_exports_end_and_are_found_again(maker: ExportMaker, store: FolderStore, redis: "Redis") -> None:
    """API-1: over, row and file are gone; one whose job was lost with Redis is enqueued, once."""
    made, lost = asked(ExportKind.CALLS, CallFilter()), asked(ExportKind.CALLS, CallFilter())
    maker.make("demo", made.export)
    Export.update(expires=NINE + 1).where(Export.id == made.id).execute()
    for _ in range(2):
        care_for_exports_of_all(store, Jobs(redis), NINE + FORGOTTEN_US + 1)
    assert [row.export for row in Export.select()] == [lost.export]
    assert not [path for path in store._folder.rglob("*") if path.is_file()]
    jobs = Queue("reports", connection=redis, serializer=JSONSerializer).jobs
    assert [job.args for job in jobs] == [["demo", lost.export]]


def test_memory_does_not_grow_with_the_lines(tmp_path: Path) -> None:
    """API-1: ten times the lines take no more than twice the memory (measured by the allocator)."""

    def peak(count: int, save: Callable[[Path, Iterator[list[str]]], None]) -> int:
        tracemalloc.start()
        save(tmp_path / "table", ([f"{number}", "x" * 200] for number in range(count)))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    for save in (write_csv, lambda path, lines: write_xlsx(path, "Calls", lines)):
        peak(10, save)  # what is loaded once
        assert peak(1000, save) < 2 * peak(100, save)


@pytest.mark.usefixtures("demo")
def test_pages_are_read_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """API-1: no more of a long list is read than is being written."""
    monkeypatch.setattr(kinds, "LONGEST_PAGE", 2)
    calls(5)
    read: list[int] = []
    monkeypatch.setattr(kinds, "forms_of", lambda _, calls: read.append(len(calls)) or [])
    table = kinds.table_of(ExportKind.CALLS, "demo", to_plain(CallFilter()), "en")
    assert (table.count(), read) == (5, [])
    next(table.lines)
    assert read == [2]
    assert (len(list(table.lines)), read) == (4, [2, 2, 1])


def test_news_reach_who_listens(redis_url: str) -> None:
    """API-1: what a worker tells is heard by a web process that listens at the time."""
    with connect(redis_url) as teller, connect(redis_url) as listener:
        told = Told(tenant="demo", person="7", event="export", data={"export": "x"})
        heard: list[Told] = []

        def more() -> bool:
            if not heard:
                News(teller).tell(told)
            return not heard

        News(listener).listen(heard.append, more)
    assert heard[0] == told


def test_a_cell_is_never_a_formula() -> None:
    """SAFE-2: whatever people write, spreadsheets show it; what looks like one is marked, and nothing else is."""
    marked = list(files.csv_text([["=1", "+1", "-1+1", "@a", "\t=1", "＝1", "-", "a=1", ""]]))[1]
    assert marked == "'=1,'+1,'-1+1,'@a,'\t=1,'＝1,-,a=1,\r\n"
    assert list(files.csv_text([["-0.154", "-12", "-1\n"]]))[1] == '-0.154,-12,"\'-1\n"\r\n'  # amounts add up
