"""Reports through the API: they equal the wallboard's counters, and a recount from the records."""

import csv
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orchestrator.database.models import CallRecord, QueueStay
from orchestrator.exports import report_limits
from tests.web.conftest import LogIn
from tests.web.live_calls import LiveCalls
from webui.api import reports

ZONE = ZoneInfo("Asia/Shanghai")


def today() -> tuple[int, int]:
    """The tenant's day, microseconds UTC."""
    midnight = datetime.now(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return int(midnight.timestamp() * 1_000_000), int((midnight + timedelta(days=1)).timestamp() * 1_000_000)


def query(**more: object) -> str:
    """A report's address for today."""
    since, until = today()
    wanted = {"from": since, "to": until, **more}
    return "/reports?" + "&".join(f"{name}={value}" for name, value in wanted.items())


def three_calls(live: LiveCalls) -> None:
    """One talks with a1, calls once more and gives up; another gives up."""
    live.online("acme", "acme-a1")
    live.wait("acme", "c1", caller="13912345678")
    live.talk("acme", "c1")
    live.wait("acme", "c2", caller="13912345678")
    live.hang_up("acme", "c2")
    live.wait("acme", "c3", caller="13900000000")
    live.hang_up("acme", "c3")
    live.hang_up("acme", "c1")
    live.write_records("acme")


def test_reports_equal_the_wallboard_and_a_recount(log_in: LogIn, live: LiveCalls) -> None:
    """REP-1, WALL-4: the day's figures are those of the queue monitor, and what the records add up to."""
    three_calls(live)
    supervisor = log_in("supervisor@acme")
    board: dict[str, Any] = supervisor.get("/boards/queues").json["rows"][0]
    (line,) = supervisor.get(query(by="queue")).json["lines"]
    figures = line["figures"]
    assert (line["key"], line["at"]) == ("q1", today()[0])
    for name in ("offered", "connected", "abandoned", "short", "timed_out", "service_level", "abandonment_rate"):
        assert figures[name] == board[name], name
    assert figures["speed_of_answer_us"] == board["answer_us_average"]
    stays = list(QueueStay.select())
    assert Counter(stay.outcome for stay in stays) == {"connected": 1, "abandoned": 2}
    assert figures["talk_us"] == sum(stay.talk_us for stay in stays) == CallRecord.get(CallRecord.call == "c1").talk_us
    assert figures["offered"] == len(stays)


def test_reports_are_by_agent_and_number_and_formula(log_in: LogIn, live: LiveCalls) -> None:
    """REP-1: lines by agent have the agent's own calls and occupancy; the formula and threshold are selectable."""
    three_calls(live)
    supervisor = log_in("supervisor@acme")
    by_agent = {line["key"]: line for line in supervisor.get(query(by="agent")).json["lines"]}
    assert (by_agent["acme-a1"]["name"], by_agent["acme-a1"]["figures"]["offered"]) == ("acme agent 1", 1)
    assert 0 < by_agent["acme-a1"]["figures"]["occupancy"] <= 1
    (number,) = supervisor.get(query(by="number")).json["lines"]
    assert (number["key"], number["figures"]["offered"]) == ("400acme", 3)
    assert supervisor.get(query(formula="connected")).json["total"]["service_level"] == 1
    assert supervisor.get(query(formula="offered")).json["total"]["service_level"] == 1 / 3


def test_callers_who_call_again_are_counted(log_in: LogIn, live: LiveCalls) -> None:
    """REP-1: a connected call repeats when the caller had called in the day before; the first call does not."""
    live.online("acme", "acme-a1")
    for call in ("c1", "c2"):
        live.wait("acme", call, caller="13912345678")
        live.talk("acme", call)
        live.hang_up("acme", call)
        log_in("agent@acme").post("/agents/acme-a1/wrap-up/finish")
        live.online("acme", "acme-a1")
    live.write_records("acme")
    first = CallRecord.get(CallRecord.call == "c1")
    for table, column in ((CallRecord, CallRecord.id), (QueueStay, QueueStay.record)):
        table.update(arrived=first.arrived - 3_600_000_000).where(column == first.id).execute()
    total = log_in("supervisor@acme").get(query()).json["total"]
    assert (total["connected"], total["repeated"], total["repeat_rate"]) == (2, 1, 0.5)


def test_reports_are_saved_with_their_formula(log_in: LogIn, live: LiveCalls) -> None:
    """REP-1: the file names the formula beside the service level; it has the page's lines."""
    three_calls(live)
    saved = log_in("supervisor@acme").get(query(by="queue").replace("/reports?", "/reports/export?"))
    heading, line, total = csv.reader(saved.text.removeprefix("\ufeff").splitlines())
    assert "服务水平 (占呼入, 按队列设置)" in heading
    assert (line[1], line[2], line[heading.index("放弃")]) == ("acme q1", "3", "2")
    assert (total[0], total[2:]) == ("合计", line[2:])


def test_impossible_reports_are_refused(log_in: LogIn, live: LiveCalls) -> None:  # noqa: ARG001
    """REP-1: an end before the beginning, too many lines, an unknown step: said which field, nothing computed."""
    supervisor = log_in("supervisor@acme")
    since, until = today()
    backwards = supervisor.get(f"/reports?from={until}&to={since}")
    assert (backwards.status_code, list(backwards.json["error"]["fields"])) == (422, ["to"])
    endless = supervisor.get(f"/reports?from=0&to={until}&step=hour")
    assert (endless.status_code, list(endless.json["error"]["fields"])) == (422, ["step"])
    assert supervisor.get(query(step="decade")).status_code == 422
    assert log_in("agent@acme").get(query()).status_code == 403


def test_more_lines_than_a_page_shows_are_a_file(
    log_in: LogIn, live: LiveCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REP-1: a page refuses more lines than it may show and says what to do; the file has them all."""
    three_calls(live)
    supervisor = log_in("supervisor@acme")
    monkeypatch.setattr(reports, "MOST_LINES", 0)
    answer = supervisor.get(query(by="queue"))
    assert answer.status_code == 422
    assert "超过 0 行" in answer.json["error"]["fields"]["step"]
    assert supervisor.get(query(by="queue").replace("/reports?", "/reports/export?")).status_code == 200


def test_what_nobody_would_wait_for_is_not_begun(
    log_in: LogIn, live: LiveCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REP-1: neither a page nor a file counts more calls than a proxy waits for; it says what to do."""
    three_calls(live)
    supervisor = log_in("supervisor@acme")
    monkeypatch.setattr(report_limits, "MOST_CALLS", 2)
    for path in (
        query(tag="vip", number="4001"),
        query(tag="vip", number="4001").replace("/reports?", "/reports/export?"),
    ):
        answer = supervisor.get(path)
        assert answer.status_code == 422
        assert "请选择更短的时间或减少筛选条件" in answer.json["error"]["fields"]["to"]
    assert "正在汇总" in supervisor.get(query()).json["error"]["fields"]["to"]
    monkeypatch.setattr(report_limits, "MOST_CALLS", 3)
    assert supervisor.get(query(tag="vip", number="4001")).status_code == 200


def test_reports_are_the_tenants_own(log_in: LogIn, live: LiveCalls) -> None:
    """SAFE-3: another tenant's calls are in no report."""
    three_calls(live)
    assert log_in("supervisor@other").get(query()).json["total"]["offered"] == 0


def test_the_calls_behind_a_line_are_found(log_in: LogIn, live: LiveCalls) -> None:
    """REP-1: drill-down: a line's time, queue and agent lead to exactly its calls."""
    three_calls(live)
    supervisor = log_in("supervisor@acme")
    since, until = today()
    calls = supervisor.get(f"/calls?left_from={since}&left_to={until}&queue=q1").json["items"]
    assert {call["call"] for call in calls} == {"c1", "c2", "c3"}
    connected = supervisor.get(f"/calls?left_from={since}&left_to={until}&agent=acme-a1").json["items"]
    assert [call["call"] for call in connected] == ["c1"]
    assert supervisor.get(f"/calls?left_from={until}").json["items"] == []


def test_every_figure_leads_to_its_calls(log_in: LogIn, live: LiveCalls) -> None:
    """REP-1: of each line and of the total, the list has the calls that are counted, and says how many times."""
    three_calls(live)
    log_in("agent@acme").post("/calls/c1/forms/me/close", json={"tags": ["vip"]})
    supervisor = log_in("supervisor@acme")
    since, until = today()
    for by in ("total", "queue", "agent", "group", "number", "tag"):
        report = supervisor.get(query(by=by)).json
        for key, figures in [(line["key"], line["figures"]) for line in report["lines"]] + [("", report["total"])]:
            for figure in ("offered", "connected", "abandoned", "other", "within", "handled", "placed", "scored"):
                asked = query(by=by, figure=figure, **({"key": key} if key else {}))
                behind = supervisor.get(asked.replace("/reports?", "/reports/behind?")).json
                assert behind["times"] == figures[figure], (by, key, figure)
                listed = supervisor.get(
                    asked.replace("/reports?", "/calls?")
                    .replace("from=", "left_from=")
                    .replace("&to=", "&left_to=")
                    .replace("&by=", "&limit=200&by=")
                ).json["items"]
                assert len(listed) == behind["calls"], (by, key, figure)
    assert supervisor.get(f"/calls?left_from={since}&left_to={until}&figure=handled").json["items"][0]["call"] == "c1"


def test_reports_are_of_a_group(log_in: LogIn, live: LiveCalls) -> None:
    """REP-1: agents of the groups chosen only; a group without anybody has no figures."""
    three_calls(live)
    supervisor = log_in("supervisor@acme")
    (line,) = supervisor.get(query(by="group")).json["lines"]
    assert supervisor.get(query(by="agent", group=line["key"])).json["total"]["handled"] == 1
    assert supervisor.get(query(by="agent", group="nobody here")).json["total"]["handled"] == 0


def test_reports_are_of_calls_with_a_tag_or_result(log_in: LogIn, live: LiveCalls) -> None:
    """REP-1, WEB-2: only calls that an agent gave it; the lines add up to the calls that the list finds."""
    three_calls(live)
    agent, supervisor = log_in("agent@acme"), log_in("supervisor@acme")
    agent.post("/calls/c1/forms/me/close", json={"tags": ["invoice", "vip"]})
    for wanted, count in (({"tag": "invoice"}, 1), ({"tag": "nothing"}, 0), ({"disposition": "sold"}, 0), ({}, 3)):
        report = supervisor.get(query(by="total", **wanted)).json
        assert report["total"]["offered"] == count, wanted
        assert len(supervisor.get("/calls", query_string=wanted).json["items"]) == count
