"""The wallboards at one moment, live calls, records and the state log, through the API."""

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

from openpyxl import load_workbook

from orchestrator.domain.config import TenantConfig
from tests.web.companies import config_of
from tests.web.conftest import LogIn
from tests.web.live_calls import LiveCalls


def test_seat_board(log_in: LogIn, live: LiveCalls) -> None:
    """WALL-1: a row an agent, with state, device, call and today's count."""
    live.online("acme", "acme-a1")
    live.wait("acme", "c1", caller="13912345678")
    live.talk("acme", "c1")
    board = log_in("supervisor@acme").get("/boards/seats").json
    row, other = board["rows"]
    assert (row["name"], row["state"], row["registered"], row["mode"]) == ("acme agent 1", "in_call", True, "web")
    assert (row["call"], row["queue"], row["caller"], row["connected_in"]) == ("c1", "q1", "13912345678", 1)
    assert (other["state"], other["call"], other["registered"]) == ("offline", None, False)
    assert board["sequence"] > 0
    assert row["since"] <= board["now"]


def test_seats_tell_what_is_recorded(log_in: LogIn, live: LiveCalls, publish: Callable[[TenantConfig], None]) -> None:
    """WALL-1, REC-1: a recorded call has its mark on the agent's row, and the pause is seen there."""
    publish(replace(config_of("acme"), version=2, record=True))
    live.online("acme", "acme-a1")
    live.wait("acme", "c1")
    supervisor, agent = log_in("supervisor@acme"), log_in("agent@acme")
    assert supervisor.get("/boards/seats").json["rows"][0]["recording"] is None
    live.talk("acme", "c1")
    assert supervisor.get("/boards/seats").json["rows"][0]["recording"] == "recorded"
    assert agent.post("/calls/c1/recording/pause").status_code == 200
    assert supervisor.get("/boards/seats").json["rows"][0]["recording"] == "paused"


def test_queue_board_agrees_with_the_records(log_in: LogIn, live: LiveCalls) -> None:
    """WALL-2, WALL-4: the board's figures are those of the call records."""
    live.wait("acme", "gave-up")
    live.hang_up("acme", "gave-up")
    live.online("acme", "acme-a1")
    live.wait("acme", "taken")
    live.talk("acme", "taken")
    live.wait("acme", "waits")
    supervisor = log_in("supervisor@acme")
    row, empty = supervisor.get("/boards/queues").json["rows"]
    assert (row["waiting"], row["ready"], row["offered"], row["connected"], row["abandoned"]) == (1, 0, 2, 1, 1)
    assert (row["short"], row["abandonment_rate"], row["service_level"]) == (1, 0.5, 0.5)
    assert (empty["offered"], empty["service_level"]) == (0, None)
    live.hang_up("acme", "taken")
    live.write_records("acme")
    outcomes = [call["outcome"] for call in supervisor.get("/calls").json["items"]]
    assert (outcomes.count("connected"), outcomes.count("abandoned")) == (row["connected"], row["abandoned"])


def test_live_calls(log_in: LogIn, live: LiveCalls) -> None:
    """WALL-1: calls that are not over, with who is being asked."""
    live.online("acme", "acme-a1")
    live.wait("acme", "c1")
    live.wait("acme", "c2")
    first, second = log_in("supervisor@acme").get("/calls/live").json["items"]
    assert (first["id"], first["state"], first["agent"], first["queue"]) == ("c1", "offered", "acme-a1", "q1")
    assert (second["id"], second["state"], second["agent"]) == ("c2", "waiting", None)


def two_calls(live: LiveCalls) -> None:
    """One call taken by agent 1, one that nobody took."""
    live.wait("acme", "gave-up", caller="13700000000")
    live.hang_up("acme", "gave-up")
    live.online("acme", "acme-a1")
    live.wait("acme", "taken", caller="13912345678")
    live.talk("acme", "taken")
    live.hang_up("acme", "taken")
    live.write_records("acme")


def test_call_records_can_be_searched(log_in: LogIn, live: LiveCalls) -> None:
    """CDR-1: by outcome, agent, queue, number and time; several values of one filter mean any of them."""
    two_calls(live)
    supervisor = log_in("supervisor@acme")

    def found(query: str) -> set[str]:
        return {call["call"] for call in supervisor.get(f"/calls?{query}").json["items"]}

    assert found("") == {"taken", "gave-up"}
    assert found("outcome=connected") == {"taken"}
    assert found("outcome=connected&outcome=abandoned") == {"taken", "gave-up"}
    assert found("agent=acme-a1") == {"taken"}
    assert found("agent=acme-a2") == set()
    assert found("queue=q1&number=1391") == {"taken"}
    next_century = 4_102_444_800_000_000  # us UTC
    assert found(f"from={next_century}") == set()
    assert found(f"to={next_century}") == {"taken", "gave-up"}


def test_call_records_are_paged(log_in: LogIn, live: LiveCalls) -> None:
    """API-1: cursors lead through all pages; one that nobody handed out is refused."""
    two_calls(live)
    supervisor = log_in("supervisor@acme")
    first = supervisor.get("/calls?limit=1").json
    second = supervisor.get(f"/calls?limit=1&cursor={first['next']}").json
    assert {first["items"][0]["call"], second["items"][0]["call"]} == {"taken", "gave-up"}
    assert second["next"] is None
    assert supervisor.get("/calls?cursor=made-up").json["error"]["id"] == "bad_cursor"


def test_call_record_with_its_parts(log_in: LogIn, live: LiveCalls) -> None:
    """CDR-1: a record holds its queue stays and every offer; the story tells events in order (OPS-1)."""
    two_calls(live)
    supervisor = log_in("supervisor@acme")
    call = supervisor.get("/calls/taken").json
    assert [(stay["queue"], stay["outcome"]) for stay in call["stays"]] == [("q1", "connected")]
    assert [(offer["agent"], offer["result"]) for offer in call["offers"]] == [("acme-a1", "accepted")]
    choice = call["offers"][0]["choice"]
    assert [(candidate["agent"], candidate["verdict"]) for candidate in choice["candidates"]] == [("acme-a1", "chosen")]
    assert choice["standings"]["ready"] == 1
    assert [leg["role"] for leg in call["legs"]] == ["caller", "agent"]
    types = [event["type"] for event in supervisor.get("/calls/taken/story").json["items"]]
    assert types[0] == "call_arrived"
    assert {"queue_entered", "commands_decided", "connected"} < set(types)
    assert types.index("queue_entered") < types.index("connected") < types.index("call_ended")
    assert supervisor.get("/calls/nothing").status_code == 404
    assert supervisor.get("/calls/nothing/story").status_code == 404


def test_agents_see_their_own_calls(log_in: LogIn, live: LiveCalls) -> None:
    """ROLE-1: with the data scope *own* others' calls don't exist, whatever the filter asks for."""
    two_calls(live)
    agent, other = log_in("agent@acme"), log_in("agent2@acme")
    assert [call["call"] for call in agent.get("/calls").json["items"]] == ["taken"]
    assert agent.get("/calls/taken").status_code == 200
    assert agent.get("/calls/gave-up").status_code == 404
    assert other.get("/calls?agent=acme-a1").json["items"] == []
    assert other.get("/calls/taken").status_code == 404
    assert other.get("/calls/taken/story").status_code == 404


def test_state_log(log_in: LogIn, live: LiveCalls) -> None:
    """LOG-1: newest first, no gap, who caused it; the present interval has no end; filters include or exclude."""
    supervisor = log_in("supervisor@acme")
    live.register("acme", "acme-a1")
    supervisor.post("/agents/acme-a1/state", json={"state": "online"})
    supervisor.post("/agents/acme-a1/state", json={"state": "break", "reason": "lunch"})
    live.write_records("acme")
    newest, before = supervisor.get("/state-log?agent=acme-a1&limit=2").json["items"]
    assert (newest["state"], newest["reason"], newest["ended"], newest["duration_us"]) == ("break", "lunch", None, None)
    assert (before["state"], before["ended"]) == ("online", newest["started"])
    assert (newest["agent_name"], newest["by_name"]) == ("acme agent 1", "Supervisor@Acme")
    others = supervisor.get("/state-log?agent=acme-a1&without_agents=true").json["items"]
    assert {row["agent"] for row in others} == {"acme-a2"}
    without = supervisor.get("/state-log?state=offline&without_states=true").json["items"]
    assert {row["state"] for row in without} == {"online", "break"}


def test_agents_see_their_own_state_log(log_in: LogIn, live: LiveCalls) -> None:
    """ROLE-1: with the data scope *own* the log holds the own intervals only; of others there is nothing."""
    live.write_records("acme")
    agent = log_in("agent@acme")
    for query, whose in (("", {"acme-a1"}), ("?agent=acme-a2", set()), ("?agent=acme-a1&without_agents=true", set())):
        assert {row["agent"] for row in agent.get(f"/state-log{query}").json["items"]} == whose


def test_the_state_log_asks_for_devices_and_causes(log_in: LogIn, live: LiveCalls) -> None:
    """LOG-1: the device's state and what began an interval narrow the log; a device that is neither is refused."""
    supervisor = log_in("supervisor@acme")
    live.online("acme", "acme-a1")
    live.write_records("acme")
    with_device = supervisor.get("/state-log?device=registered").json["items"]
    assert {(row["agent"], row["registered"]) for row in with_device} == {("acme-a1", True)}
    chosen = supervisor.get("/state-log?cause=chosen&cause=mode").json["items"]
    assert [(row["agent"], row["state"], row["cause"]) for row in chosen] == [("acme-a1", "online", "chosen")]
    assert supervisor.get("/state-log?device=lost").status_code == 422


def test_the_state_log_is_saved_in_the_users_words(log_in: LogIn, live: LiveCalls) -> None:
    """LOG-1: CSV and XLSX hold what the filter shows, in the user's language; what lasts has no end and no length."""
    supervisor = log_in("supervisor@acme")
    supervisor.post("/agents/acme-a1/state", json={"state": "break", "reason": "lunch"})
    live.write_records("acme")
    saved = supervisor.get("/state-log/export?agent=acme-a1&state=break", headers={"Accept-Language": "zh"})
    assert saved.headers["Content-Disposition"] == 'attachment; filename="state-log.csv"'
    heading, line = csv.reader(saved.text.removeprefix("\ufeff").splitlines())
    assert heading[:3] == ["客服", "状态", "原因"]
    assert (line[0], line[1], line[2], line[6], line[7]) == ("acme agent 1", "小休", "lunch", "-", "-")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", line[5])
    book = load_workbook(BytesIO(supervisor.get("/state-log/export?format=xlsx&agent=acme-a1").data))
    assert [cell.value for cell in book.worksheets[0][2]][:2] == ["acme agent 1", "小休"]
    assert log_in("agent2@acme").get("/state-log/export?agent=acme-a1").text.count("\n") == 1
    assert log_in("agent@acme").get("/state-log/export?agent=acme-a1").text.count("\n") > 1
