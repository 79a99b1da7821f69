"""Exports of many calls: how long they take and how much memory, one alone, two at once, and cancelled midway.

Each is made by a process of its own, as a worker makes it, from SQLite. A second column of figures is that of a tenth
of the lines, so that what grows is seen. LINES=100000 measures fewer. Run: make bench-scale
"""

# ruff: noqa: S608 - the statement is made of numbers of ours

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from peewee import Database

from orchestrator.database.call_records import CallFilter
from orchestrator.database.connection import open_database
from orchestrator.database.documents import to_plain
from orchestrator.database.exports import cancel_export
from orchestrator.database.migrate import migrate
from orchestrator.database.models import Export, Tenant
from orchestrator.exports.kinds import ExportKind
from orchestrator.recordings.store import FolderStore
from orchestrator.store.news import News, Told
from workers.exports import ExportMaker

LINES = int(os.environ.get("LINES", 1_000_000))

#: 2026-11-01 in UTC, us; a call a second from then on.
BEGIN, SECOND = 1_793_491_200_000_000, 1_000_000

TENANT = "acme"

#: Share of the lines after which an export is cancelled.
CANCELLED_AFTER = 0.1


class Watching(News):
    """Cancels an export as soon as it is so far."""

    def __init__(self, after: float) -> None:
        self._after = after
        self.cancelled = 0.0

    def tell(self, told: Told) -> None:
        row = Export.get(Export.export == told.data["export"])
        if not self.cancelled and row.lines >= self._after * LINES:
            self.cancelled = time.monotonic()
            cancel_export(row, BEGIN)


def fill(database: Database) -> None:
    """Write the records, by the database itself."""
    Tenant.create(id=TENANT, name="Acme", timezone="Asia/Shanghai")
    database.execute_sql(
        "INSERT INTO call_record (tenant, call, switch, caller, caller_name, number, queue, agent, arrived, answered,"
        " connected, ended, wait_us, ring_us, talk_us, hold_us, outcome, short, hung_up_by, cause, direction)"
        f" WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {LINES - 1})"
        f" SELECT '{TENANT}', 'c' || n, 'one', '1380013' || n % 10000, 'Caller', '4001', 'sales', '1001',"
        f" {BEGIN} + n * {SECOND}, {BEGIN} + n * {SECOND}, {BEGIN} + n * {SECOND}, {BEGIN} + (n + 60) * {SECOND},"
        f" 5000000, 3000000, 52000000, 0, 'connected', FALSE, 'caller', 'NORMAL_CLEARING', 'in' FROM numbers"
    )


def ask(number: int, lines: int, format_: str) -> str:
    """Ask for the first calls; returns the export's id."""
    wanted = to_plain(CallFilter(until=BEGIN + lines * SECOND))
    id_ = f"00000000-0000-4000-8000-{number:012}"
    Export.create(
        tenant=TENANT, export=id_, asked_by="1", kind=ExportKind.CALLS.value, wanted=wanted, format=format_,
        language="en", created=BEGIN, expires=2 * BEGIN,
    )  # fmt: skip
    return id_


def make(url: str, folder: str, export: str, cancel: str) -> None:
    """Make one export in this process and print what it took."""
    open_database(url)
    news = Watching(CANCELLED_AFTER if cancel else 2.0)
    began = time.monotonic()
    ExportMaker(FolderStore(Path(folder)), news, lambda: BEGIN).make(TENANT, export)
    took = time.monotonic() - (news.cancelled or began)
    row, used = Export.get(Export.export == export), resource.getrusage(resource.RUSAGE_SELF)
    print(took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, row.lines, row.size or 0)


def start(url: str, folder: Path, export: str, cancel: str = "") -> "subprocess.Popen[str]":
    """Have another process make it."""
    command = [sys.executable, "-m", "tests.benchmarks.scale_exports", url, str(folder), export, cancel]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def told(process: "subprocess.Popen[str]") -> list[float]:
    """Read what a process printed last: seconds, MB, lines, bytes."""
    return [float(word) for word in process.communicate()[0].splitlines()[-1].split()]


def line(name: str, figures: list[float]) -> None:
    """Print one row; a cancelled one's wall time is that from the cancellation to its end."""
    wall, cpu, memory, lines, size = figures
    print(f"{name:<20} {wall:8.1f} {cpu:8.1f} {memory:5.0f} {lines:10,.0f} {size / 1e6:8.1f}", flush=True)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        url = f"sqlite:///{folder}/zuoxi.db"
        database = open_database(url)
        migrate(database)
        fill(database)
        print(f"{'':<20} {'wall s':>8} {'CPU s':>8} {'MB':>5} {'lines':>10} {'file MB':>8}")
        line("csv, a tenth", told(start(url, folder, ask(1, LINES // 10, "csv"))))
        line("csv", told(start(url, folder, ask(2, LINES, "csv"))))
        line("cancelled at a tenth", told(start(url, folder, ask(3, LINES, "csv"), "cancel")))
        for process in [start(url, folder, ask(4 + n, LINES, "csv")) for n in range(2)]:
            line("csv, two at once", told(process))
        line("xlsx, a tenth", told(start(url, folder, ask(6, LINES // 10, "xlsx"))))
        line("xlsx", told(start(url, folder, ask(7, LINES, "xlsx"))))


if __name__ == "__main__":
    make(*sys.argv[1:]) if len(sys.argv) > 1 else main()
