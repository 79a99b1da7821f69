"""Exports over the API: whose they are, what they may hold, how they are saved (API-1, ROLE-1, SAFE-3)."""

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from orchestrator.database.models import AuditRow, Export, User
from orchestrator.store.news import News, Told
from tests.web.conftest import LiveCalls, LogIn, Person
from tests.web.watchers import NotingRooms
from webui.app import Web
from webui.newsroom import Newsroom, person_room
from workers.exports import ExportMaker


def waiting(redis: "Redis") -> list[list[str]]:
    return [list(job.args) for job in Queue("reports", connection=redis, serializer=JSONSerializer).jobs]


@pytest.fixture
def make(web: Web) -> ExportMaker:
    """The worker."""
    return ExportMaker(web.services.exports._store, News(web.services.redis), web.services.clock.now)


def ask(person: Person, path: str = "/exports/calls", **body: str) -> dict[str, object]:
    answer = person.post(path, json=body)
    assert answer.status_code == 202, answer.text
    return dict(answer.json)


def test_a_list_is_asked_for_made_and_saved(log_in: LogIn, live: LiveCalls, make: ExportMaker, redis: "Redis") -> None:
    """API-1: with the list's own filters; the answer comes at once, the file later, by a safe name, for a while."""
    live.wait("acme", "c1")
    live.hang_up("acme", "c1")
    live.wait("acme", "c2", caller="13900139000")
    live.hang_up("acme", "c2")
    live.write_records("acme")
    supervisor = log_in("supervisor@acme")
    asked = ask(supervisor, "/exports/calls?number=139&outcome=abandoned", format="csv")
    assert (asked["status"], asked["lines"], asked["total"]) == ("waiting", 0, None)
    assert waiting(redis) == [["acme", asked["export"]]]
    early = supervisor.get(f"/exports/{asked['export']}/file")
    assert (early.status_code, early.json["error"]["id"]) == (409, "export_not_ready")
    make.make("acme", str(asked["export"]))
    [shown] = supervisor.get("/exports").json["items"]
    assert (shown["status"], shown["lines"], shown["total"]) == ("done", 1, 1)
    saved = supervisor.get(f"/exports/{asked['export']}/file")
    assert (saved.status_code, saved.content_type, saved.content_length) == (
        200, "text/csv; charset=utf-8", shown["size"],
    )  # fmt: skip
    assert saved.headers["Content-Disposition"].startswith("attachment; filename=calls-20")
    assert "13900139000" in saved.text
    assert "13800138000" not in saved.text
    acts = [(row.area, row.who, row.after.get("act")) for row in AuditRow.select().order_by(AuditRow.id)]
    me = str(User.get(User.login == "supervisor@acme").id)
    assert acts == [("exports", me, None), ("exports", me, "download")]


def test_nobody_else_has_it(log_in: LogIn, make: ExportMaker, live: LiveCalls) -> None:  # noqa: ARG001
    """SAFE-3: not the administrator of the same company, not another company; each sees the own ones only."""
    owner = log_in("supervisor@acme")
    export = ask(owner)["export"]
    make.make("acme", str(export))
    for other in (log_in("admin@acme"), log_in("supervisor@other")):
        assert other.get("/exports").json["items"] == []
        for method, path in (("get", ""), ("get", "/file"), ("post", "/cancel"), ("delete", "")):
            assert getattr(other, method)(f"/exports/{export}{path}").status_code == 404
    assert owner.get(f"/exports/{export}/file").status_code == 200


def test_rights_hold_when_it_is_saved_too(log_in: LogIn, make: ExportMaker, live: LiveCalls) -> None:  # noqa: ARG001
    """ROLE-1: agents can't export; who asks needs the list's right as well, and still has it on saving."""
    assert log_in("agent@acme").post("/exports/calls", json={}).status_code == 403
    supervisor = log_in("supervisor@acme")
    refused = supervisor.post("/exports/charges", json={})
    assert (refused.status_code, refused.json["error"]["id"]) == (403, "forbidden")
    admin = log_in("admin@acme")
    export = ask(admin, "/exports/charges?month=2026-11", format="xlsx")["export"]
    make.make("acme", str(export))
    assert admin.get(f"/exports/{export}/file").status_code == 200
    User.update(role="supervisor").where(User.login == "admin@acme").execute()
    assert admin.get(f"/exports/{export}/file").status_code == 403


def test_scope_is_that_of_who_asks(log_in: LogIn) -> None:
    """ROLE-1: whoever sees some agents' records exports those; the filter is settled when it is asked for."""
    admin = log_in("admin@acme")
    role = {"name": "Team", "grants": {"records.view": "group", "records.export": "all"}}
    made = admin.post("/team/roles", json=role)
    assert made.status_code == 201, made.text
    User.update(role=made.json["key"], leads=["East"]).where(User.login == "agent2@acme").execute()
    ask(log_in("agent2@acme"))
    assert Export.get().wanted["agents"] == ["acme-a1", "acme-a2"]


def test_it_is_cancelled_and_removed(log_in: LogIn, make: ExportMaker, live: LiveCalls) -> None:  # noqa: ARG001
    """API-1: what waits is given up; what is made stays until it is removed, with its file; five wait at most."""
    admin = log_in("admin@acme")
    exports = [ask(admin)["export"] for _ in range(5)]
    full = admin.post("/exports/states", json={})
    assert (full.status_code, full.json["error"]["id"]) == (409, "too_many_exports")
    assert "5" in full.json["error"]["message"]
    assert admin.post(f"/exports/{exports[0]}/cancel").json["status"] == "cancelled"
    make.make("acme", str(exports[0]))
    assert admin.get(f"/exports/{exports[0]}").json["status"] == "cancelled"
    make.make("acme", str(exports[1]))
    assert admin.post(f"/exports/{exports[1]}/cancel").json["status"] == "done"
    assert admin.delete(f"/exports/{exports[1]}").status_code == 204
    assert admin.get(f"/exports/{exports[1]}").status_code == 404
    make.make("acme", str(exports[1]))
    assert Export.select().count() == 4


def test_a_download_that_broke_off_goes_on(log_in: LogIn, make: ExportMaker) -> None:
    """API-1: by Range, of the same file only; an old link says that the file is gone and what to do."""
    admin = log_in("admin@acme")
    export = ask(admin)["export"]
    make.make("acme", str(export))
    path = f"/exports/{export}/file"
    whole = admin.get(path)
    assert (whole.status_code, whole.headers["Accept-Ranges"]) == (200, "bytes")
    rest = admin.get(path, headers={"Range": "bytes=7-", "If-Range": whole.headers["ETag"]})
    assert (rest.status_code, whole.data[:7] + rest.data) == (206, whole.data)
    assert rest.headers["Content-Range"] == f"bytes 7-{len(whole.data) - 1}/{len(whole.data)}"
    other = admin.get(path, headers={"Range": "bytes=7-", "If-Range": '"another"'})
    assert (other.status_code, other.data) == (200, whole.data)
    assert admin.get(path, headers={"Range": f"bytes={len(whole.data)}-"}).status_code == 416
    Export.delete().execute()
    gone = admin.get(path, headers={"Accept-Language": "en"}).json["error"]
    assert (gone["id"], "Export the list again" in gone["message"]) == ("export_gone", True)


def test_progress_goes_to_the_persons_pages() -> None:
    """API-1: what a worker tells goes to the pages of that person alone."""
    rooms = NotingRooms()
    told = Told(tenant="acme", person="7", event="export", data={"export": "x"})
    Newsroom(News(None), rooms).pass_on(told)  # type: ignore[arg-type]  # nothing is asked of Redis
    assert rooms.heard == [(person_room("acme", "7"), "export", {"export": "x"})]
